#include "lang/esql/known_constants.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace trailhound::esql {
namespace {

std::shared_ptr<Bound> constant_like(const Bound& expression, LogicalType type, Values values) {
  auto constant = std::make_shared<Bound>();
  constant->type = type;
  constant->constant = std::move(values);
  constant->at = expression.at;
  constant->source = expression.source;
  return constant;
}

/// The same value, told of as the expression.
BoundPtr placed_like(const Bound& expression, const BoundPtr& value) {
  auto placed = std::make_shared<Bound>(*value);
  placed->at = expression.at;
  placed->source = expression.source;
  return placed;
}

std::optional<std::int64_t> whole_arithmetic(Operation operation, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (operation) {
    case Operation::add:
      return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case Operation::subtract:
      return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case Operation::multiply:
      return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case Operation::divide:
    case Operation::modulo:
      if (b == 0 || (a == std::numeric_limits<std::int64_t>::min() && b == -1)) return std::nullopt;
      return operation == Operation::divide ? a / b : a % b;
    default:
      return std::nullopt;
  }
}

std::optional<double> real_arithmetic(Operation operation, double a, double b) {
  double result = 0;
  switch (operation) {
    case Operation::add:
      result = a + b;
      break;
    case Operation::subtract:
      result = a - b;
      break;
    case Operation::multiply:
      result = a * b;
      break;
    case Operation::divide:
      result = a / b;
      break;
    case Operation::modulo:
      result = std::fmod(a, b);
      break;
    default:
      return std::nullopt;
  }
  return std::isfinite(result) ? std::optional(result) : std::nullopt;
}

std::optional<double> real_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

/// Whose values are numbers as they are kept: no unsigned_long.
bool is_signed_number(LogicalType type) { return is_numeric(type) && type != LogicalType::unsigned_long; }

}  // namespace

void KnownConstants::define(AttributeId column, const BoundPtr& value) {
  if (!value) return;
  auto known = value_of(value);
  if (known && (known->is_constant() || known->type == LogicalType::date)) columns_.emplace(column, std::move(known));
}

BoundPtr KnownConstants::value_of(const BoundPtr& expression) const {
  switch (expression->operation) {
    case Operation::constant:
    case Operation::span:
      return expression;
    case Operation::attribute: {
      const auto known = columns_.find(expression->attribute);
      if (known == columns_.end()) return nullptr;
      return placed_like(*expression, known->second);
    }
    case Operation::negate:
    case Operation::add:
    case Operation::subtract:
    case Operation::multiply:
    case Operation::divide:
    case Operation::modulo:
      return arithmetic(expression);
    case Operation::equal:
    case Operation::not_equal:
    case Operation::less:
    case Operation::less_equal:
    case Operation::greater:
    case Operation::greater_equal:
      return comparison(expression);
    case Operation::call:
      if (expression->function->name == "now") return expression;
      if (expression->function->name == "concat") return concatenation(expression);
      if (expression->function->kind == FunctionKind::conversion && expression->operands.size() == 1) {
        return cast(expression);
      }
      return change_of_case(expression);
    case Operation::cast:
      return cast(expression);
    default:
      return nullptr;
  }
}

/// Over integers, longs and doubles; what overflows stays unknown.
BoundPtr KnownConstants::arithmetic(const BoundPtr& expression) const {
  const LogicalType type = expression->type;
  if (type == LogicalType::date) return moved_date(expression);
  if (type != LogicalType::integer && type != LogicalType::long_integer && type != LogicalType::real) return nullptr;
  // -x is 0 - x, but for the sign of zero.
  const bool negates = expression->operation == Operation::negate;
  const Operation operation = negates ? Operation::multiply : expression->operation;
  std::vector<Value> values;
  if (negates) values.emplace_back(std::int64_t{-1});
  for (const auto& operand : expression->operands) {
    const auto known = value_of(operand);
    if (!known || known->constant.size() != 1) return nullptr;
    values.push_back(known->constant.front());
  }
  if (type == LogicalType::real) {
    const auto left = real_of(values[0]);
    const auto right = real_of(values[1]);
    const auto result = left && right ? real_arithmetic(operation, *left, *right) : std::nullopt;
    return result ? constant_like(*expression, type, {*result}) : nullptr;
  }
  const auto* left = std::get_if<std::int64_t>(&values[0]);
  const auto* right = std::get_if<std::int64_t>(&values[1]);
  const auto result = left && right ? whole_arithmetic(operation, *left, *right) : std::nullopt;
  if (!result) return nullptr;
  if (type == LogicalType::integer && *result != static_cast<std::int32_t>(*result)) return nullptr;
  return constant_like(*expression, type, {*result});
}

/// Of numbers, texts and truths; dates and addresses are for the engine.
BoundPtr KnownConstants::comparison(const BoundPtr& expression) const {
  const auto left = value_of(expression->operands[0]);
  const auto right = value_of(expression->operands[1]);
  if (!left || !right || left->constant.size() != 1 || right->constant.size() != 1) return nullptr;
  const bool numbers = is_signed_number(left->type) && is_signed_number(right->type);
  const bool alike =
      left->type == right->type && (left->type == LogicalType::keyword || left->type == LogicalType::boolean);
  if (!numbers && !alike) return nullptr;
  const int order = left->type == right->type
                        ? compare_values(left->constant.front(), right->constant.front())
                        : compare_values(*real_of(left->constant.front()), *real_of(right->constant.front()));
  const bool holds = [&] {
    switch (expression->operation) {
      case Operation::equal:
        return order == 0;
      case Operation::not_equal:
        return order != 0;
      case Operation::less:
        return order < 0;
      case Operation::less_equal:
        return order <= 0;
      case Operation::greater:
        return order > 0;
      default:
        return order >= 0;
    }
  }();
  return constant_like(*expression, LogicalType::boolean, {holds});
}

/// A known date plus or minus a time span.
BoundPtr KnownConstants::moved_date(const BoundPtr& expression) const {
  auto moved = std::make_shared<Bound>(*expression);
  for (auto& operand : moved->operands) {
    operand = value_of(operand);
    if (!operand) return nullptr;
  }
  return moved;
}

BoundPtr KnownConstants::concatenation(const BoundPtr& expression) const {
  constexpr std::size_t kMostBytes = 64 * 1024;  // texts of texts of texts: what is longer is left to the engine
  std::string text;
  for (const auto& operand : expression->operands) {
    const auto known = value_of(operand);
    const auto* part =
        known && known->constant.size() == 1 ? std::get_if<std::string>(&known->constant.front()) : nullptr;
    if (part == nullptr || text.size() + part->size() > kMostBytes) return nullptr;
    text += *part;
  }
  return constant_like(*expression, expression->type, {std::move(text)});
}

/// TO_LOWER and TO_UPPER of ASCII; what is beyond needs Unicode's tables.
BoundPtr KnownConstants::change_of_case(const BoundPtr& expression) const {
  const bool lower = expression->function->name == "to_lower";
  if (!lower && expression->function->name != "to_upper") return nullptr;
  const auto known = value_of(expression->operands.front());
  const auto* text =
      known && known->constant.size() == 1 ? std::get_if<std::string>(&known->constant.front()) : nullptr;
  if (text == nullptr) return nullptr;
  if (std::ranges::any_of(*text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return nullptr;
  return constant_like(*expression, expression->type, {lower ? lower_ascii(*text) : upper_ascii(*text)});
}

BoundPtr KnownConstants::cast(const BoundPtr& expression) const {
  const auto known = value_of(expression->operands.front());
  if (known && known->type == LogicalType::date && expression->type == LogicalType::date) {
    return placed_like(*expression, known);
  }
  if (!known || !known->is_constant()) return nullptr;
  Values values;
  for (const auto& value : known->constant) {
    auto converted = cast_constant(value, known->type, expression->type);
    if (!converted) return nullptr;
    if (!is_null(*converted)) values.push_back(*std::move(converted));
  }
  return constant_like(*expression, expression->type, std::move(values));
}

}  // namespace trailhound::esql
