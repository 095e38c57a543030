// Conditions: which tests are searches, which are scripts, and how and, or, not join them.

#include <algorithm>
#include <utility>

#include "lang/eql/codes.h"
#include "lang/eql/constants.h"
#include "lang/eql/lowering_state.h"

namespace trailhound::eql {
namespace {

Condition constant(Truth truth) { return {nullptr, truth}; }
Condition always(plan::Expr expression) { return {std::move(expression), {}}; }
/// Of a search that may have been refused.
Condition searched(plan::Expr expression) { return always(std::move(expression)); }

Truth truth_of_constant(const Value& value) {
  const bool* truth = std::get_if<bool>(&value);
  return truth == nullptr ? Truth::unknown : truth_of(*truth);
}

bool compares(Comparison::Op op, int order) {
  switch (op) {
    case Comparison::Op::equal:
      return order == 0;
    case Comparison::Op::not_equal:
      return order != 0;
    case Comparison::Op::less:
      return order < 0;
    case Comparison::Op::less_equal:
      return order <= 0;
    case Comparison::Op::greater:
      return order > 0;
    case Comparison::Op::greater_equal:
      return order >= 0;
  }
  return false;
}

double number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

}  // namespace

Condition Lowering::negated(Condition operand) {
  if (operand.constant) return constant(!*operand.constant);
  if (!operand.expression) return {};
  return always(plan::negate(std::move(operand.expression)));
}

/// Whether an expression gives a boolean by its form.
bool Lowering::is_test(const Expression& e) {
  if (const auto* call = std::get_if<FunctionCall>(&e.node)) {
    const FunctionInfo* function = function_named(call->name);
    return function != nullptr && function->is_test;
  }
  return std::holds_alternative<Negation>(e.node) || std::holds_alternative<Junction>(e.node) ||
         std::holds_alternative<Comparison>(e.node) || std::holds_alternative<Membership>(e.node) ||
         std::holds_alternative<TextTest>(e.node);
}

/// Every test says where it stands in the query: explanations show it.
Condition Lowering::condition(const Expression& e) {
  Condition found = condition_without_place(e);
  if (found.expression) {
    auto placed = std::make_shared<plan::Expression>(*found.expression);
    placed->at = e.at;
    found.expression = std::move(placed);
  }
  return found;
}

Condition Lowering::condition_without_place(const Expression& e) {
  if (const auto* node = std::get_if<Negation>(&e.node)) return negated(condition(*node->operand));
  if (const auto* node = std::get_if<Junction>(&e.node)) return junction(e, *node);
  if (const auto* node = std::get_if<Comparison>(&e.node)) return comparison(e, *node);
  if (const auto* node = std::get_if<Membership>(&e.node)) return membership(e, *node);
  if (const auto* node = std::get_if<TextTest>(&e.node)) return text_test(e, *node);
  if (const auto value = constant_of(e)) {
    if (is_null(*value) || std::holds_alternative<bool>(*value)) return constant(truth_of_constant(*value));
    error(codes::kType, e.at, "a condition is true or false, not " + std::string(name_of(kind_of(*value))));
    return {};
  }
  if (const auto* node = std::get_if<FunctionCall>(&e.node)) return call(e, *node);
  if (const auto* node = std::get_if<Field>(&e.node)) return boolean_field(e, *node);
  error(codes::kType, e.at, "a condition is true or false, not a number", "add a comparison");
  return {};
}

/// The constant null makes a conjunction null, whatever the rest says, and is left out of a disjunction.
Condition Lowering::junction(const Expression&, const Junction& node) {
  std::vector<plan::Expr> operands;
  bool refused = false;
  bool null = false;
  bool decided = false;
  const Truth deciding = node.conjunction ? Truth::no : Truth::yes;
  for (const ExpressionPtr& operand : node.operands) {
    Condition one = condition(*operand);
    if (!one.ok()) {
      refused = true;
    } else if (one.constant) {
      decided = decided || *one.constant == deciding;
      null = null || *one.constant == Truth::unknown;
    } else {
      operands.push_back(std::move(one.expression));
    }
  }
  if (refused) return {};
  if (decided) return constant(deciding);
  if (null && (node.conjunction || operands.empty())) return constant(Truth::unknown);
  if (operands.empty()) return constant(!deciding);
  return always(node.conjunction ? plan::all_of(std::move(operands)) : plan::any_of(std::move(operands)));
}

Condition Lowering::comparison(const Expression& e, const Comparison& node) {
  if (node.op == Comparison::Op::not_equal) {  // != is not ==: true of an absent field
    const auto left = constant_of(*node.left);
    const auto right = constant_of(*node.right);
    if (left && right) return negated(compare_constants(e, Comparison::Op::equal, *left, *right));
    if (left) return negated(compare(e, Comparison::Op::equal, *node.right, *left, node.left->at));
    if (right) return negated(compare(e, Comparison::Op::equal, *node.left, *right, node.right->at));
  }
  const auto left = constant_of(*node.left);
  const auto right = constant_of(*node.right);
  if (left && right) return compare_constants(e, node.op, *left, *right);
  if (right) return compare(e, node.op, *node.left, *right, node.right->at);
  if (left) return compare(e, mirrored(node.op), *node.right, *left, node.left->at);
  error(codes::kNotSupported, node.right->at, "one side of a comparison must be constant",
        "EQL does not compare fields with each other");
  return {};
}

Condition Lowering::compare_constants(const Expression& e, Comparison::Op op, const Value& a, const Value& b) {
  if (is_null(a) || is_null(b)) {
    if (op != Comparison::Op::equal) return constant(Truth::unknown);
    return constant(truth_of(is_null(a) && is_null(b)));
  }
  if (kind_of(a) != kind_of(b)) {
    error(codes::kType, e.at,
          std::string(name_of(kind_of(a))) + " is compared with " + std::string(name_of(kind_of(b))));
    return {};
  }
  if (kind_of(a) != Kind::number) return constant(truth_of(compares(op, compare_values(a, b))));
  const double x = number_of(a);
  const double y = number_of(b);
  return constant(truth_of(compares(op, x < y ? -1 : (x > y ? 1 : 0))));
}

Condition Lowering::compare(const Expression& e, Comparison::Op op, const Expression& subject, const Value& value,
                            LineColumn value_at) {
  if (is_null(value)) {
    if (op == Comparison::Op::equal) return null_test(subject);
    if (!column_of(subject) && std::holds_alternative<Field>(subject.node)) return {};
    return constant(Truth::unknown);
  }
  if (const auto* field = std::get_if<Field>(&subject.node)) {
    const event::ColumnRef column = find_field(*field, subject.at);
    return column ? searched(direct_compare(column, op, value, value_at)) : Condition{};
  }
  if (const bool* truth = std::get_if<bool>(&value);
      truth != nullptr && op == Comparison::Op::equal && is_test(subject)) {
    return *truth ? condition(subject) : negated(condition(subject));
  }
  return script(
      {&subject}, false,
      [&]() -> plan::Expr {
        const ScriptValue left = this->value(subject);
        if (!left.expression) return nullptr;
        const ScriptValue right{plan::literal(value, event::LogicalType::any), kind_of(value)};
        return compare_in_script(op, left, right, value_at);
      },
      e.at);
}

/// f == null: no value. Of a script: it gives null for some combination; an absent field is null in it.
Condition Lowering::null_test(const Expression& subject) {
  if (const auto* field = std::get_if<Field>(&subject.node)) {
    const event::ColumnRef column = find_field(*field, subject.at);
    if (!column) return {};
    return always(plan::negate(plan::make(plan::Present{plan::column(column, subject.at)})));
  }
  return script(
      {&subject}, true,
      [&]() -> plan::Expr {
        const ScriptValue inner = value(subject);
        if (!inner.expression) return nullptr;
        return plan::negate(plan::make(plan::Present{inner.expression}));
      },
      subject.at);
}

Condition Lowering::membership(const Expression& e, const Membership& node) {
  std::vector<std::pair<Value, LineColumn>> values;
  bool refused = false;
  for (const ExpressionPtr& item : node.list) {
    const auto value = constant_of(*item);
    if (!value) {
      error(codes::kConstantNeeded, item->at, "the values of a list must be constant",
            "EQL does not compare fields with each other");
      refused = true;
    } else if (node.insensitive && !std::holds_alternative<std::string>(*value)) {
      error(codes::kType, item->at, "in~ compares texts");
      refused = true;
    } else if (!is_null(*value)) {
      values.emplace_back(*value, item->at);
    }
  }
  if (refused) return {};
  const auto finish = [&node](Condition found) { return node.negated ? negated(std::move(found)) : found; };
  if (const auto subject = constant_of(*node.subject)) {
    if (is_null(*subject)) return constant(Truth::unknown);
    Truth any = Truth::no;
    for (const auto& [value, at] : values) {
      const Condition one = compare_constants(e, Comparison::Op::equal, *subject, value);
      if (!one.ok()) return {};
      any = any | *one.constant;
    }
    return finish(constant(any));
  }
  const auto* field = std::get_if<Field>(&node.subject->node);
  if (field == nullptr) {
    return finish(script({node.subject.get()}, false, [&] { return value_of_membership(node).expression; }, e.at));
  }
  const event::ColumnRef column = find_field(*field, node.subject->at);
  if (!column) return {};
  if (node.insensitive) {
    std::vector<std::string> texts;
    for (const auto& [value, at] : values) texts.push_back(std::get<std::string>(value));
    return finish(searched(direct_folded_list(column, texts, e.at)));
  }
  plan::OneOf list;
  list.needle = plan::element(column->type);
  list.domain = kind_of(column->type) == Kind::open ? plan::Domain::text : plan::Domain::native;
  std::vector<plan::Expr> any;
  for (const auto& [value, at] : values) {
    if (kind_of(column->type) == Kind::date || kind_of(column->type) == Kind::address) {
      any.push_back(direct_compare(column, Comparison::Op::equal, value, at));
      if (!any.back()) return {};
    } else if (kind_of(column->type) == Kind::text && !std::holds_alternative<std::string>(value)) {
      error(codes::kType, at, column->name + " is a text, this is " + std::string(name_of(kind_of(value))),
            "write it in quotes");
      return {};
    } else if (auto converted = constant_for(column, value, at)) {
      list.values.push_back(std::move(*converted));
    } else {
      return {};
    }
  }
  if (!any.empty()) return finish(always(plan::any_of(std::move(any))));
  if (list.values.empty()) return finish(constant(Truth::no));
  sort_distinct(list.values);
  plan::Expr body = plan::make(std::move(list));
  return finish(always(plan::make(plan::Exists{plan::column(column, node.subject->at), std::move(body)})));
}

Condition Lowering::text_test(const Expression& e, const TextTest& node) {
  const auto texts = texts_of(node);
  if (!texts) return {};
  if (const auto subject = constant_of(*node.subject); subject && is_null(*subject)) return constant(Truth::unknown);
  if (const auto* field = std::get_if<Field>(&node.subject->node)) {
    const event::ColumnRef column = find_field(*field, node.subject->at);
    return column ? searched(direct_text_test(column, node, *texts, node.subject->at)) : Condition{};
  }
  return script({node.subject.get()}, false, [&] { return value_of_text_test(e, node).expression; }, e.at);
}

Condition Lowering::call(const Expression& e, const FunctionCall& node) {
  const FunctionInfo* function = function_of(e, node);
  if (function == nullptr) return {};
  if (!function->is_test) {
    error(codes::kType, e.at, "a condition is true or false; " + std::string(function->name) + " gives neither",
          "add a comparison");
    return {};
  }
  const auto subject = constant_of(*node.arguments[0]);
  const bool is_null_test = subject && is_null(*subject);  // an optional field that does not exist
  const event::ColumnRef column = is_null_test ? nullptr : column_of(*node.arguments[0]);
  std::vector<std::string> texts;
  for (std::size_t i = 1; i < node.arguments.size(); ++i) {
    const auto value = constant_of(*node.arguments[i]);
    if (!value || !std::holds_alternative<std::string>(*value)) break;
    texts.push_back(std::get<std::string>(*value));
  }
  if (column && texts.size() + 1 == node.arguments.size()) {
    return searched(direct_call(column, *function, node.insensitive, texts, node));
  }
  if (is_null_test) return value_of_call(e, node).expression ? constant(Truth::unknown) : Condition{};
  return script({&e}, false, [&] { return value_of_call(e, node).expression; }, e.at);
}

Condition Lowering::boolean_field(const Expression& e, const Field& node) {
  const event::ColumnRef column = find_field(node, e.at);
  if (!column) return {};
  const Kind kind = kind_of(column->type);
  if (kind != Kind::boolean && kind != Kind::open) {
    error(codes::kType, e.at, "a condition is true or false; " + node.name + " is " + std::string(name_of(kind)),
          "add a comparison");
    return {};
  }
  return searched(direct_compare(column, Comparison::Op::equal, Value(true), e.at));
}

// ---- names and constants --------------------------------------------------------------------------------------------

std::optional<Value> Lowering::constant_of(const Expression& e) const {
  return fold_constant(e, [this](std::string_view name) { return exists(name); });
}

event::ColumnRef Lowering::column_of(const Expression& e) {
  const auto* field = std::get_if<Field>(&e.node);
  return field == nullptr ? nullptr : find_field(*field, e.at);
}

event::ColumnRef Lowering::find_field(const Field& field, LineColumn at) {
  const auto found = fields_.find(field.name);
  if (!found) return error(codes::kUnknownField, at, found.error().what, found.error().hint);
  const event::LogicalType type = (*found)->type;
  if (type == event::LogicalType::text) {
    return error(codes::kType, at, field.name + " is analysed text, which EQL cannot search",
                 "use the keyword field beside it");
  }
  if (type == event::LogicalType::unsupported || type == event::LogicalType::geo_point)
    return error(codes::kType, at, field.name + " cannot be searched");
  return *found;
}

const FunctionInfo* Lowering::function_of(const Expression& e, const FunctionCall& node) {
  const FunctionInfo* function = function_named(node.name);
  if (function == nullptr) {
    const std::string nearest = nearest_function(node.name);
    return error(codes::kUnknownFunction, e.at, "there is no function " + node.name,
                 nearest.empty() ? "" : "did you mean " + nearest + "?");
  }
  const std::string name(function->name);
  if (node.insensitive && !function->has_insensitive) {
    return error(codes::kUnknownFunction, e.at, name + " has no form with ~", "write " + name);
  }
  const auto count = static_cast<int>(node.arguments.size());
  const bool many = function->max_arguments != FunctionInfo::kAnyNumber && count > function->max_arguments;
  if (count < function->min_arguments || many) {
    std::string wanted = std::to_string(function->min_arguments);
    if (function->max_arguments == FunctionInfo::kAnyNumber) {
      wanted += " or more";
    } else if (function->max_arguments != function->min_arguments) {
      wanted += " to " + std::to_string(function->max_arguments);
    }
    return error(codes::kArgumentCount, e.at,
                 name + " takes " + wanted + " arguments, " + std::to_string(count) + " given");
  }
  return function;
}

Kind kind_of(event::LogicalType type) {
  using enum event::LogicalType;
  switch (type) {
    case boolean:
      return Kind::boolean;
    case integer:
    case long_integer:
    case unsigned_long:
    case real:
      return Kind::number;
    case keyword:
    case text:
    case version:
      return Kind::text;
    case ip:
      return Kind::address;
    case date:
    case date_nanos:
      return Kind::date;
    case null:
      return Kind::null;
    case any:
    case date_period:
    case geo_point:
    case time_duration:
    case unsupported:
      return Kind::open;
  }
  return Kind::open;
}

Kind kind_of(const Value& value) {
  if (is_null(value)) return Kind::null;
  if (std::holds_alternative<bool>(value)) return Kind::boolean;
  if (std::holds_alternative<std::string>(value)) return Kind::text;
  if (std::holds_alternative<IpAddress>(value)) return Kind::address;
  return Kind::number;
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::number:
      return "a number";
    case Kind::text:
      return "a text";
    case Kind::address:
      return "an address";
    case Kind::date:
      return "a date";
    case Kind::open:
      return "of any type";
  }
  return "";
}

plan::ComparisonOp plan_op(Comparison::Op op) {
  switch (op) {
    case Comparison::Op::equal:
      return plan::ComparisonOp::equal;
    case Comparison::Op::not_equal:
      return plan::ComparisonOp::not_equal;
    case Comparison::Op::less:
      return plan::ComparisonOp::less;
    case Comparison::Op::less_equal:
      return plan::ComparisonOp::less_equal;
    case Comparison::Op::greater:
      return plan::ComparisonOp::greater;
    case Comparison::Op::greater_equal:
      return plan::ComparisonOp::greater_equal;
  }
  return plan::ComparisonOp::equal;
}

Comparison::Op mirrored(Comparison::Op op) {
  switch (op) {
    case Comparison::Op::less:
      return Comparison::Op::greater;
    case Comparison::Op::less_equal:
      return Comparison::Op::greater_equal;
    case Comparison::Op::greater:
      return Comparison::Op::less;
    case Comparison::Op::greater_equal:
      return Comparison::Op::less_equal;
    case Comparison::Op::equal:
    case Comparison::Op::not_equal:
      return op;
  }
  return op;
}

}  // namespace trailhound::eql
