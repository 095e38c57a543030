// Scripts: expressions over the values of fields, one combination of values at a time.

#include <algorithm>
#include <utility>

#include "lang/eql/codes.h"
#include "lang/eql/lowering_state.h"
#include "lang/eql/patterns.h"
#include "plan/replacement.h"

namespace trailhound::eql {
namespace {

using event::LogicalType;
using plan::Expr;
using Fold = plan::Pattern::Fold;

/// Occurrences that have to be tried with and without a value double the condition each.
constexpr int kMostNullable = 5;
constexpr std::size_t kMostOccurrences = 16;

Expr boolean_text(Expr expression) {
  return plan::make(plan::Call{plan::Function::to_text, {std::move(expression)}}, LogicalType::keyword);
}

}  // namespace

/// Fields of a script in the order of writing. False if one is unknown, which is reported.
bool Lowering::collect(const Expression& e, bool sees_null, std::vector<Occurrence>& out) {
  const auto all = [&](const std::vector<ExpressionPtr>& list) {
    return std::ranges::all_of(list, [&](const ExpressionPtr& item) { return collect(*item, sees_null, out); });
  };
  if (const auto* node = std::get_if<Field>(&e.node)) {
    if (node->optional && !exists(node->name)) return true;  // a constant
    const event::ColumnRef column = find_field(*node, e.at);
    if (!column) return false;
    out.push_back({&e, column, sees_null});
    return true;
  }
  if (const auto* node = std::get_if<FunctionCall>(&e.node)) {
    const FunctionInfo* function = function_of(e, *node);
    if (function == nullptr) return false;
    for (std::size_t i = 0; i < node->arguments.size(); ++i) {
      if (!collect(*node->arguments[i], sees_null || function->is_optional(i), out)) return false;
    }
    return true;
  }
  if (const auto* node = std::get_if<Negation>(&e.node)) return collect(*node->operand, true, out);
  if (const auto* node = std::get_if<Junction>(&e.node)) return all(node->operands);
  if (const auto* node = std::get_if<Comparison>(&e.node)) {
    return collect(*node->left, sees_null, out) && collect(*node->right, sees_null, out);
  }
  if (const auto* node = std::get_if<Membership>(&e.node)) return collect(*node->subject, sees_null, out);
  if (const auto* node = std::get_if<TextTest>(&e.node)) return collect(*node->subject, sees_null, out);
  if (const auto* node = std::get_if<Arithmetic>(&e.node)) {
    return collect(*node->left, sees_null, out) && collect(*node->right, sees_null, out);
  }
  if (const auto* node = std::get_if<Minus>(&e.node)) return collect(*node->operand, sees_null, out);
  return true;
}

Condition Lowering::script(const std::vector<const Expression*>& roots, bool sees_null,
                           const std::function<Expr()>& body, LineColumn at) {
  std::vector<Occurrence> fields;
  for (const Expression* root : roots) {
    if (!collect(*root, sees_null, fields)) return {};
  }
  const auto nullable = std::ranges::count_if(fields, [](const Occurrence& field) { return field.sees_null; });
  if (nullable > kMostNullable || fields.size() > kMostOccurrences) {
    error(codes::kTooComplex, at, "too many fields in one expression", "split it");
    return {};
  }
  std::vector<Expr> cases;
  for (unsigned absent = 0; absent < 1u << nullable; ++absent) {
    // Which fields have a value in this case, the innermost last.
    std::vector<const Occurrence*> present;
    std::vector<Expr> parts;
    unsigned bit = 0;
    bound_.clear();
    for (const Occurrence& field : fields) {
      if (field.sees_null && (absent >> bit++ & 1u) != 0) {
        bound_[field.expression] = plan::literal(Value(), LogicalType::null);
        parts.push_back(plan::negate(plan::make(plan::Present{plan::column(field.column)})));
      } else {
        present.push_back(&field);
      }
    }
    for (std::size_t i = 0; i < present.size(); ++i) {
      const auto depth = static_cast<std::uint32_t>(present.size() - 1 - i);
      bound_[present[i]->expression] = plan::make(plan::Variable{depth}, present[i]->column->type);
    }
    Expr lifted = body();
    bound_.clear();
    if (!lifted) return {};
    if (present.empty()) lifted = plan::make(plan::IsTrue{std::move(lifted)});
    for (auto field = present.rbegin(); field != present.rend(); ++field) {
      lifted = plan::make(plan::Exists{plan::column((*field)->column, (*field)->expression->at), std::move(lifted)});
    }
    parts.push_back(std::move(lifted));
    cases.push_back(plan::all_of(std::move(parts)));
  }
  return {plan::any_of(std::move(cases)), {}};
}

ScriptValue Lowering::value(const Expression& e) {
  if (const auto* node = std::get_if<Constant>(&e.node)) {
    return {plan::literal(node->value, LogicalType::any), kind_of(node->value)};
  }
  if (const auto* node = std::get_if<Field>(&e.node)) return value_of_field(e, *node);
  if (const auto* node = std::get_if<FunctionCall>(&e.node)) return value_of_call(e, *node);
  if (const auto* node = std::get_if<Minus>(&e.node)) {
    const ScriptValue zero{plan::literal(Value(std::int64_t{0}), LogicalType::long_integer), Kind::number};
    return value_of_arithmetic(e, plan::Function::subtract, zero, value(*node->operand));
  }
  if (const auto* node = std::get_if<Arithmetic>(&e.node)) {
    constexpr plan::Function kFunctions[] = {plan::Function::add, plan::Function::subtract, plan::Function::multiply,
                                             plan::Function::divide, plan::Function::modulo};
    ScriptValue left = value(*node->left);
    if (!left.expression) return {};
    return value_of_arithmetic(e, kFunctions[static_cast<std::size_t>(node->op)], left, value(*node->right));
  }
  if (const auto* node = std::get_if<Comparison>(&e.node)) return value_of_comparison(e, *node);
  if (const auto* node = std::get_if<Membership>(&e.node)) {
    ScriptValue found = value_of_membership(*node);
    if (found.expression && node->negated) found.expression = plan::negate(std::move(found.expression));
    return found;
  }
  if (const auto* node = std::get_if<TextTest>(&e.node)) return value_of_text_test(e, *node);
  if (const auto* node = std::get_if<Junction>(&e.node)) return value_of_junction(e, *node);
  const auto& negation = std::get<Negation>(e.node);
  const ScriptValue operand = value(*negation.operand);
  if (!operand.expression) return {};
  if (operand.kind != Kind::boolean && operand.kind != Kind::null) {
    error(codes::kType, negation.operand->at, "not needs a condition");
    return {};
  }
  return {plan::negate(operand.expression), Kind::boolean};
}

ScriptValue Lowering::value_of_field(const Expression& e, const Field& node) {
  if (const auto bound = bound_.find(&e); bound != bound_.end()) {
    const LogicalType type = bound->second->type;
    // Flattened leaves are texts to Elastic, whatever JSON they were.
    if (type == LogicalType::any) return {boolean_text(bound->second), Kind::open};
    return {bound->second, kind_of(type)};
  }
  if (node.optional && !exists(node.name)) return {plan::literal(Value(), LogicalType::null), Kind::null};
  error(codes::kNotSupported, e.at, "this field cannot stand here");
  return {};
}

ScriptValue Lowering::value_of_arithmetic(const Expression& e, plan::Function function, const ScriptValue& left,
                                          const ScriptValue& right) {
  if (!left.expression || !right.expression) return {};
  bool real = false;
  for (const ScriptValue* side : {&left, &right}) {
    if (side->kind != Kind::number && side->kind != Kind::null && side->kind != Kind::open) {
      error(codes::kType, e.at, "arithmetic needs numbers; this is with " + std::string(name_of(side->kind)));
      return {};
    }
    real = real || side->expression->type == LogicalType::real;
  }
  plan::Call call{function, {left.expression, right.expression}};
  return {plan::make(std::move(call), real ? LogicalType::real : LogicalType::long_integer, e.at), Kind::number};
}

Expr Lowering::compare_in_script(Comparison::Op op, const ScriptValue& left, const ScriptValue& right, LineColumn at) {
  const bool either_null = left.kind == Kind::null || right.kind == Kind::null;
  const bool either_open = left.kind == Kind::open || right.kind == Kind::open;
  if (!either_null && !either_open && left.kind != right.kind) {
    return error(codes::kType, at,
                 std::string(name_of(left.kind)) + " is compared with " + std::string(name_of(right.kind)));
  }
  const plan::Domain domain = either_open ? plan::Domain::text : plan::Domain::native;
  return plan::make(plan::Compare{plan_op(op), domain, left.expression, right.expression}, LogicalType::boolean, at);
}

ScriptValue Lowering::value_of_comparison(const Expression& e, const Comparison& node) {
  const ScriptValue left = value(*node.left);
  if (!left.expression) return {};
  const ScriptValue right = value(*node.right);
  if (!right.expression) return {};
  if (!constant_of(*node.left) && !constant_of(*node.right)) {
    error(codes::kNotSupported, node.right->at, "one side of a comparison must be constant");
    return {};
  }
  Expr compared = compare_in_script(node.op, left, right, e.at);
  return {std::move(compared), Kind::boolean};
}

ScriptValue Lowering::value_of_membership(const Membership& node) {
  const ScriptValue subject = value(*node.subject);
  if (!subject.expression) return {};
  std::vector<Expr> any;
  for (const ExpressionPtr& item : node.list) {
    const auto constant = constant_of(*item);
    if (!constant) {
      error(codes::kConstantNeeded, item->at, "the values of a list must be constant");
      return {};
    }
    if (is_null(*constant)) continue;
    if (node.insensitive) {
      const auto* text = std::get_if<std::string>(&*constant);
      if (text == nullptr || (subject.kind != Kind::text && subject.kind != Kind::open)) {
        error(codes::kType, item->at, "in~ compares texts");
        return {};
      }
      any.push_back(plan::make(plan::Match{subject.expression, exact_pattern(*text, Fold::unicode)}));
      continue;
    }
    const ScriptValue other{plan::literal(*constant, LogicalType::any), kind_of(*constant)};
    any.push_back(compare_in_script(Comparison::Op::equal, subject, other, item->at));
    if (!any.back()) return {};
  }
  return {plan::any_of(std::move(any)), Kind::boolean};
}

ScriptValue Lowering::value_of_text_test(const Expression& e, const TextTest& node) {
  const ScriptValue subject = value(*node.subject);
  const auto texts = texts_of(node);
  if (!subject.expression || !texts) return {};
  if (subject.kind != Kind::text && subject.kind != Kind::open && subject.kind != Kind::null) {
    error(codes::kType, e.at, "texts are tested here; this is " + std::string(name_of(subject.kind)));
    return {};
  }
  if (node.kind == TextTest::Kind::regex) {
    Expr test = regex_in_script(subject.expression, *texts, node.insensitive, e.at);
    return test ? ScriptValue{std::move(test), Kind::boolean} : ScriptValue{};
  }
  std::vector<Expr> any;
  for (const std::string& text : *texts) {
    const Fold exact_fold = node.insensitive ? Fold::unicode : Fold::none;
    const Fold wild_fold = node.insensitive ? Fold::ascii : Fold::none;
    any.push_back(plan::make(plan::Match{
        subject.expression, has_wildcard(text) ? wildcard_pattern(text, wild_fold) : exact_pattern(text, exact_fold)}));
  }
  return {plan::any_of(std::move(any)), Kind::boolean};
}

/// Scripts read Java's regular expressions, not Lucene's. The whole text matches if replacing the match leaves but the
/// replacement.
Expr Lowering::regex_in_script(const Expr& subject, const std::vector<std::string>& texts, bool insensitive,
                               LineColumn at) {
  std::string whole = insensitive ? "(?iu)\\A(?:" : "\\A(?:";
  for (std::size_t i = 0; i < texts.size(); ++i) whole.append(i == 0 ? "" : "|").append(texts[i]);
  whole += ")\\z";
  if (const auto regex = plan::JavaRegex::compile(whole); !regex) {
    return error(codes::kPattern, at, regex.error().what, regex.error().hint);
  }
  const Expr mark = plan::literal(std::string(1, '\x01'), LogicalType::keyword);
  Expr replaced = plan::make(
      plan::Call{plan::Function::replace, {subject, plan::literal(std::move(whole), LogicalType::keyword), mark}},
      LogicalType::keyword, at);
  return plan::make(plan::Compare{plan::ComparisonOp::equal, plan::Domain::native, std::move(replaced), mark},
                    LogicalType::boolean, at);
}

ScriptValue Lowering::value_of_junction(const Expression&, const Junction& node) {
  std::vector<Expr> operands;
  for (const ExpressionPtr& operand : node.operands) {
    ScriptValue one = value(*operand);
    if (!one.expression) return {};
    if (one.kind != Kind::boolean && one.kind != Kind::null) {
      error(codes::kType, operand->at, "and and or join conditions");
      return {};
    }
    operands.push_back(std::move(one.expression));
  }
  return {node.conjunction ? plan::all_of(std::move(operands)) : plan::any_of(std::move(operands)), Kind::boolean};
}

}  // namespace trailhound::eql
