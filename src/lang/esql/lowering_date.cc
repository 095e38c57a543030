// Functions of dates whose spans and defaults are worked out before any event is read: DATE_TRUNC, DATE_FORMAT,
// DATE_PARSE, NOW.

#include <numbers>
#include <utility>

#include "base/civil_date.h"
#include "lang/esql/codes.h"
#include "lang/esql/constant_arguments.h"
#include "lang/esql/lexer.h"
#include "lang/esql/lowering_state.h"
#include "plan/date_parts.h"

namespace trailhound::esql {

using plan::Expr;
using plan::Function;

namespace {

constexpr std::string_view kIsoFormat = "strict_date_optional_time";

}  // namespace

Expr Lowering::lower_now(const Bound& e) {
  if (stage_ == Stage::rows || in_table_) return make(plan::RunTime{}, e);
  return refuse(e, "NOW() before STATS");
}

Expr Lowering::lower_constant_number(const Bound& e) {
  using std::numbers::pi;
  const double value = e.function->name == "e" ? std::numbers::e : e.function->name == "pi" ? pi : 2 * pi;
  return make(plan::Literal{{value}}, e);
}

Expr Lowering::to_local(Expr date, LogicalType type, const Bound& e) {
  if (!date || query_.time_zone.empty()) return date;
  return make(
      plan::Call{Function::to_local_time, {std::move(date), plan::literal(query_.time_zone, LogicalType::keyword)}},
      type, e);
}

Expr Lowering::from_local(Expr date, LogicalType type, const Bound& e) {
  if (!date || query_.time_zone.empty()) return date;
  return make(
      plan::Call{Function::from_local_time, {std::move(date), plan::literal(query_.time_zone, LogicalType::keyword)}},
      type, e);
}

/// Functions whose last argument is a date that they look at by the clock: DATE_EXTRACT, DAY_NAME ...
Expr Lowering::lower_local_date(const Bound& e) {
  const auto* part = constant_text(e, 0);
  const std::string name = part && e.function->name == "date_extract" ? lower_ascii(*part) : "";
  if (!query_.time_zone.empty() && (name == "instant_seconds" || name == "offset_seconds")) {
    return refuse(e, "the part " + name + " in another time zone than UTC");
  }
  std::vector<Expr> arguments;
  for (const auto& operand : e.operands) {
    auto argument = scalar(*operand, e);
    if (is_string(operand->type)) argument = converted(std::move(argument), operand->type, LogicalType::keyword, e);
    if (!argument) return nullptr;
    arguments.push_back(std::move(argument));
  }
  arguments.back() = to_local(std::move(arguments.back()), e.operands.back()->type, e);
  return make(plan::Call{*plan::function_named(e.function->name), std::move(arguments)}, e);
}

/// Days and longer are counted by the clock, hours and shorter as time goes by.
Expr Lowering::lower_date_diff(const Bound& e) {
  if (query_.time_zone.empty()) return lower_plain_call(e, Function::date_diff);
  const auto* text = constant_text(e, 0);
  const auto unit = text ? plan::date_unit_named(*text) : std::nullopt;
  if (!unit) return refuse(e, "a unit that is not constant, in another time zone than UTC,");
  if (*unit > plan::DateUnit::week) return lower_plain_call(e, Function::date_diff);
  std::vector<Expr> arguments{lower_constant(*e.operands[0])};
  for (const auto& operand : {e.operands[1], e.operands[2]}) {
    arguments.push_back(to_local(scalar(*operand, e), operand->type, e));
    if (!arguments.back()) return nullptr;
  }
  return make(plan::Call{Function::date_diff, std::move(arguments)}, e);
}

Expr Lowering::lower_date_trunc(const Bound& e) { return truncated(e, *e.operands[0], *e.operands[1]); }

Expr Lowering::truncated(const Bound& e, const Bound& span, const Bound& date) {
  if (span.is_null_constant()) return make(plan::Literal{}, e);
  const Span& length = span.span;
  if (span.operation != Operation::span || (length.months <= 0 && length.days <= 0 && length.micros <= 0)) {
    reporter_.error(codes::kValue, span.at, "the span of [" + e.source + "] must be a positive time span");
    return nullptr;
  }
  if ((length.months != 0) + (length.days != 0) + (length.micros != 0) > 1) {
    reporter_.error(codes::kValue, span.at, "the span of [" + e.source + "] must have one unit: months, days or hours");
    return nullptr;
  }
  return truncated_to(e, length, date);
}

Expr Lowering::truncated_to(const Bound& e, const Span& span, const Bound& bound_date) {
  auto date = to_local(scalar(bound_date, e), bound_date.type, e);
  if (!date) return nullptr;
  const auto calendar = [&](const char* unit, std::int64_t count) {
    auto start = make(plan::Call{Function::date_trunc_calendar,
                                 {plan::literal(std::string(unit), LogicalType::keyword),
                                  plan::literal(count, LogicalType::long_integer), date}},
                      e);
    return from_local(std::move(start), e.type, e);
  };
  if (span.months > 0) {
    return span.months % 12 == 0 ? calendar("year", span.months / 12) : calendar("month", span.months);
  }
  if (span.days == 7) return calendar("week", 1);  // seven days and a week are the same period
  auto length = fixed_micros(span);
  if (length && e.type == LogicalType::date_nanos && __builtin_mul_overflow(*length, std::int64_t{1000}, &*length)) {
    length.reset();
  }
  if (!length || *length <= 0) return refuse(e, "a time span of this length");
  auto start = make(plan::Call{Function::date_trunc, {plan::literal(*length, LogicalType::time_duration), date}}, e);
  return from_local(std::move(start), e.type, e);
}

/// DATE_FORMAT and DATE_PARSE without a format take ISO 8601.
Expr Lowering::lower_date_text(const Bound& e) {
  const bool formats = e.function->name == "date_format";
  std::vector<Expr> arguments;
  if (e.operands.size() == 1) arguments.push_back(plan::literal(std::string(kIsoFormat), LogicalType::keyword));
  for (const auto& operand : e.operands) {
    auto argument = scalar(*operand, e);
    if (operand->type == LogicalType::any)
      argument = converted(std::move(argument), operand->type, LogicalType::keyword, e);
    if (!argument) return nullptr;
    arguments.push_back(std::move(argument));
  }
  if (formats && !query_.time_zone.empty()) {
    arguments.push_back(plan::literal(query_.time_zone, LogicalType::keyword));
  }
  return make(plan::Call{formats ? Function::date_format : Function::date_parse, std::move(arguments)}, e);
}

}  // namespace trailhound::esql
