#pragma once
/// The binder's inside. Inside src/lang/esql only.
///
/// A null BoundPtr means: wrong, and already reported. Whoever gets one goes on binding the rest, so that all errors
/// are found, and gives null itself. An attribute whose definition failed has the type null, which fits everywhere.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/esql/binder.h"
#include "lang/esql/known_constants.h"
#include "lang/esql/scope.h"
#include "lang/esql/signature.h"

namespace trailhound::esql {

class Binder {
 public:
  /// `nulls`: columns to be added to the source, null in every row.
  Binder(std::string_view text, const Schema& schema, Reporter& reporter, std::vector<std::string> nulls)
      : lexer_(text), schema_(schema), reporter_(reporter), nulls_(std::move(nulls)) {}

  [[nodiscard]] BoundQuery bind_query(const Query& query);
  /// The first unknown column that the source could have; known after bind_query().
  [[nodiscard]] const std::optional<std::string>& missing() const { return missing_; }

 private:
  /// What may stand in an expression here.
  enum class Place : std::uint8_t { row, aggregates, inside_aggregate, aggregate_filter, grouping, inside_grouping };

  // ---- commands (binder.cc, binder_stats.cc)
  void bind_command(const Command& command);
  [[nodiscard]] bool bind_from(const From& from, BoundStep& step);
  void bind_row(const Row& row, BoundStep& step);
  void add_nulls(const Command& source);
  void bind_show(const Show& show, BoundStep& step);
  void bind_where(const Where& where, BoundStep& step);
  void bind_eval(const std::vector<Field>& fields, BoundStep& step);
  void bind_keep(const Keep& keep);
  void bind_drop(const Drop& drop);
  void bind_rename(const Rename& rename);
  void bind_sort(const Sort& sort, BoundStep& step);
  void bind_limit(const Limit& limit, BoundStep& step);
  void bind_expand(const MvExpand& expand, BoundStep& step);
  void bind_dedup(BoundStep& step);
  void bind_parts(const Extract& extract, BoundStep& step);
  [[nodiscard]] std::optional<std::set<std::string, std::less<>>> part_groups(const Extract& extract,
                                                                              const BoundStep& step);
  void bind_location(const Extract& extract, BoundStep& step);
  void bind_sample(const Sample& sample, BoundStep& step);
  void bind_new_columns(const Command& command);
  void bind_setting(const Setting& setting);

  // ---- commands that add columns (binder_columns.cc)
  void bind_dissect(const Dissect& dissect, BoundStep& step);
  void bind_grok(const Grok& grok, BoundStep& step);
  void bind_extraction(BoundPtr input, const Expression& place, const char* command, plan::Extraction extraction,
                       BoundStep& step);
  void bind_lookup_join(const LookupJoin& join, BoundStep& step);
  void bind_enrich(const Enrich& enrich, BoundStep& step);
  void bind_join_conditions(BoundJoin& join, const std::vector<const Expression*>& conditions);
  [[nodiscard]] bool add_join_key(BoundJoin& join, BoundPtr key, const std::string& table_column, LineColumn place);
  void bind_stats(const Stats& stats, BoundStep& step);
  [[nodiscard]] BoundStats::Key bind_key(const Field& field);
  [[nodiscard]] BoundStats::Aggregate bind_aggregate(const Field& field, const std::vector<BoundStats::Key>& keys);
  /// `1 + BUCKET(x, 10)` where BUCKET(x, 10) is a key.
  [[nodiscard]] BoundPtr with_empty_buckets(const Expression& e, const FunctionCall& node, BoundPtr call);
  [[nodiscard]] BoundPtr bind_key_again(const Expression& e, const FunctionCall& node);
  [[nodiscard]] bool check_aggregate(const BoundPtr& value, const Field& field,
                                     const std::vector<BoundStats::Key>& keys);
  // binder_aggregate.cc
  [[nodiscard]] BoundPtr expand_aggregate(const Expression& e, std::shared_ptr<Bound> call);
  [[nodiscard]] BoundPtr aggregate_of_constant(const Expression& e, const Bound& call, const BoundPtr& constant);
  [[nodiscard]] BoundPtr top_of_constant(const Expression& e, const Bound& call, const BoundPtr& constant) const;
  [[nodiscard]] BoundPtr expand_weighted_average(const Expression& e, const Bound& call);
  [[nodiscard]] std::shared_ptr<Bound> call_of(const Expression& e, std::string_view name, LogicalType type,
                                               std::vector<BoundPtr> arguments) const;
  void define_stats_columns(const BoundStats& bound, const std::vector<Attribute>& keys, const Stats& stats);
  [[nodiscard]] std::optional<AttributeId> origin_of(const BoundPtr& value) const;
  [[nodiscard]] bool resolve_pattern(const NamePattern& pattern, bool in_keep);
  [[nodiscard]] BoundPtr bind_condition(const Expression& expression);

  // ---- names
  [[nodiscard]] const Attribute* resolve(const std::string& name, std::size_t begin);
  [[nodiscard]] const Attribute* resolve_open(const std::string& name);
  [[nodiscard]] Attribute new_attribute(std::string name, LogicalType type);
  void add_source(Attribute attribute, event::ColumnRef column, Value constant = {});

  // ---- expressions (binder_expression.cc, binder_function.cc)
  [[nodiscard]] BoundPtr bind(const Expression& e);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const Literal& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const ArrayLiteral& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const TimeSpan& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const ColumnName& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const Parameter& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const FunctionCall& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const Cast& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const Negate& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const Binary& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const LogicalNot& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const LogicalAnd& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const LogicalOr& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const Like& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const In& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const IsNull& node);
  [[nodiscard]] BoundPtr bind_node(const Expression& e, const MatchField& node);
  [[nodiscard]] BoundPtr bind_list(const Expression& e, Operation operation,
                                   const std::vector<ExpressionPtr>& operands);
  [[nodiscard]] BoundPtr bind_comparison(const Expression& e, Operation operation, BoundPtr left, BoundPtr right);
  [[nodiscard]] BoundPtr bind_arithmetic(const Expression& e, Operation operation, BoundPtr left, BoundPtr right);
  [[nodiscard]] BoundPtr bind_span_arithmetic(const Expression& e, Operation operation, BoundPtr left, BoundPtr right);
  [[nodiscard]] BoundPtr bind_cast(const Expression& e, const BoundPtr& operand, LogicalType type);
  [[nodiscard]] BoundPtr bind_call(const Expression& e, const FunctionSignature& function,
                                   std::vector<BoundPtr> arguments);
  [[nodiscard]] const FunctionSignature* called_function(const Expression& e, const FunctionCall& node);
  [[nodiscard]] std::optional<std::vector<BoundPtr>> bind_arguments(const Expression& e, const FunctionCall& node,
                                                                    const FunctionSignature& function);
  [[nodiscard]] bool add_order_of_time(const Expression& e, const FunctionSignature& function,
                                       std::vector<BoundPtr>& arguments);
  [[nodiscard]] BoundPtr event_time(const Expression& e);
  [[nodiscard]] BoundPtr bind_call_of(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                                      std::vector<BoundPtr> arguments);
  [[nodiscard]] BoundPtr bind_bucket(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                                     std::vector<BoundPtr> arguments);
  [[nodiscard]] BoundPtr bind_to_ip(const Expression& e, const FunctionCall& node, const FunctionSignature& function,
                                    std::vector<BoundPtr> arguments);
  // binder_multivalue.cc
  [[nodiscard]] static bool compares_any(std::string_view function);
  [[nodiscard]] BoundPtr bind_compare_any(const Expression& e, const FunctionCall& node,
                                          const FunctionSignature& function, std::vector<BoundPtr> arguments);
  // binder_date.cc
  [[nodiscard]] static std::string_view date_part_of(std::string_view function);
  [[nodiscard]] BoundPtr bind_date_part(const Expression& e, std::string_view part, const FunctionSignature& function,
                                        std::vector<BoundPtr> arguments);
  [[nodiscard]] BoundPtr bind_date_parse(const Expression& e, const FunctionCall& node,
                                         const FunctionSignature& function, std::vector<BoundPtr> arguments);
  [[nodiscard]] BoundPtr bind_trange(const Expression& e, const FunctionSignature& function,
                                     std::vector<BoundPtr> arguments);
  [[nodiscard]] BoundPtr range_bound(const Expression& e, std::size_t index, const BoundPtr& argument);
  [[nodiscard]] bool check_time_zone(const std::string& name, LineColumn place);
  [[nodiscard]] BoundPtr choose_span(const Expression& e, const std::vector<BoundPtr>& arguments);
  [[nodiscard]] BoundPtr bind_case(const Expression& e, const FunctionSignature& function,
                                   std::vector<BoundPtr> arguments);
  [[nodiscard]] bool keep_points(const Expression& e, std::vector<BoundPtr>& arguments);
  [[nodiscard]] BoundPtr bind_alike(const Expression& e, const FunctionSignature& function,
                                    std::vector<BoundPtr> arguments);
  [[nodiscard]] bool check_arguments(const Expression& e, const FunctionSignature& function,
                                     std::vector<BoundPtr>& arguments);
  [[nodiscard]] bool fit_argument(const Expression& e, std::size_t index, WantedArgument wanted_argument,
                                  bool reads_texts, BoundPtr& argument);

  // ---- search functions (binder_search.cc)
  struct MatchOptions;
  [[nodiscard]] BoundPtr bind_search(const Expression& e, const FunctionSignature& function, const Map& options,
                                     std::vector<BoundPtr> arguments);
  [[nodiscard]] BoundPtr bind_query_text(const Expression& e, const FunctionSignature& function, const Map& options,
                                         std::vector<BoundPtr> arguments);
  [[nodiscard]] BoundPtr bind_match(const Expression& e, std::string_view name, const Map& options,
                                    const BoundPtr& field, const BoundPtr& wanted);
  [[nodiscard]] std::optional<MatchOptions> read_match_options(const Expression& e, std::string_view function,
                                                               const Map& options);
  [[nodiscard]] static plan::Expr word_test(const MatchOptions& options, const std::string& word, LogicalType type,
                                            LineColumn at);
  [[nodiscard]] event::ColumnRef searched_field(const Expression& e, std::string_view name, BoundPtr field);
  [[nodiscard]] bool may_search(const Expression& e, std::string_view name);
  [[nodiscard]] bool check_search_options(const Expression& e, std::string_view function, const Map& options);
  BoundPtr refuse_option(const Expression& e, const MapEntry& option);
  /// A hidden column of the source that holds what a search finds.
  [[nodiscard]] BoundPtr search_column(const Expression& e, plan::Expr filter);
  void note_command(const Command& command);

  [[nodiscard]] bool enter_function(const Expression& e, const FunctionSignature& function, Place& inner);
  /// A string literal as a value of `type`; other expressions come back as they are; null after an error.
  [[nodiscard]] BoundPtr convert(BoundPtr operand, LogicalType type);
  [[nodiscard]] std::shared_ptr<Bound> make(const Expression& e, Operation operation, LogicalType type) const;
  [[nodiscard]] LineColumn at(const Expression& e) const { return lexer_.position(e.begin); }
  [[nodiscard]] std::string source_of(const Expression& e) const;

  Lexer lexer_;
  const Schema& schema_;
  Reporter& reporter_;
  BoundQuery query_;
  Scope scope_;
  KnownConstants known_;
  std::map<AttributeId, AttributeId> copies_;           ///< `EVAL a = b`: a copies b, which copies nothing
  const std::vector<BoundStats::Key>* keys_ = nullptr;  ///< of the STATS whose aggregates are being bound
  Place place_ = Place::row;
  bool searches_ = false;         ///< a search function may stand here: under AND, OR, NOT in WHERE
  std::string moved_by_;          ///< the first command but FROM, WHERE and SORT
  std::string cut_by_;            ///< the first LIMIT or STATS
  bool aggregated_ = false;       ///< the field of STATS that is being bound has an aggregate
  std::string grouping_;          ///< text of the grouping function that is being bound
  std::string aggregate_;         ///< text of the aggregate, or of the field of STATS, that is being bound
  bool nullify_unknown_ = false;  ///< SET unmapped_fields = "nullify"
  std::vector<std::string> nulls_;
  std::set<std::string, std::less<>> source_columns_;  ///< what ROW or a table gave, and nulls_
  std::optional<std::string> missing_;
  bool open_ = false;                        ///< open names of the schema may still be reached
  std::set<std::string, std::less<>> gone_;  ///< closed names that were dropped or renamed away
  std::map<std::string, Attribute, std::less<>> open_columns_;
  AttributeId next_ = 0;
};

}  // namespace trailhound::esql
