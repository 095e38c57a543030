#include "plan/expression.h"

#include <algorithm>
#include <utility>

namespace trailhound::plan {

namespace {

template <class List>
Expr join(std::vector<Expr> operands, bool when_empty) {
  List joined;
  for (Expr& operand : operands) {
    const auto* inner = std::get_if<List>(&operand->node);
    if (inner == nullptr) {
      joined.operands.push_back(std::move(operand));
      continue;
    }
    joined.operands.insert(joined.operands.end(), inner->operands.begin(), inner->operands.end());
  }
  if (joined.operands.empty()) return constant(when_empty);
  if (joined.operands.size() == 1) return std::move(joined.operands[0]);
  const LineColumn at = joined.operands[0]->at;
  return make(std::move(joined), LogicalType::boolean, at);
}

template <class T>
constexpr bool kIsPredicate = kNaturalType<T> == LogicalType::boolean;

bool all_never_null(const std::vector<Expr>& operands) { return std::ranges::all_of(operands, never_null); }
bool all_single_valued(const std::vector<Expr>& operands) { return std::ranges::all_of(operands, single_valued); }

bool node_never_null(const Literal& literal) {
  return !literal.values.empty() && std::ranges::none_of(literal.values, is_null);
}
bool node_never_null(const RunTime&) { return true; }
bool node_never_null(const Exists&) { return true; }
bool node_never_null(const Present&) { return true; }
bool node_never_null(const IsTrue&) { return true; }
bool node_never_null(const Not& node) { return never_null(node.operand); }
bool node_never_null(const And& node) { return all_never_null(node.operands); }
bool node_never_null(const Or& node) { return all_never_null(node.operands); }
template <class Other>
bool node_never_null(const Other&) {
  return false;
}

bool node_single_valued(const Literal& literal) { return literal.values.size() <= 1; }
bool node_single_valued(const Single&) { return true; }
bool node_single_valued(const Variable&) { return true; }
bool node_single_valued(const RunTime&) { return true; }
bool node_single_valued(const Call& call) {
  const ResultRule result = info(call.function).result;
  if (result == ResultRule::as_arguments) return all_single_valued(call.arguments);
  return result != ResultRule::several;
}
template <class Other>
bool node_single_valued(const Other&) {
  return kIsPredicate<Other>;
}

void collect_conjuncts(const Expr& filter, std::vector<Expr>& conjuncts) {
  if (filter == nullptr) return;
  if (const auto* outer = std::get_if<IsTrue>(&filter->node)) {
    collect_conjuncts(outer->operand, conjuncts);
  } else if (const auto* conjunction = std::get_if<And>(&filter->node)) {
    for (const Expr& operand : conjunction->operands) collect_conjuncts(operand, conjuncts);
  } else {
    conjuncts.push_back(filter);
  }
}

}  // namespace

Expr literal(Value value, LogicalType type) {
  Literal node;
  if (!is_null(value)) node.values.push_back(std::move(value));
  return make(std::move(node), type);
}

Expr element(LogicalType type, LineColumn at) { return make(Variable{0}, type, at); }

Expr column(event::ColumnRef column, LineColumn at) {
  const LogicalType type = column->type;
  return make(Column{std::move(column)}, type, at);
}

Expr negate(Expr operand) {
  const LineColumn at = operand->at;
  return make(Not{std::move(operand)}, LogicalType::boolean, at);
}

Expr all_of(std::vector<Expr> operands) { return join<And>(std::move(operands), true); }

Expr any_of(std::vector<Expr> operands) { return join<Or>(std::move(operands), false); }

Expr constant(bool truth) { return literal(truth, LogicalType::boolean); }

std::vector<Expr> conjuncts_of(const Expr& filter) {
  std::vector<Expr> conjuncts;
  collect_conjuncts(filter, conjuncts);
  return conjuncts;
}

bool never_null(const Expr& expression) {
  return std::visit([](const auto& node) { return node_never_null(node); }, expression->node);
}

bool single_valued(const Expr& expression) {
  return std::visit([](const auto& node) { return node_single_valued(node); }, expression->node);
}

}  // namespace trailhound::plan
