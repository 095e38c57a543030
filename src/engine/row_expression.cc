#include "engine/row_expression.h"

#include <cmath>
#include <optional>

#include "base/arena.h"
#include "engine/evaluator.h"

namespace trailhound::engine {

namespace {

/// Expressions come out of parsers that bound their depth; the bound makes the walks safe by themselves.
constexpr int kMaxRowDepth = 2000;

std::vector<plan::Expr> children_of(const plan::Expression& expression) {
  struct Visitor {
    std::vector<plan::Expr> operator()(const plan::Exists& n) const { return {n.over, n.body}; }
    std::vector<plan::Expr> operator()(const plan::Single& n) const { return {n.over}; }
    std::vector<plan::Expr> operator()(const plan::Each& n) const { return {n.over, n.body}; }
    std::vector<plan::Expr> operator()(const plan::Not& n) const { return {n.operand}; }
    std::vector<plan::Expr> operator()(const plan::And& n) const { return n.operands; }
    std::vector<plan::Expr> operator()(const plan::Or& n) const { return n.operands; }
    std::vector<plan::Expr> operator()(const plan::IsTrue& n) const { return {n.operand}; }
    std::vector<plan::Expr> operator()(const plan::Present& n) const { return {n.over}; }
    std::vector<plan::Expr> operator()(const plan::Compare& n) const { return {n.left, n.right}; }
    std::vector<plan::Expr> operator()(const plan::OneOf& n) const { return {n.needle}; }
    std::vector<plan::Expr> operator()(const plan::Match& n) const { return {n.text}; }
    std::vector<plan::Expr> operator()(const plan::InNetwork& n) const { return {n.address}; }
    std::vector<plan::Expr> operator()(const plan::Call& n) const { return n.arguments; }
    std::vector<plan::Expr> operator()(const plan::Literal&) const { return {}; }
    std::vector<plan::Expr> operator()(const plan::Column&) const { return {}; }
    std::vector<plan::Expr> operator()(const plan::Slot&) const { return {}; }
    std::vector<plan::Expr> operator()(const plan::Variable&) const { return {}; }
    std::vector<plan::Expr> operator()(const plan::RunTime&) const { return {}; }
  };
  return std::visit(Visitor{}, expression.node);
}

bool uses_run_time_at(const plan::Expr& expression, int depth) {
  if (!expression) return false;
  if (depth > kMaxRowDepth || std::holds_alternative<plan::RunTime>(expression->node)) return true;
  for (const plan::Expr& child : children_of(*expression)) {
    if (uses_run_time_at(child, depth + 1)) return true;
  }
  return false;
}

const plan::Slot* as_slot(const plan::Expr& expression) {
  const plan::Expression* at = expression.get();
  if (at == nullptr) return nullptr;
  if (const auto* single = std::get_if<plan::Single>(&at->node)) at = single->over.get();
  return at == nullptr ? nullptr : std::get_if<plan::Slot>(&at->node);
}

std::optional<double> as_number(const plan::Expr& expression) {
  const auto* literal = expression ? std::get_if<plan::Literal>(&expression->node) : nullptr;
  if (literal == nullptr || literal->values.size() != 1) return std::nullopt;
  if (const auto* integer = std::get_if<std::int64_t>(&literal->values[0])) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&literal->values[0])) return *real;
  return std::nullopt;
}

bool is_count(plan::RunAggregate::Aggregation aggregation) {
  using enum plan::RunAggregate::Aggregation;
  return aggregation == count_rows || aggregation == count || aggregation == count_distinct;
}

void collect_needs(const plan::Expr& expression, const plan::RunAggregate& aggregate, std::vector<RowNeed>& needs,
                   int depth) {
  if (!expression || depth > kMaxRowDepth) return;
  if (const auto* all = std::get_if<plan::And>(&expression->node)) {
    for (const plan::Expr& operand : all->operands) collect_needs(operand, aggregate, needs, depth + 1);
    return;
  }
  if (const auto* truth_of_operand = std::get_if<plan::IsTrue>(&expression->node)) {
    collect_needs(truth_of_operand->operand, aggregate, needs, depth + 1);
    return;
  }
  const auto* test = std::get_if<plan::Compare>(&expression->node);
  if (test == nullptr) return;
  using plan::ComparisonOp;
  const bool forward = test->op == ComparisonOp::greater || test->op == ComparisonOp::greater_equal;
  const bool backward = test->op == ComparisonOp::less || test->op == ComparisonOp::less_equal;
  if (!forward && !backward) return;
  const plan::Slot* slot = as_slot(forward ? test->left : test->right);
  const auto bound = as_number(forward ? test->right : test->left);
  if (slot == nullptr || !bound || slot->index >= aggregate.measures.size()) return;
  const bool inclusive = test->op == ComparisonOp::greater_equal || test->op == ComparisonOp::less_equal;
  const plan::RunAggregate::Measure& measure = aggregate.measures[slot->index];
  needs.push_back({slot->index, slot->name.empty() ? measure.name : slot->name,
                   inclusive ? std::ceil(*bound) : std::floor(*bound) + 1, is_count(measure.aggregation)});
}

}  // namespace

Values evaluate_on_row(const plan::Expr& expression, const Row& row, Instant run_time) {
  if (!expression) return {};
  Arena arena;
  EvaluationContext context{.slots = row, .run_time = run_time, .arena = arena};
  return to_values(evaluate(expression, context));
}

bool keeps_row(const plan::Expr& having, const Row& row, Instant run_time) {
  if (!having) return true;
  Arena arena;
  EvaluationContext context{.slots = row, .run_time = run_time, .arena = arena};
  return truth(having, context) == Truth::yes;
}

bool uses_run_time(const plan::Expr& expression) { return uses_run_time_at(expression, 0); }

std::vector<RowNeed> needs_of(const plan::Expr& having, const plan::RunAggregate& aggregate) {
  std::vector<RowNeed> needs;
  collect_needs(having, aggregate, needs, 0);
  return needs;
}

RowThreshold threshold_of(const plan::RunAggregate& aggregate) {
  RowThreshold threshold{.uses_run_time = uses_run_time(aggregate.having),
                         .needs = needs_of(aggregate.having, aggregate),
                         .decisive = std::vector<bool>(aggregate.measures.size())};
  for (const RowNeed& need : threshold.needs) {
    if (need.counts) threshold.decisive[need.slot] = true;
  }
  return threshold;
}

}  // namespace trailhound::engine
