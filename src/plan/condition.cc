#include "plan/condition.h"

#include <algorithm>
#include <string_view>

#include "base/number_text.h"

namespace trailhound::plan {

namespace {

// What binds tighter gets the higher number; parentheses go around what binds less than its surroundings.
enum class Binding { then, any, all, comparison };

std::string_view symbol(ComparisonOp op) {
  switch (op) {
    case ComparisonOp::equal:
      return "==";
    case ComparisonOp::not_equal:
      return "!=";
    case ComparisonOp::less:
      return "<";
    case ComparisonOp::less_equal:
      return "<=";
    case ComparisonOp::greater:
      return ">";
    case ComparisonOp::greater_equal:
      return ">=";
  }
  return "";
}

class Printer {
 public:
  explicit Printer(const std::vector<std::string>& names) : names_(names) {}

  std::string text(const Condition& condition, Binding around) const {
    if (!condition) return "";
    const auto [out, binding] = std::visit([this](const auto& node) { return print_node(node); }, condition->node);
    return binding < around ? "(" + out + ")" : out;
  }

 private:
  struct Printed {
    std::string text;
    Binding binding;
  };

  std::string term(const LinearTerm& term) const {
    if (term.query < 0) return real_text(term.factor);
    const auto index = static_cast<std::size_t>(term.query);
    const std::string name = index < names_.size() ? names_[index] : "query" + std::to_string(index);
    return term.factor == 1 ? name : real_text(term.factor) + "*" + name;
  }

  Printed print_node(const ConditionCompare& compare) const {
    std::string out = term(compare.left) + " ";
    out.append(symbol(compare.op)).append(" ").append(term(compare.right));
    return {std::move(out), Binding::comparison};
  }
  Printed print_node(const ConditionAll& all) const { return list(all.operands, " && ", Binding::all); }
  Printed print_node(const ConditionAny& any) const { return list(any.operands, " || ", Binding::any); }
  Printed print_node(const ConditionThen& then) const {
    return {text(then.first, Binding::any) + " THEN " + text(then.then, Binding::then), Binding::then};
  }

  Printed list(const std::vector<Condition>& operands, std::string_view between, Binding binding) const {
    if (operands.empty()) return {binding == Binding::all ? "true" : "false", Binding::comparison};
    std::string out;
    for (const Condition& operand : operands) {
      if (!out.empty()) out += between;
      // A list within a list of its own kind keeps its parentheses.
      out += text(operand, operands.size() == 1 ? binding : static_cast<Binding>(static_cast<int>(binding) + 1));
    }
    return {std::move(out), binding};
  }

  const std::vector<std::string>& names_;
};

bool equal_lists(const std::vector<Condition>& a, const std::vector<Condition>& b) {
  return std::ranges::equal(a, b, [](const Condition& x, const Condition& y) { return equal(x, y); });
}

bool equal_nodes(const ConditionCompare& a, const ConditionCompare& b) {
  return a.left == b.left && a.op == b.op && a.right == b.right;
}
bool equal_nodes(const ConditionAll& a, const ConditionAll& b) { return equal_lists(a.operands, b.operands); }
bool equal_nodes(const ConditionAny& a, const ConditionAny& b) { return equal_lists(a.operands, b.operands); }
bool equal_nodes(const ConditionThen& a, const ConditionThen& b) {
  return equal(a.first, b.first) && equal(a.then, b.then);
}

}  // namespace

std::string print(const Condition& condition, const std::vector<std::string>& query_names) {
  return Printer(query_names).text(condition, Binding::then);
}

bool equal(const Condition& a, const Condition& b) {
  if (!a || !b) return a == b;
  if (a->node.index() != b->node.index()) return false;
  return std::visit(
      [&b](const auto& left) { return equal_nodes(left, std::get<std::decay_t<decltype(left)>>(b->node)); }, a->node);
}

}  // namespace trailhound::plan
