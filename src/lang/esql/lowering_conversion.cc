// Conversions, asked for (`::`, TO_X) and implied (numbers of two widths in one CASE), and arithmetic.

#include <algorithm>
#include <utility>

#include "lang/esql/codes.h"
#include "lang/esql/lowering_state.h"

namespace trailhound::esql {

using plan::Expr;
using plan::Function;

namespace {

std::optional<Function> conversion_to(LogicalType type) {
  switch (type) {
    case LogicalType::boolean:
      return Function::to_boolean;
    case LogicalType::integer:
      return Function::to_integer;
    case LogicalType::long_integer:
      return Function::to_long;
    case LogicalType::unsigned_long:
      return Function::to_unsigned_long;
    case LogicalType::real:
      return Function::to_double;
    case LogicalType::keyword:
    case LogicalType::text:
      return Function::to_text;
    case LogicalType::date:
      return Function::to_datetime;
    case LogicalType::date_nanos:
      return Function::to_date_nanos;
    case LogicalType::ip:
      return Function::to_ip;
    case LogicalType::version:
      return Function::to_version;
    case LogicalType::geo_point:
      return Function::to_geo_point;
    default:
      return std::nullopt;
  }
}

/// Values of one type serve as the other as they are.
bool is_same_kind(LogicalType from, LogicalType to) {
  if (from == to || from == LogicalType::null) return true;
  if (from == LogicalType::any) return false;
  return (is_string(from) && is_string(to)) || (from == LogicalType::integer && to == LogicalType::long_integer);
}

std::optional<Values> as_reals(const plan::Literal& literal) {
  Values reals;
  for (const Value& value : literal.values) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole == nullptr) return std::nullopt;
    reals.emplace_back(static_cast<double>(*whole));
  }
  return reals;
}

Function function_of(Operation operation) {
  switch (operation) {
    case Operation::add:
      return Function::add;
    case Operation::multiply:
      return Function::multiply;
    case Operation::divide:
      return Function::divide;
    case Operation::modulo:
      return Function::modulo;
    case Operation::negate:
      return Function::negate;
    default:
      return Function::subtract;
  }
}

}  // namespace

Expr Lowering::converted(Expr expression, LogicalType from, LogicalType to, const Bound& e) {
  if (!expression || is_same_kind(from, to)) return expression;
  // Flattened leaves keep the kind they have in the JSON, while Elastic keeps all of them as keywords.
  if (from == LogicalType::any) {
    expression = make(plan::Call{Function::to_text, {std::move(expression)}}, LogicalType::keyword, e);
    if (is_string(to)) return expression;
  }
  const auto* literal = std::get_if<plan::Literal>(&expression->node);
  if (literal != nullptr && to == LogicalType::real && is_numeric(from) && from != LogicalType::unsigned_long) {
    if (auto reals = as_reals(*literal)) return make(plan::Literal{*std::move(reals)}, to, e);
  }
  const auto function = conversion_to(to);
  if (!function) return expression;
  return make(plan::Call{*function, {std::move(expression)}}, to, e);
}

Expr Lowering::lower_cast(const Bound& e) {
  const Bound& operand = *e.operands.front();
  return converted(cell(operand), operand.type, e.type, e);
}

/// TO_INTEGER(text, base): the function of the type with both arguments.
Expr Lowering::lower_conversion(const Bound& e) {
  const auto function = conversion_to(e.type);
  if (!function) return refuse(e, "function [" + std::string(e.function->name) + "]");
  return lower_plain_call(e, *function);
}

Expr Lowering::lower_arithmetic(const Bound& e) {
  const bool has_span =
      std::ranges::any_of(e.operands, [](const BoundPtr& operand) { return operand->operation == Operation::span; });
  if (has_span) return lower_span_arithmetic(e);
  std::vector<Expr> arguments;
  for (const auto& operand : e.operands) {
    arguments.push_back(scalar(*operand, e));
    if (!arguments.back()) return nullptr;
  }
  return make(plan::Call{function_of(e.operation), std::move(arguments)}, e);
}

/// date ± span: months by the calendar, then days and the rest as a fixed length.
Expr Lowering::lower_span_arithmetic(const Bound& e) {
  const bool span_first = e.operands[0]->operation == Operation::span;
  const Bound& date = *e.operands[span_first ? 1 : 0];
  const Span& span = e.operands[span_first ? 0 : 1]->span;
  auto result = scalar(date, e);
  if (!result) return nullptr;
  // Days and longer go by the clock, hours and shorter as time goes by.
  const bool by_clock = span.micros == 0;
  if (by_clock) result = to_local(std::move(result), e.type, e);
  const auto back = [&](Expr moved) { return by_clock ? from_local(std::move(moved), e.type, e) : moved; };
  const bool adds = e.operation == Operation::add;
  if (span.months != 0) {
    const auto months = plan::literal(adds ? span.months : -span.months, LogicalType::long_integer);
    result = make(plan::Call{Function::add_months, {std::move(result), months}}, e);
  }
  if (span.months != 0 && span.days == 0 && span.micros == 0) return back(std::move(result));
  auto length = fixed_micros({.months = 0, .days = span.days, .micros = span.micros});
  if (length && e.type == LogicalType::date_nanos && __builtin_mul_overflow(*length, std::int64_t{1000}, &*length)) {
    length.reset();
  }
  if (!length) return refuse(e, "a time span of this length");
  return back(make(plan::Call{adds ? Function::add : Function::subtract,
                              {std::move(result), plan::literal(*length, LogicalType::time_duration)}},
                   e));
}

}  // namespace trailhound::esql
