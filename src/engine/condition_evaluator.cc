#include "engine/condition_evaluator.h"

#include <algorithm>
#include <cmath>

#include "engine/sliding_measure.h"

namespace trailhound::engine {

namespace {

using plan::ComparisonOp;
using plan::Condition;
using plan::ConditionAll;
using plan::ConditionAny;
using plan::ConditionCompare;
using plan::ConditionThen;
using plan::LinearTerm;

/// Deeper conditions do not come out of any parser; the bound only makes the recursion safe by itself.
constexpr int kMaxDepth = 500;

double value_of(const LinearTerm& term, std::span<const double> values) {
  if (term.query < 0) return term.factor;
  const auto query = static_cast<std::size_t>(term.query);
  return query < values.size() ? term.factor * values[query] : 0;
}

bool compare_sums(double left, ComparisonOp op, double right) {
  switch (op) {
    case ComparisonOp::equal:
      return left == right;
    case ComparisonOp::not_equal:
      return left != right;
    case ComparisonOp::less:
      return left < right;
    case ComparisonOp::less_equal:
      return left <= right;
    case ComparisonOp::greater:
      return left > right;
    case ComparisonOp::greater_equal:
      return left >= right;
  }
  return false;
}

bool holds_at(const Condition& condition, std::span<const double> values, int depth) {
  if (!condition || depth > kMaxDepth) return false;
  const auto inner = [&](const Condition& operand) { return holds_at(operand, values, depth + 1); };
  if (const auto* test = std::get_if<ConditionCompare>(&condition->node)) {
    return compare_sums(value_of(test->left, values), test->op, value_of(test->right, values));
  }
  if (const auto* all = std::get_if<ConditionAll>(&condition->node)) return std::ranges::all_of(all->operands, inner);
  if (const auto* any = std::get_if<ConditionAny>(&condition->node)) return std::ranges::any_of(any->operands, inner);
  return false;
}

/// A comparison as "query exceeds constant", whichever way round it was written; nothing for other forms.
struct Need {
  std::size_t query = 0;
  double factor = 1;
  double bound = 0;
  bool inclusive = false;

  /// The least value that satisfies it, for values that grow by whole steps.
  [[nodiscard]] double least(bool whole_steps) const {
    const double limit = bound / factor;
    if (!whole_steps) return limit;
    return inclusive ? std::ceil(limit) : std::floor(limit) + 1;
  }
};
std::optional<Need> as_need(const ConditionCompare& test) {
  const bool forward = test.op == ComparisonOp::greater || test.op == ComparisonOp::greater_equal;
  const bool backward = test.op == ComparisonOp::less || test.op == ComparisonOp::less_equal;
  const LinearTerm& query = forward ? test.left : test.right;
  const LinearTerm& bound = forward ? test.right : test.left;
  if ((!forward && !backward) || query.query < 0 || bound.query >= 0 || query.factor <= 0) return std::nullopt;
  const bool inclusive = test.op == ComparisonOp::greater_equal || test.op == ComparisonOp::less_equal;
  return Need{static_cast<std::size_t>(query.query), query.factor, bound.factor, inclusive};
}

bool grows_at(const Condition& condition, const std::vector<plan::TrailingCondition::Measure>& measures, int depth) {
  if (!condition || depth > kMaxDepth) return false;
  const auto inner = [&](const Condition& operand) { return grows_at(operand, measures, depth + 1); };
  if (const auto* test = std::get_if<ConditionCompare>(&condition->node)) {
    const auto need = as_need(*test);
    if (!need || need->query >= measures.size()) return false;
    const Aggregation aggregation = measures[need->query].aggregation;
    return aggregation == Aggregation::count || aggregation == Aggregation::cardinality;
  }
  if (const auto* all = std::get_if<ConditionAll>(&condition->node)) return std::ranges::all_of(all->operands, inner);
  if (const auto* any = std::get_if<ConditionAny>(&condition->node)) return std::ranges::all_of(any->operands, inner);
  return false;
}

double mean_closeness(std::span<const Condition> operands, std::span<const double> values, int depth);

double closeness_at(const Condition& condition, std::span<const double> values, int depth) {
  if (!condition || depth > kMaxDepth) return 0;
  if (const auto* test = std::get_if<ConditionCompare>(&condition->node)) {
    if (compare_sums(value_of(test->left, values), test->op, value_of(test->right, values))) return 1;
    const auto need = as_need(*test);
    if (!need || need->query >= values.size()) return 0;
    const double least = std::max(need->least(true), 1.0);
    return std::clamp(values[need->query] / least, 0.0, 1.0);
  }
  if (const auto* all = std::get_if<ConditionAll>(&condition->node)) {
    return mean_closeness(all->operands, values, depth + 1);
  }
  if (const auto* any = std::get_if<ConditionAny>(&condition->node)) {
    double best = 0;
    for (const Condition& operand : any->operands) best = std::max(best, closeness_at(operand, values, depth + 1));
    return best;
  }
  const auto& then = std::get<ConditionThen>(condition->node);
  const Condition parts[] = {then.first, then.then};
  return mean_closeness(parts, values, depth + 1);
}

double mean_closeness(std::span<const Condition> operands, std::span<const double> values, int depth) {
  double sum = 0;
  for (const Condition& operand : operands) sum += closeness_at(operand, values, depth);
  return operands.empty() ? 0 : sum / static_cast<double>(operands.size());
}

std::string describe_compare(const ConditionCompare& test, std::span<const double> values, const plan::Plan& plan) {
  const auto name = [&](const LinearTerm& term) {
    const auto query = static_cast<std::size_t>(term.query);
    return query < plan.queries.size() ? plan.queries[query].name : std::string();
  };
  if (const auto need = as_need(test); need && need->query < values.size() && need->query < plan.queries.size()) {
    const auto* trailing = std::get_if<plan::TrailingCondition>(&plan.op);
    const bool whole = trailing == nullptr || need->query >= trailing->measures.size() ||
                       trailing->measures[need->query].aggregation == Aggregation::count ||
                       trailing->measures[need->query].aggregation == Aggregation::cardinality;
    return number_text(values[need->query]) + (whole || need->inclusive ? " of " : " of more than ") +
           number_text(need->least(whole)) + " " + plan.queries[need->query].name;
  }
  const auto side = [&](const LinearTerm& term) {
    if (term.query < 0) return number_text(term.factor);
    return name(term) + " = " + number_text(value_of(LinearTerm{.query = term.query, .factor = 1}, values));
  };
  const bool reached = compare_sums(value_of(test.left, values), test.op, value_of(test.right, values));
  return side(test.left) + " against " + side(test.right) + (reached ? " reached" : " not reached");
}

std::string describe_at(const Condition& condition, std::span<const double> values, const plan::Plan& plan, int depth) {
  if (!condition || depth > kMaxDepth) return {};
  if (const auto* test = std::get_if<ConditionCompare>(&condition->node)) return describe_compare(*test, values, plan);
  if (const auto* any = std::get_if<ConditionAny>(&condition->node)) {
    const Condition* best = nullptr;
    double best_share = -1;
    for (const Condition& operand : any->operands) {
      const double share = closeness_at(operand, values, depth + 1);
      if (share > best_share) best = &operand;
      best_share = std::max(best_share, share);
    }
    return best == nullptr ? std::string() : describe_at(*best, values, plan, depth + 1);
  }
  std::vector<Condition> parts;
  std::string separator = ", ";
  if (const auto* all = std::get_if<ConditionAll>(&condition->node)) parts = all->operands;
  if (const auto* then = std::get_if<ConditionThen>(&condition->node)) {
    parts = {then->first, then->then};
    separator = " then ";
  }
  std::string text;
  for (const Condition& part : parts) {
    if (!text.empty()) text += separator;
    text += describe_at(part, values, plan, depth + 1);
  }
  // Values of the whole window say nothing of order: when they would do, order is what was missing.
  const bool only_order = as_then(condition) != nullptr && closeness_at(condition, values, depth) >= 1;
  return only_order ? text + ", not in this order" : text;
}

}  // namespace

bool holds(const Condition& condition, std::span<const double> values) {
  if (!condition) return std::ranges::any_of(values, [](double value) { return value > 0; });
  return holds_at(condition, values, 0);
}

const ConditionThen* as_then(const Condition& condition) {
  return condition ? std::get_if<ConditionThen>(&condition->node) : nullptr;
}

bool grows_only(const Condition& condition, const std::vector<plan::TrailingCondition::Measure>& measures) {
  return grows_at(condition, measures, 0);
}

double closeness(const Condition& condition, std::span<const double> values) {
  return closeness_at(condition, values, 0);
}

std::string describe_closeness(const Condition& condition, std::span<const double> values, const plan::Plan& plan) {
  return describe_at(condition, values, plan, 0);
}

}  // namespace trailhound::engine
