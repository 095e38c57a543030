#include "engine/simplify.h"

#include <optional>

#include "base/arena.h"
#include "engine/evaluator.h"

namespace trailhound::engine {
namespace {

using plan::Expr;

/// A CASE with more branches stays as it is: each branch repeats the conditions before it.
constexpr std::size_t kMostBranches = 8;

/// The conditions and values of a CASE, whose last value has no condition.
struct Choice {
  std::vector<Expr> conditions;
  std::vector<Expr> values;
};

std::optional<Choice> choice_of(const Expr& expression) {
  const auto* call = std::get_if<plan::Call>(&expression->node);
  if (call == nullptr || call->function != plan::Function::case_when) return std::nullopt;
  Choice choice;
  const auto& arguments = call->arguments;
  std::size_t i = 0;
  for (; i + 1 < arguments.size(); i += 2) {
    choice.conditions.push_back(arguments[i]);
    choice.values.push_back(arguments[i + 1]);
  }
  choice.values.push_back(i < arguments.size() ? arguments[i] : plan::make(plan::Literal{}));
  if (choice.conditions.empty() || choice.conditions.size() > kMostBranches) return std::nullopt;
  return choice;
}

/// Yes or no if the expression reads nothing; nothing if it does, or if it is unknown.
std::optional<bool> known(const Expr& expression) {
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(expression, columns);
  if (!columns.empty()) return std::nullopt;
  Arena arena;
  EvaluationContext nothing{.arena = arena};
  const Truth found = truth(expression, nothing);
  if (found == Truth::unknown || nothing.warnings > 0) return std::nullopt;
  return found == Truth::yes;
}

/// The two-valued condition under which the choice takes a value of which `asked` holds.
template <class Asked>
std::optional<Expr> when(const Choice& choice, Asked&& asked) {
  std::vector<Expr> alternatives;
  std::vector<Expr> not_before;
  for (std::size_t i = 0; i < choice.values.size(); ++i) {
    std::optional<Expr> holds = asked(choice.values[i]);
    if (!holds) return std::nullopt;
    std::vector<Expr> all = not_before;
    if (i < choice.conditions.size()) {
      const Expr taken = plan::make(plan::IsTrue{simplify(choice.conditions[i])});
      all.push_back(taken);
      not_before.push_back(plan::make(plan::Not{taken}));
    }
    const std::optional<bool> constant = known(*holds);
    if (constant == false) continue;
    if (!constant) all.push_back(*std::move(holds));
    alternatives.push_back(plan::all_of(std::move(all)));
  }
  return plan::any_of(std::move(alternatives));
}

/// The same expression without what only says that it has one value.
const Expr& inside_single(const Expr& expression) {
  const auto* single = std::get_if<plan::Single>(&expression->node);
  return single != nullptr ? single->over : expression;
}

Expr simplify_comparison(const Expr& expression, const plan::Compare& node) {
  const auto choice = choice_of(inside_single(node.left));
  if (!choice || !std::holds_alternative<plan::Literal>(node.right->node)) return expression;
  const auto simple = when(*choice, [&](const Expr& value) -> std::optional<Expr> {
    plan::Compare of_value = node;
    of_value.left = value;
    const auto constant = known(plan::make(std::move(of_value)));
    if (!constant) return std::nullopt;  // null is neither: the comparison would be unknown
    return plan::constant(*constant);
  });
  return simple.value_or(expression);
}

Expr simplify_presence(const Expr& expression, const plan::Present& node) {
  const auto choice = choice_of(node.over);
  if (!choice || node.need != plan::Present::Need::value) return expression;
  const auto simple = when(
      *choice, [&](const Expr& value) -> std::optional<Expr> { return plan::make(plan::Present{value, node.need}); });
  return simple.value_or(expression);
}

std::vector<Expr> simplify_all(const std::vector<Expr>& operands) {
  std::vector<Expr> simple;
  for (const Expr& operand : operands) simple.push_back(simplify(operand));
  return simple;
}

}  // namespace

Expr simplify(const Expr& condition) {
  if (condition == nullptr) return condition;
  if (const auto* conjunction = std::get_if<plan::And>(&condition->node)) {
    return plan::all_of(simplify_all(conjunction->operands));
  }
  if (const auto* disjunction = std::get_if<plan::Or>(&condition->node)) {
    return plan::any_of(simplify_all(disjunction->operands));
  }
  if (const auto* negation = std::get_if<plan::Not>(&condition->node)) {
    return plan::make(plan::Not{simplify(negation->operand)});
  }
  if (const auto* is_true = std::get_if<plan::IsTrue>(&condition->node)) {
    return plan::make(plan::IsTrue{simplify(is_true->operand)});
  }
  if (const auto* comparison = std::get_if<plan::Compare>(&condition->node)) {
    return simplify_comparison(condition, *comparison);
  }
  if (const auto* presence = std::get_if<plan::Present>(&condition->node)) {
    return simplify_presence(condition, *presence);
  }
  return condition;
}

}  // namespace trailhound::engine
