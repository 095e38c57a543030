#pragma once
/// The lowering's inside. Inside src/lang/esql only. A null Expr means: refused, and reported.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lang/esql/lowering.h"

namespace trailhound::esql {

class Lowering {
 public:
  Lowering(const BoundQuery& query, const LoweringOptions& options, Reporter& reporter)
      : query_(query), options_(options), reporter_(reporter) {}

  [[nodiscard]] std::optional<plan::Plan> run();

 private:
  friend class TableLowering;  // lowers expressions over its rows through this class

  /// Which rows expressions are over.
  enum class Stage : std::uint8_t { events, rows };
  struct Definition {
    plan::Expr expression;  ///< null if it could not be lowered
    std::size_t size = 1;
  };
  using Definitions = std::map<AttributeId, Definition>;
  struct SpecialFunction {
    std::string_view name;
    plan::Expr (Lowering::*lower)(const Bound& e);
  };

  // ---- pipeline (lowering.cc)
  void define_sources();
  void lower_step(const BoundStep& step);
  void lower_filter(const BoundFilter& filter);
  void lower_eval(const BoundEval& eval);
  void lower_stats(const BoundStats& stats, const BoundStep& step);
  void lower_extract(const BoundExtract& extract);
  void lower_limit(const BoundLimit& limit, const BoundStep& step);
  void register_measures(const Bound& value, const std::string& name, std::optional<std::uint32_t> filter, bool whole);
  void register_measure(const Bound& call, const std::string& name, std::optional<std::uint32_t> filter);
  [[nodiscard]] std::uint32_t argument_index(plan::Expr expression, const std::string& name);
  void find_bucket();
  [[nodiscard]] plan::Plan finish_rows();
  [[nodiscard]] plan::Plan finish_events();
  [[nodiscard]] plan::Expr filter_of(std::vector<plan::Expr> conditions) const;

  // ---- expressions (lowering_expression.cc)
  [[nodiscard]] plan::Expr cell(const Bound& e);  ///< whole cell
  /// One value or null. Several are a warning of the expression `user` that wants one.
  [[nodiscard]] plan::Expr scalar(const Bound& e, const Bound& user);
  [[nodiscard]] plan::Expr predicate(const Bound& e);  ///< a truth value
  [[nodiscard]] plan::Expr lower_attribute(const Bound& e);
  [[nodiscard]] plan::Expr lower_constant(const Bound& e);
  [[nodiscard]] plan::Expr lower_comparison(const Bound& e);
  [[nodiscard]] plan::Expr compare(const Bound& e, plan::ComparisonOp op, const Bound& left, const Bound& right);
  [[nodiscard]] plan::Expr lower_logic(const Bound& e);
  [[nodiscard]] plan::Expr lower_like(const Bound& e);
  [[nodiscard]] plan::Expr lower_in(const Bound& e);
  [[nodiscard]] plan::Expr lower_call(const Bound& e);
  [[nodiscard]] plan::Expr lower_cidr_match(const Bound& e);
  [[nodiscard]] plan::Expr lower_case(const Bound& e);
  [[nodiscard]] plan::Expr lower_plain_call(const Bound& e, plan::Function function);
  // lowering_conversion.cc
  /// A value of type `from` where one of type `to` is wanted, element by element.
  [[nodiscard]] plan::Expr converted(plan::Expr expression, LogicalType from, LogicalType to, const Bound& e);
  [[nodiscard]] plan::Expr lower_cast(const Bound& e);
  [[nodiscard]] plan::Expr lower_conversion(const Bound& e);
  [[nodiscard]] plan::Expr lower_arithmetic(const Bound& e);
  [[nodiscard]] plan::Expr lower_span_arithmetic(const Bound& e);
  // lowering_date.cc
  [[nodiscard]] plan::Expr lower_now(const Bound& e);
  [[nodiscard]] plan::Expr lower_mv_pattern(const Bound& e);
  [[nodiscard]] plan::Expr lower_mv_in_range(const Bound& e);
  [[nodiscard]] plan::Expr lower_mv_compare(const Bound& e);
  [[nodiscard]] plan::Expr lower_constant_number(const Bound& e);
  [[nodiscard]] plan::Expr lower_date_trunc(const Bound& e);
  [[nodiscard]] plan::Expr truncated(const Bound& e, const Bound& span, const Bound& date);
  [[nodiscard]] plan::Expr truncated_to(const Bound& e, const Span& span, const Bound& date);
  [[nodiscard]] plan::Expr lower_date_text(const Bound& e);
  [[nodiscard]] plan::Expr lower_local_date(const Bound& e);
  [[nodiscard]] plan::Expr lower_date_diff(const Bound& e);
  // lowering_bucket.cc
  [[nodiscard]] plan::Expr lower_bucket(const Bound& e);
  [[nodiscard]] std::optional<Values> bucket_starts(const Bound& e);
  [[nodiscard]] plan::Expr bucket_of_date(const Bound& e, double count);
  [[nodiscard]] plan::Expr bucket_in_range(const Bound& e, double count);
  [[nodiscard]] plan::Expr bucket_of_number(const Bound& e, double width);
  [[nodiscard]] std::optional<std::int64_t> date_of(const Bound& e) const;
  /// A date as the clock of the query's time zone shows it, and back.
  [[nodiscard]] plan::Expr to_local(plan::Expr date, LogicalType type, const Bound& e);
  [[nodiscard]] plan::Expr from_local(plan::Expr date, LogicalType type, const Bound& e);
  /// A span without months in microseconds; nothing when it has months or does not fit.
  [[nodiscard]] static std::optional<std::int64_t> fixed_micros(const Span& span);
  [[nodiscard]] plan::Expr as_predicate(plan::Expr expression, const Bound& e);
  [[nodiscard]] bool may_hold_several(const plan::Expr& expression) const;
  [[nodiscard]] static plan::Domain domain_of(LogicalType a, LogicalType b);
  plan::Expr refuse(const Bound& e, const std::string& what, std::string hint = {});
  template <class Node>
  [[nodiscard]] plan::Expr make(Node node, const Bound& e) {
    return make(std::move(node), e.type, e);
  }
  template <class Node>
  [[nodiscard]] plan::Expr make(Node node, LogicalType type, const Bound& e) {
    ++built_;
    return plan::make(std::move(node), type, e.at, static_cast<std::uint32_t>(e.source.size()));
  }

  const BoundQuery& query_;
  const LoweringOptions& options_;
  Reporter& reporter_;

  Stage stage_ = Stage::events;
  Definitions events_;  ///< attributes over events
  Definitions rows_;    ///< attributes over STATS rows
  std::vector<plan::Expr> conditions_;
  std::vector<plan::Expr> having_;
  std::set<AttributeId> used_sources_;

  plan::Query plan_query_;
  plan::RunAggregate aggregate_;
  std::map<const Bound*, std::uint32_t> measure_of_;
  /// In a table: any slot may hold several values, and where aggregates are found.
  bool in_table_ = false;
  bool has_room_for_empty_buckets_ = false;  ///< BUCKET's option include_empty_buckets may stand
  std::map<const Bound*, plan::Expr> aggregate_slots_;
  bool aggregates_ = false;
  bool limited_ = false;
  std::size_t built_ = 0;
};

}  // namespace trailhound::esql
