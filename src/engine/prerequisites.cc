#include "engine/prerequisites.h"

#include <algorithm>

#include "base/arena.h"
#include "engine/evaluator.h"
#include "engine/simplify.h"

namespace trailhound::engine {
namespace {

using plan::Expr;
using MeasureKind = plan::RunAggregate::Aggregation;

Expr comparison_of(plan::ComparisonOp op, Expr left, std::int64_t right) {
  return plan::make(
      plan::Compare{.op = op, .left = std::move(left), .right = plan::literal(right, plan::LogicalType::long_integer)});
}

bool is_certain(const Expr& expression) {
  Arena arena;
  EvaluationContext nothing{.arena = arena};
  return truth(expression, nothing) == Truth::yes;
}

/// The measure that the conjunct wants to be more than nothing: `slot > 0`, `slot >= 1`, `slot = 5`.
const plan::RunAggregate::Measure* wanted_measure(const Expr& conjunct, const plan::RunAggregate& op) {
  const auto* comparison = std::get_if<plan::Compare>(&conjunct->node);
  if (comparison == nullptr) return nullptr;
  Expr left = comparison->left;
  if (const auto* single = std::get_if<plan::Single>(&left->node)) left = single->over;
  const auto* slot = std::get_if<plan::Slot>(&left->node);
  if (slot == nullptr || slot->index >= op.measures.size()) return nullptr;
  // What holds of 0 and of everything below it asks for nothing.
  plan::Compare of_zero = *comparison;
  of_zero.left = plan::literal(std::int64_t{0}, plan::LogicalType::long_integer);
  const bool rises = comparison->op == plan::ComparisonOp::greater ||
                     comparison->op == plan::ComparisonOp::greater_equal || comparison->op == plan::ComparisonOp::equal;
  const bool is_number =
      std::holds_alternative<plan::Literal>(comparison->right->node) && comparison->domain == plan::Domain::native;
  if (!rises || !is_number || is_certain(plan::make(std::move(of_zero)))) return nullptr;
  if (comparison->op == plan::ComparisonOp::equal) {  // = -1 is no wish for more
    if (!is_certain(comparison_of(plan::ComparisonOp::greater, comparison->right, 0))) return nullptr;
  }
  return &op.measures[slot->index];
}

std::optional<Prerequisites> of_aggregate(const plan::Plan& plan, const plan::RunAggregate& op) {
  if (plan.queries.size() != 1) return std::nullopt;
  const auto& arguments = plan.queries[0].arguments;
  Prerequisites found{.conditions = {}, .reach = op.look_back};
  for (const Expr& conjunct : plan::conjuncts_of(op.having)) {
    const auto* measure = wanted_measure(conjunct, op);
    if (measure == nullptr) continue;
    std::vector<Expr> conditions;
    if (measure->filter && *measure->filter < arguments.size()) {
      conditions.push_back(simplify(arguments[*measure->filter].expression));
    }
    const bool has_argument = measure->argument < arguments.size();
    if (measure->aggregation == MeasureKind::sum && has_argument) {
      conditions.push_back(
          simplify(comparison_of(plan::ComparisonOp::greater, arguments[measure->argument].expression, 0)));
    } else if (measure->aggregation != MeasureKind::count_rows && measure->aggregation != MeasureKind::count &&
               measure->aggregation != MeasureKind::count_distinct) {
      continue;
    }
    if (!conditions.empty()) found.conditions.push_back({0, plan::make(plan::IsTrue{plan::all_of(conditions)})});
  }
  return found;
}

std::optional<Prerequisites> of_sequence(const plan::Sequence& op) {
  if (!op.max_span) return std::nullopt;
  Prerequisites found{.conditions = {}, .reach = *op.max_span};
  for (const plan::Sequence::Stage& stage : op.stages) {
    const auto same = [&](const Prerequisites::Condition& other) { return other.query == stage.query; };
    if (!stage.missing && std::ranges::none_of(found.conditions, same)) found.conditions.push_back({stage.query, {}});
  }
  if (found.conditions.size() < 2) return std::nullopt;  // every hit is of that stage
  return found;
}

}  // namespace

std::optional<Prerequisites> prerequisites_of(const plan::Plan& plan) {
  std::optional<Prerequisites> found;
  if (const auto* aggregate = std::get_if<plan::RunAggregate>(&plan.op)) {
    found = of_aggregate(plan, *aggregate);
  } else if (const auto* sequence = std::get_if<plan::Sequence>(&plan.op)) {
    found = of_sequence(*sequence);
  }
  if (found && (found->conditions.empty() || found->reach.micros <= 0)) found.reset();
  return found;
}

}  // namespace trailhound::engine
