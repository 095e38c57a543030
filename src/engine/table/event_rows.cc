#include "engine/table/event_rows.h"

#include <algorithm>
#include <utility>

#include "engine/evaluator.h"

namespace trailhound::engine {

using plan::LogicalType;

Values as_indexed(Values values, LogicalType type) {
  if (type == LogicalType::any) {
    for (Value& value : values) {
      if (!std::holds_alternative<std::string>(value)) value = to_text(value);
    }
  }
  if (values.size() < 2) return values;
  std::ranges::sort(values, [](const Value& a, const Value& b) { return compare_values(a, b) < 0; });
  const bool distinct = type == LogicalType::any || type == LogicalType::keyword || type == LogicalType::ip;
  if (distinct) {
    const auto repeated =
        std::ranges::unique(values, [](const Value& a, const Value& b) { return compare_values(a, b) == 0; });
    values.erase(repeated.begin(), repeated.end());
  }
  return values;
}

std::optional<Row> EventRows::row_of(const event::Record& record) {
  arena_.reset();
  EvaluationContext context{
      .record = &record, .run_time = context_->run_time, .arena = arena_, .failures = context_->warnings};
  if (source_->filter && truth(source_->filter, context) != Truth::yes) return std::nullopt;
  Row row;
  row.reserve(source_->columns.size());
  for (const plan::Expr& column : source_->columns) {
    row.push_back(as_indexed(to_values(evaluate(column, context)), column->type));
  }
  return row;
}

bool uses_run_time(const plan::Pipeline& pipeline) {
  const auto uses = [](const plan::Expr& expression) { return uses_run_time(expression); };
  if (uses(pipeline.source.filter) || std::ranges::any_of(pipeline.source.columns, uses)) return true;
  return std::ranges::any_of(pipeline.steps, [&](const plan::Pipeline::Step& step) {
    if (const auto* filter = std::get_if<plan::FilterRows>(&step.command)) return uses(filter->condition);
    if (const auto* join = std::get_if<plan::JoinRows>(&step.command)) return uses(join->condition);
    const auto* compute = std::get_if<plan::ComputeColumns>(&step.command);
    return compute != nullptr && std::ranges::any_of(compute->expressions, uses);
  });
}

}  // namespace trailhound::engine
