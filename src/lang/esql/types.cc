#include "lang/esql/types.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "base/ascii.h"
#include "lang/esql/lexer.h"
#include "plan/read_value.h"

namespace trailhound::esql {
namespace {

int width(LogicalType type) {
  switch (type) {
    case LogicalType::integer:
      return 0;
    case LogicalType::long_integer:
      return 1;
    default:
      return 2;
  }
}

template <class T>
std::optional<Value> as_value(const std::optional<T>& read) {
  return read ? std::optional<Value>(*read) : std::nullopt;
}

std::optional<Value> cast_number(const Value& value, LogicalType to) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  if (whole == nullptr && real == nullptr) return std::nullopt;
  const double number = whole ? static_cast<double>(*whole) : *real;
  switch (to) {
    case LogicalType::boolean:
      return number != 0;
    case LogicalType::real:
      return number;
    case LogicalType::integer:
      if (whole) return plan::fits_integer(*whole) ? std::optional<Value>(*whole) : std::nullopt;
      return as_value(plan::round_to_whole(number, to));
    case LogicalType::long_integer:
      return whole ? Value{*whole} : as_value(plan::round_to_whole(number, to));
    case LogicalType::unsigned_long:
      return whole && *whole >= 0 ? std::optional<Value>(*whole) : std::nullopt;
    case LogicalType::keyword:
    case LogicalType::text:
      if (whole) return std::to_string(*whole);
      return std::nullopt;  // Java's form of doubles is the kernel's affair
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string upper_name(LogicalType type) { return upper_ascii(name_of(type)); }

bool is_string(LogicalType type) {
  return type == LogicalType::keyword || type == LogicalType::text || type == LogicalType::any;
}
bool is_numeric(LogicalType type) { return is_whole(type) || type == LogicalType::real; }
bool is_whole(LogicalType type) {
  return type == LogicalType::integer || type == LogicalType::long_integer || type == LogicalType::unsigned_long;
}
bool is_date(LogicalType type) { return type == LogicalType::date || type == LogicalType::date_nanos; }
bool is_span(LogicalType type) { return type == LogicalType::date_period || type == LogicalType::time_duration; }

LogicalType without_text(LogicalType type) { return is_string(type) ? LogicalType::keyword : type; }

std::optional<LogicalType> common_type(LogicalType a, LogicalType b) {
  if (a == LogicalType::null) return without_text(b);
  if (b == LogicalType::null) return without_text(a);
  if (is_string(a) && is_string(b)) return LogicalType::keyword;
  if (is_numeric(a) && is_numeric(b)) {
    if (a == b) return a;
    if (a == LogicalType::unsigned_long || b == LogicalType::unsigned_long) return std::nullopt;
    return width(a) > width(b) ? a : b;
  }
  if (is_date(a) && is_date(b)) return a == b ? a : LogicalType::date_nanos;
  if (a == b) return a;
  return std::nullopt;
}

std::optional<LogicalType> type_named(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, LogicalType>, 19> kNames = {
      {{"boolean", LogicalType::boolean},
       {"bool", LogicalType::boolean},
       {"integer", LogicalType::integer},
       {"int", LogicalType::integer},
       {"long", LogicalType::long_integer},
       {"double", LogicalType::real},
       {"unsigned_long", LogicalType::unsigned_long},
       {"ul", LogicalType::unsigned_long},
       {"keyword", LogicalType::keyword},
       {"string", LogicalType::keyword},
       {"text", LogicalType::keyword},
       {"datetime", LogicalType::date},
       {"date", LogicalType::date},
       {"date_nanos", LogicalType::date_nanos},
       {"ip", LogicalType::ip},
       {"version", LogicalType::version},
       {"geo_point", LogicalType::geo_point},
       {"date_period", LogicalType::date_period},
       {"time_duration", LogicalType::time_duration}}};
  const auto* found = std::ranges::find(kNames, name, &std::pair<std::string_view, LogicalType>::first);
  if (found != kNames.end()) return found->second;
  static constexpr std::array<std::string_view, 9> kForeign = {
      "geo_shape",    "cartesian_point", "cartesian_shape",        "geohash", "geotile", "geohex",
      "dense_vector", "date_range",      "aggregate_metric_double"};
  if (std::ranges::find(kForeign, name) != kForeign.end()) return LogicalType::unsupported;
  return std::nullopt;
}

bool converts_from_literal(LogicalType type) {
  return is_date(type) || type == LogicalType::ip || type == LogicalType::version || type == LogicalType::boolean;
}

bool conversion_exists(LogicalType from, LogicalType to) {
  if (from == to || from == LogicalType::null || is_string(to)) return from != LogicalType::unsupported;
  if (is_string(from)) return true;
  const bool number = is_numeric(from);
  switch (to) {
    case LogicalType::boolean:
      return number;
    case LogicalType::integer:
    case LogicalType::unsigned_long:
    case LogicalType::real:
      return number || from == LogicalType::boolean || from == LogicalType::date;
    case LogicalType::long_integer:
      return number || from == LogicalType::boolean || is_date(from);
    case LogicalType::date:
      return number || is_date(from);
    case LogicalType::date_nanos:
      return is_date(from) || (number && from != LogicalType::integer);
    default:
      return false;
  }
}

std::optional<Value> convert_literal(std::string_view text, LogicalType type) {
  switch (type) {
    case LogicalType::date:
    case LogicalType::date_nanos:
      return as_value(plan::read_date(text, type));
    case LogicalType::ip:
      if (const auto address = parse_ip(text)) return *address;
      return std::nullopt;
    case LogicalType::boolean: {
      const std::string lower = lower_ascii(text);
      if (lower == "true" || lower == "false") return lower == "true";
      return std::nullopt;
    }
    case LogicalType::real:
      return as_value(plan::read_real(text));
    case LogicalType::integer:
    case LogicalType::long_integer:
    case LogicalType::unsigned_long:
      return as_value(plan::read_whole(text, type));
    case LogicalType::keyword:
    case LogicalType::text:
    case LogicalType::any:
    case LogicalType::version:
      return std::string(text);
    default:
      return std::nullopt;
  }
}

std::optional<Value> cast_constant(const Value& value, LogicalType from, LogicalType to) {
  if (is_null(value)) return Value{};
  if (from == to || (is_string(from) && is_string(to))) return value;
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (to == LogicalType::boolean) return lower_ascii(*text) == "true";
    return convert_literal(*text, to);
  }
  if (const auto* truth = std::get_if<bool>(&value)) {
    if (is_string(to)) return std::string(*truth ? "true" : "false");
    if (to == LogicalType::real) return *truth ? 1.0 : 0.0;
    if (to == LogicalType::integer || to == LogicalType::long_integer) return std::int64_t{*truth};
    return std::nullopt;
  }
  if ((from == LogicalType::integer || from == LogicalType::long_integer || from == LogicalType::real)) {
    if (is_date(to) && std::holds_alternative<std::int64_t>(value)) {
      if (to == LogicalType::date_nanos) return std::nullopt;
      std::int64_t micros = 0;  // numbers are milliseconds since the epoch
      if (__builtin_mul_overflow(std::get<std::int64_t>(value), std::int64_t{1000}, &micros)) return std::nullopt;
      return micros;
    }
    return cast_number(value, to);
  }
  return std::nullopt;
}

bool is_calendar_unit(std::string_view unit) {
  return unit == "day" || unit == "week" || unit == "month" || unit == "quarter" || unit == "year";
}

std::optional<Duration> fixed_span(std::int64_t amount, std::string_view unit) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kMicros = {{{"millisecond", 1'000},
                                                                                        {"second", 1'000'000},
                                                                                        {"minute", 60'000'000},
                                                                                        {"hour", 3'600'000'000},
                                                                                        {"day", 86'400'000'000},
                                                                                        {"week", 604'800'000'000}}};
  for (const auto& [name, micros] : kMicros) {
    std::int64_t total = 0;
    if (name == unit && !__builtin_mul_overflow(amount, micros, &total)) return Duration{total};
  }
  return std::nullopt;
}

}  // namespace trailhound::esql
