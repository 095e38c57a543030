#pragma once
/// The inside of lower_table. Inside src/lang/esql only.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lang/esql/lowering_state.h"
#include "lang/esql/table_lowering.h"

namespace trailhound::esql {

class TableLowering {
 public:
  TableLowering(const BoundQuery& query, Reporter& reporter, const LoweringOptions& options = {})
      : query_(query), reporter_(reporter), options_(options), expressions_(query, options_, reporter) {
    expressions_.in_table_ = true;
    expressions_.stage_ = Lowering::Stage::rows;
  }
  TableLowering(const TableLowering&) = delete;
  TableLowering& operator=(const TableLowering&) = delete;

  [[nodiscard]] std::optional<plan::Pipeline> run();
  [[nodiscard]] std::optional<plan::Plan> run_for_rule();

 private:
  /// Stands for the numbers of the hits behind a row; rules only.
  static constexpr AttributeId kLineage = 0xFFFF'FFFF;

  using Attributes = std::set<AttributeId>;

  // ---- what is needed
  void collect(const BoundPtr& expression, Attributes& into) const;
  void find_needs();
  void find_needs_before(const BoundStep& step, Attributes& needed) const;
  [[nodiscard]] std::vector<bool> needed_among(const std::vector<BoundEval::Assignment>& assignments) const;

  // ---- rules (table_lowering_rule.cc)
  void find_identity();
  [[nodiscard]] std::size_t lower_query(plan::Query& query);

  // ---- commands
  void lower_steps(std::size_t first);
  void define_source_columns(std::size_t used, const std::function<void(plan::Expr, const std::string&)>& take);
  [[nodiscard]] std::size_t lower_source();
  void lower_step(const BoundStep& step);
  void lower_assignments(const std::vector<BoundEval::Assignment>& assignments);
  void lower_sort(const BoundSort& sort);
  void lower_limit(const BoundLimit& limit);
  void lower_expand(const BoundExpand& expand);
  void lower_extract(const BoundExtract& extract);
  void lower_join(const BoundJoin& join);

  // ---- STATS (table_lowering_stats.cc)
  void lower_stats(const BoundStats& stats);
  void define_key(const Attribute& key, std::uint32_t column);
  /// From column `first` on.
  void define_measures(std::uint32_t first);
  void lower_aggregate(const BoundStats::Aggregate& aggregate, plan::AggregateRows& rows);
  void add_to_rows(const BoundStats& stats, plan::AggregateRows&& rows);
  void replace_rows(const BoundStats& stats, plan::AggregateRows&& rows);
  [[nodiscard]] std::uint32_t key_column(const Bound& key, plan::AggregateRows& rows, bool keeps_rows);
  [[nodiscard]] static plan::SortRows order_of_filled(const plan::AggregateRows& rows, const BoundStats& stats);
  void lower_measures(const BoundPtr& value, std::int32_t filter, plan::AggregateRows& rows);
  [[nodiscard]] bool lower_measure(const Bound& call, std::int32_t filter, plan::AggregateRows& rows);
  /// Constants among an aggregate's arguments. False if one is wrong, which was reported.
  [[nodiscard]] bool read_percent(const Bound& call, plan::AggregateRows::Measure& measure);
  [[nodiscard]] bool read_limit(const Bound& call, plan::AggregateRows::Measure& measure);
  [[nodiscard]] bool read_order(const Bound& call, plan::AggregateRows::Measure& measure);

  // ---- columns of the row
  void emit(plan::TableCommand command);
  void define(AttributeId id, const std::string& name, LogicalType type);
  void define_as(const Attribute& target, const plan::Expr& expression);
  [[nodiscard]] std::uint32_t append_column(plan::Expr expression);
  [[nodiscard]] std::uint32_t column_of(const plan::Expr& expression);
  std::map<std::uint32_t, std::uint32_t> drop_unneeded(
      const std::function<void(const std::function<void(std::uint32_t)>&)>& keep_more);

  const BoundQuery& query_;
  Reporter& reporter_;
  LoweringOptions options_;
  Lowering expressions_;
  plan::Pipeline pipeline_;
  std::vector<Attributes> needed_after_;  ///< one a step
  Attributes needed_at_start_;
  bool for_rule_ = false;
  std::vector<AttributeId> identity_;   ///< of a rule's rows
  bool once_ = false;                   ///< the identity is an event
  const Attributes* needed_ = nullptr;  ///< behind the command that is being lowered
  LineColumn at_;
  std::uint32_t width_ = 0;                                       ///< of the row at this place
  std::vector<std::pair<const Bound*, std::uint32_t>> measured_;  ///< aggregates of this command
};

}  // namespace trailhound::esql
