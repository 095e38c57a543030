#include "lang/eql/constants.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "event/java_text.h"
#include "lang/eql/functions.h"
#include "plan/eql_text.h"

namespace trailhound::eql {
namespace {

namespace eql_text = plan::eql_text;
constexpr auto kNothing = std::nullopt;

/// As STRING and CONCAT write it, of a constant and of what events have.
std::string text_of(const Value& value) {
  const auto* real = std::get_if<double>(&value);
  return real == nullptr ? to_text(value) : event::java_double_text(*real);
}

std::optional<double> real_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return kNothing;
}

std::optional<Value> compute_whole(Arithmetic::Op op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case Arithmetic::Op::add:
      return __builtin_add_overflow(a, b, &result) ? kNothing : std::optional(Value(result));
    case Arithmetic::Op::subtract:
      return __builtin_sub_overflow(a, b, &result) ? kNothing : std::optional(Value(result));
    case Arithmetic::Op::multiply:
      return __builtin_mul_overflow(a, b, &result) ? kNothing : std::optional(Value(result));
    case Arithmetic::Op::divide:
      if (b == 0 || (b == -1 && a == std::numeric_limits<std::int64_t>::min())) return kNothing;
      return Value(a / b);
    case Arithmetic::Op::modulo:
      if (b == 0) return kNothing;
      return Value(b == -1 ? std::int64_t{0} : a % b);
  }
  return kNothing;
}

std::optional<Value> compute_real(Arithmetic::Op op, double a, double b) {
  double result = 0;
  switch (op) {
    case Arithmetic::Op::add:
      result = a + b;
      break;
    case Arithmetic::Op::subtract:
      result = a - b;
      break;
    case Arithmetic::Op::multiply:
      result = a * b;
      break;
    case Arithmetic::Op::divide:
      result = a / b;
      break;
    case Arithmetic::Op::modulo:
      result = std::fmod(a, b);
      break;
  }
  return std::isfinite(result) ? std::optional(Value(result)) : kNothing;
}

std::optional<Value> compute(Arithmetic::Op op, const Value& a, const Value& b) {
  if (is_null(a) || is_null(b)) return Value();
  const auto* i = std::get_if<std::int64_t>(&a);
  const auto* j = std::get_if<std::int64_t>(&b);
  if (i != nullptr && j != nullptr) return compute_whole(op, *i, *j);
  const auto x = real_of(a);
  const auto y = real_of(b);
  return x && y ? compute_real(op, *x, *y) : kNothing;
}

/// Arguments of a call by kind. A wrong kind sets `wrong`; a null sets `null`.
struct Arguments {
  std::vector<Value> values;
  bool wrong = false;
  bool null = false;

  const Value* at(std::size_t index) const { return index < values.size() ? &values[index] : nullptr; }
  std::string text(std::size_t index) {
    const Value* value = at(index);
    if (value == nullptr || is_null(*value)) return (null = true, std::string());
    const auto* text = std::get_if<std::string>(value);
    return text == nullptr ? (wrong = true, std::string()) : *text;
  }
  std::optional<std::int64_t> whole(std::size_t index) {
    const Value* value = at(index);
    if (value == nullptr || is_null(*value)) return kNothing;
    const auto* number = std::get_if<std::int64_t>(value);
    return number == nullptr ? (wrong = true, kNothing) : std::optional(*number);
  }
  bool flag(std::size_t index) {
    const Value* value = at(index);
    if (value == nullptr || is_null(*value)) return false;
    const bool* flag = std::get_if<bool>(value);
    return flag == nullptr ? (wrong = true, false) : *flag;
  }
};

Value optional_value(std::optional<std::int64_t> value) { return value ? Value(*value) : Value(); }

std::optional<Value> call_text_function(FunctionId id, bool insensitive, Arguments& arguments) {
  const std::string text = arguments.text(0);
  Value result;
  switch (id) {
    case FunctionId::length:
      result = eql_text::length(text);
      break;
    case FunctionId::index_of:
      result = optional_value(eql_text::index_of(text, arguments.text(1), arguments.whole(2).value_or(0), insensitive));
      break;
    case FunctionId::substring: {
      const auto start = arguments.whole(1);
      if (!start) return arguments.wrong ? kNothing : std::optional(Value());
      result = eql_text::slice(text, *start, arguments.whole(2));
      break;
    }
    case FunctionId::between: {
      auto found = eql_text::between(text, arguments.text(1), arguments.text(2), arguments.flag(3), insensitive);
      if (found) result = std::move(*found);
      break;
    }
    case FunctionId::number: {
      auto number = eql_text::number(text, arguments.whole(1));
      if (number) result = std::move(*number);
      if (!number && !arguments.null) return kNothing;
      break;
    }
    default:
      return kNothing;
  }
  if (arguments.wrong) return kNothing;
  return arguments.null ? Value() : result;
}

std::optional<Value> call(const FunctionInfo& function, bool insensitive, Arguments& arguments) {
  switch (function.id) {
    case FunctionId::add:
      return compute(Arithmetic::Op::add, arguments.values[0], arguments.values[1]);
    case FunctionId::subtract:
      return compute(Arithmetic::Op::subtract, arguments.values[0], arguments.values[1]);
    case FunctionId::multiply:
      return compute(Arithmetic::Op::multiply, arguments.values[0], arguments.values[1]);
    case FunctionId::divide:
      return compute(Arithmetic::Op::divide, arguments.values[0], arguments.values[1]);
    case FunctionId::modulo:
      return compute(Arithmetic::Op::modulo, arguments.values[0], arguments.values[1]);
    case FunctionId::string:
      if (is_null(arguments.values[0])) return Value();
      return Value(text_of(arguments.values[0]));
    case FunctionId::concat: {
      std::string joined;
      for (const Value& value : arguments.values) {
        if (is_null(value)) return Value();
        joined += text_of(value);
      }
      return Value(joined);
    }
    default:
      return call_text_function(function.id, insensitive, arguments);
  }
}

std::optional<Value> fold_call(const FunctionCall& node, const FieldExists& exists) {
  const FunctionInfo* function = function_named(node.name);
  if (function == nullptr || (node.insensitive && !function->has_insensitive)) return kNothing;
  const auto count = static_cast<int>(node.arguments.size());
  if (count < function->min_arguments) return kNothing;
  if (function->max_arguments != FunctionInfo::kAnyNumber && count > function->max_arguments) return kNothing;
  Arguments arguments;
  for (const ExpressionPtr& argument : node.arguments) {
    auto value = fold_constant(*argument, exists);
    if (!value) return kNothing;
    arguments.values.push_back(std::move(*value));
  }
  return call(*function, node.insensitive, arguments);
}

}  // namespace

std::optional<Value> fold_constant(const Expression& expression, const FieldExists& exists) {
  if (const auto* constant = std::get_if<Constant>(&expression.node)) return constant->value;
  if (const auto* field = std::get_if<Field>(&expression.node)) {
    return field->optional && !exists(field->name) ? std::optional(Value()) : kNothing;
  }
  if (const auto* minus = std::get_if<Minus>(&expression.node)) {
    const auto operand = fold_constant(*minus->operand, exists);
    return operand ? compute(Arithmetic::Op::subtract, Value(std::int64_t{0}), *operand) : kNothing;
  }
  if (const auto* arithmetic = std::get_if<Arithmetic>(&expression.node)) {
    const auto left = fold_constant(*arithmetic->left, exists);
    if (!left) return kNothing;
    const auto right = fold_constant(*arithmetic->right, exists);
    return right ? compute(arithmetic->op, *left, *right) : kNothing;
  }
  if (const auto* call = std::get_if<FunctionCall>(&expression.node)) return fold_call(*call, exists);
  return kNothing;
}

}  // namespace trailhound::eql
