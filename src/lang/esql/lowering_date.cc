// Functions of dates whose spans and defaults are worked out before any event is read: DATE_TRUNC, BUCKET, DATE_FORMAT,
// DATE_PARSE, NOW.

#include <array>
#include <cmath>
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

/// Intervals that BUCKET chooses among, from the longest to the shortest.
constexpr std::int64_t kSecond = 1'000'000;
constexpr auto kHumanSpans = std::to_array<Span>({
    {.months = 12},
    {.months = 1},
    {.days = 7},
    {.days = 1},
    {.micros = 43'200 * kSecond},
    {.micros = 10'800 * kSecond},
    {.micros = 3'600 * kSecond},
    {.micros = 1'800 * kSecond},
    {.micros = 600 * kSecond},
    {.micros = 300 * kSecond},
    {.micros = 60 * kSecond},
    {.micros = 30 * kSecond},
    {.micros = 10 * kSecond},
    {.micros = 5 * kSecond},
    {.micros = kSecond},
    {.micros = 100'000},
    {.micros = 50'000},
    {.micros = 10'000},
    {.micros = 1'000},
});

/// The start of the bucket behind the one that holds t, in microseconds.
std::int64_t next_bucket(const Span& span, std::int64_t micros) {
  const CivilTime at = civil_time_of(Instant{micros});
  if (span.months == 12) return days_from_civil(at.date.year + 1, 1, 1) * kMicrosPerDay;
  if (span.months == 1) {
    Instant next;
    const bool fits = add_months(Instant{days_from_civil(at.date.year, at.date.month, 1) * kMicrosPerDay}, 1, next);
    return fits ? next.micros : std::numeric_limits<std::int64_t>::max();
  }
  if (span.days == 7) return (at.days - at.day_of_week() + 8) * kMicrosPerDay;
  const std::int64_t length = span.days * kMicrosPerDay + span.micros;
  return (floor_divide(micros, length) + 1) * length;
}

/// Whether at most `count` buckets cover the range.
bool covers(const Span& span, std::int64_t count, std::int64_t from, std::int64_t to) {
  std::int64_t at = from;
  for (std::int64_t used = 0; used < count; ++used) {
    at = next_bucket(span, at);
    if (at >= to) return true;
  }
  return false;
}

std::optional<double> number_of(const Bound& e) {
  if (!e.is_constant() || e.constant.size() != 1) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&e.constant.front())) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&e.constant.front())) return *real;
  return std::nullopt;
}

/// A constant date, or the text of one, in microseconds.
std::optional<std::int64_t> date_of(const Bound& e) {
  if (!e.is_constant() || e.constant.size() != 1) return std::nullopt;
  const Value& value = e.constant.front();
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto read = convert_literal(*text, LogicalType::date);
    return read ? std::optional(std::get<std::int64_t>(*read)) : std::nullopt;
  }
  const auto* kept = std::get_if<std::int64_t>(&value);
  if (kept == nullptr || !is_date(e.type)) return std::nullopt;
  return e.type == LogicalType::date_nanos ? floor_divide(*kept, 1000) : *kept;
}

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

/// BUCKET(field, size) or BUCKET(field, number of buckets, from, to).
Expr Lowering::lower_bucket(const Bound& e) {
  const Bound& field = *e.operands[0];
  const Bound& size = *e.operands[1];
  const bool dates = is_date(field.type);
  const auto complain = [&](const Bound& at, std::string_view code, const char* what) {
    reporter_.error(code, at.at, "[" + e.source + "]: " + what);
    return nullptr;
  };
  if (!dates && !is_numeric(field.type) && field.type != LogicalType::null) {
    return complain(field, codes::kArgumentType, "the first argument must be a date or a number");
  }
  if (e.operands.size() == 3) return complain(e, codes::kArgumentCount, "expects two or four arguments");
  if (size.operation == Operation::span) {
    if (!dates || e.operands.size() != 2) return complain(size, codes::kArgumentType, "a time span is for dates alone");
    return truncated(e, size, field);
  }
  const auto count = number_of(size);
  if (!count || !(*count > 0))
    return complain(size, codes::kConstantNeeded, "the second argument must be a positive constant");
  if (e.operands.size() == 2) {
    if (dates) return complain(size, codes::kArgumentType, "dates need a time span or a range");
    return bucket_of_number(e, *count);
  }
  const Bound& from = *e.operands[2];
  const Bound& to = *e.operands[3];
  if (dates) {
    const auto begin = date_of(from);
    const auto end = date_of(to);
    constexpr double kMostBuckets = 100'000;
    if (*count > kMostBuckets) return complain(size, codes::kValue, "at most 100000 buckets can be asked for");
    if (!begin || !end) return refuse(begin ? to : from, "a bound of BUCKET that is not a constant date");
    const Span* best = &kHumanSpans.front();
    for (const Span& span : kHumanSpans) {
      if (!covers(span, static_cast<std::int64_t>(*count), *begin, *end)) break;
      best = &span;
    }
    return truncated_to(e, *best, field);
  }
  const auto begin = number_of(from);
  const auto end = number_of(to);
  if (!begin || !end) return complain(begin ? to : from, codes::kConstantNeeded, "the range must be constant numbers");
  const double precise = (*end - *begin) / *count;
  const double power = std::pow(10.0, std::ceil(std::log10(precise)));
  const double width = precise < power / 2 ? power / 2 : power;
  if (!std::isfinite(width) || width <= 0) return complain(from, codes::kValue, "the range is empty");
  return bucket_of_number(e, width);
}

Expr Lowering::bucket_of_number(const Bound& e, double width) {
  auto number = scalar(*e.operands[0], e);
  if (!number) return nullptr;
  return make(plan::Call{Function::bucket_number, {std::move(number), plan::literal(width, LogicalType::real)}},
              LogicalType::real, e);
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
