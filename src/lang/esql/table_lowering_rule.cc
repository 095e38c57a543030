// Rules as pipelines over the hits of a run: which rules need that, what identifies a row, and the plan.

#include <algorithm>
#include <array>
#include <utility>

#include "lang/esql/codes.h"
#include "lang/esql/table_lowering_state.h"

namespace trailhound::esql {
namespace {

/// Aggregates that RunAggregate keeps up to date as hits come and go.
constexpr std::array<std::string_view, 7> kIncremental = {"count", "count_distinct", "values", "min", "max", "sum",
                                                          "avg"};

bool any_part(const BoundPtr& expression, const auto& test) {
  if (!expression) return false;
  if (test(*expression)) return true;
  return std::ranges::any_of(expression->operands, [&](const BoundPtr& operand) { return any_part(operand, test); });
}

bool uses_now(const BoundPtr& expression) {
  return any_part(expression,
                  [](const Bound& part) { return part.operation == Operation::call && part.function->name == "now"; });
}

bool has_other_aggregate(const BoundPtr& expression) {
  return any_part(expression, [](const Bound& part) {
    return part.operation == Operation::call && part.function->kind == FunctionKind::aggregate &&
           std::ranges::find(kIncremental, part.function->name) == kIncremental.end();
  });
}

/// Whether NOW() decides about events: a filter that may be dropped does not count.
bool filter_needs_now(const BoundPtr& condition, const BoundQuery& query, const LoweringOptions& options) {
  if (condition && condition->operation == Operation::logical_and) {
    return std::ranges::any_of(condition->operands,
                               [&](const BoundPtr& operand) { return filter_needs_now(operand, query, options); });
  }
  return uses_now(condition) && !holds_in_window(*condition, query, options);
}

}  // namespace

bool holds_in_window(const Bound& condition, const BoundQuery& query, const LoweringOptions& options) {
  const bool forward = condition.operation == Operation::greater_equal || condition.operation == Operation::greater;
  const bool backward = condition.operation == Operation::less_equal || condition.operation == Operation::less;
  if (!forward && !backward) return false;
  const Bound& time = *condition.operands[forward ? 0 : 1];
  const Bound& limit = *condition.operands[forward ? 1 : 0];
  const auto source = std::ranges::find_if(query.sources, [&](const SourceColumn& column) {
    return time.operation == Operation::attribute && column.id == time.attribute;
  });
  if (source == query.sources.end() || !source->column || source->column->name != "@timestamp") return false;
  if (limit.operation != Operation::subtract || limit.operands[0]->operation != Operation::call ||
      limit.operands[0]->function->name != "now" || limit.operands[1]->operation != Operation::span) {
    return false;
  }
  const Span& span = limit.operands[1]->span;
  if (span.months != 0) return span.months > 0 && options.look_back < Duration::seconds(28LL * 86'400 * span.months);
  std::int64_t micros = 0;
  if (__builtin_mul_overflow(span.days, std::int64_t{86'400'000'000}, &micros) ||
      __builtin_add_overflow(micros, span.micros, &micros)) {
    return false;
  }
  // The window's start is part of it.
  const bool inclusive =
      condition.operation == Operation::greater_equal || condition.operation == Operation::less_equal;
  return inclusive ? options.look_back.micros <= micros : options.look_back.micros < micros;
}

bool needs_run_table(const BoundQuery& query, const LoweringOptions& options) {
  bool aggregated = false;
  for (const auto& step : query.steps) {
    if (std::holds_alternative<BoundExpand>(step.node) || std::holds_alternative<BoundLimit>(step.node) ||
        std::holds_alternative<BoundDedup>(step.node) || std::holds_alternative<BoundJoin>(step.node)) {
      return true;
    }
    if (const auto* filter = std::get_if<BoundFilter>(&step.node)) {
      if (!aggregated && filter_needs_now(filter->condition, query, options)) return true;
    }
    if (const auto* eval = std::get_if<BoundEval>(&step.node)) {
      const bool now = std::ranges::any_of(eval->assignments, [](const auto& a) { return uses_now(a.value); });
      if (!aggregated && now) return true;
    }
    const auto* stats = std::get_if<BoundStats>(&step.node);
    if (!stats) continue;
    if (stats->keeps_rows || aggregated) return true;
    aggregated = true;
    for (const auto& key : stats->keys) {
      if (uses_now(key.value)) return true;
    }
    for (const auto& aggregate : stats->aggregates) {
      if (has_other_aggregate(aggregate.value) || uses_now(aggregate.filter)) return true;
      // NOW() beside the aggregates is fine, but not among what they take in.
      const bool inside = any_part(aggregate.value, [](const Bound& part) {
        return part.operation == Operation::call && part.function->kind == FunctionKind::aggregate &&
               std::ranges::any_of(part.operands, uses_now);
      });
      if (inside) return true;
    }
  }
  return false;
}

std::optional<plan::Plan> lower_run_table(const BoundQuery& query, const LoweringOptions& options, Reporter& reporter) {
  return TableLowering(query, reporter, options).run_for_rule();
}

/// Rows of a STATS are known by its keys; rows that stand for events by the event and what they were expanded to.
void TableLowering::find_identity() {
  for (const auto& step : query_.steps) {
    const auto* stats = std::get_if<BoundStats>(&step.node);
    if (!stats || stats->keeps_rows) continue;
    identity_.clear();
    for (const auto& key : stats->keys) identity_.push_back(key.target.id);
    once_ = false;
    for_rule_ = true;
  }
  const bool aggregated = for_rule_;
  for_rule_ = true;
  if (aggregated) return;
  for (const auto& source : query_.sources) {
    const auto named = std::ranges::find_if(query_.columns, [](const Attribute& a) { return a.name == "_id"; });
    if (named == query_.columns.end() || named->id != source.id) continue;
    identity_ = {source.id};
    once_ = true;
  }
  if (!once_) return;
  for (const auto& step : query_.steps) {
    if (const auto* expand = std::get_if<BoundExpand>(&step.node)) identity_.push_back(expand->target.id);
  }
}

/// The leading WHEREs that do not depend on the run are the filter of the plan's query.
std::size_t TableLowering::lower_query(plan::Query& query) {
  expressions_.define_sources();
  std::vector<plan::Expr> conditions;
  std::size_t used = 0;
  expressions_.stage_ = Lowering::Stage::events;
  for (; used < query_.steps.size(); ++used) {
    const auto* filter = std::get_if<BoundFilter>(&query_.steps[used].node);
    if (!filter || filter_needs_now(filter->condition, query_, options_)) break;
    const bool several = filter->condition->operation == Operation::logical_and;
    const std::vector<BoundPtr> parts =
        several ? filter->condition->operands : std::vector<BoundPtr>{filter->condition};
    for (const auto& part : parts) {
      if (holds_in_window(*part, query_, options_)) continue;
      if (auto condition = expressions_.predicate(*part)) conditions.push_back(std::move(condition));
    }
  }
  expressions_.stage_ = Lowering::Stage::rows;
  query.name = "rows";
  query.filter = expressions_.filter_of(std::move(conditions));
  query.missing = plan::MissingKey::drop;
  define_source_columns(
      used, [&](plan::Expr column, const std::string& name) { query.arguments.push_back({name, std::move(column)}); });
  define(kLineage, "hits", LogicalType::long_integer);
  return used;
}

std::optional<plan::Plan> TableLowering::run_for_rule() {
  const std::size_t errors = reporter_.errors();
  if (!query_.steps.empty() && std::holds_alternative<BoundRow>(query_.steps.front().node)) {
    reporter_.error(codes::kNotSupported, query_.steps.front().at, "a rule reads events: begin it with FROM");
    return std::nullopt;
  }
  find_identity();
  find_needs();
  plan::Plan plan;
  plan::Query query;
  lower_steps(lower_query(query));
  if (reporter_.errors() > errors) return std::nullopt;
  plan::RunTable table;
  std::vector<std::uint32_t> columns;
  for (const auto& column : query_.columns) {
    if (column.type == LogicalType::unsupported) continue;
    columns.push_back(column_of(expressions_.rows_[column.id].expression));
    pipeline_.output.push_back({column.name, column.type});
  }
  for (const auto id : identity_) columns.push_back(column_of(expressions_.rows_[id].expression));
  columns.push_back(column_of(expressions_.rows_[kLineage].expression));
  emit(plan::ProjectColumns{std::move(columns)});
  table.pipeline = std::move(pipeline_);
  table.identity = static_cast<std::uint32_t>(identity_.size());
  table.once = once_;
  table.look_back = options_.look_back;
  table.interval = options_.interval;
  plan.queries.push_back(std::move(query));
  plan.op = std::move(table);
  return plan;
}

}  // namespace trailhound::esql
