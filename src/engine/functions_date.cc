// Dates: microseconds since the epoch (date_nanos: nanoseconds), in UTC.

#include <optional>
#include <string>
#include <utility>

#include "base/civil_date.h"
#include "base/time_zone.h"
#include "engine/calendar.h"
#include "engine/function_kernels.h"
#include "plan/date_parts.h"
#include "plan/read_value.h"

namespace trailhound::engine::kernels {
namespace {

using plan::LogicalType;

constexpr std::int64_t kNanosPerMicro = 1000;

/// The date of an argument whatever its unit.
std::optional<Instant> instant(const FunctionCall& call, std::size_t i) {
  const auto kept = call.whole(i);
  if (!kept) return std::nullopt;
  return Instant{call.type(i) == LogicalType::date_nanos ? floor_divide(*kept, kNanosPerMicro) : *kept};
}

/// The nanoseconds of a date_nanos that its Instant does not hold.
std::int64_t nanos_of_micro(const FunctionCall& call, std::size_t i, Instant date) {
  return call.type(i) == LogicalType::date_nanos ? *call.whole(i) - date.micros * kNanosPerMicro : 0;
}

/// A date in the unit of the call's result; `below_micro` are nanoseconds that a date_nanos had besides.
Cell date_result(const FunctionCall& call, Instant t, std::int64_t below_micro = 0) {
  if (call.result() != LogicalType::date_nanos) return Cell::one(t.micros);
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(t.micros, kNanosPerMicro, &nanos) || nanos < 0 ||
      __builtin_add_overflow(nanos, below_micro, &nanos)) {
    return call.overflow();
  }
  return Cell::one(nanos);
}

std::optional<plan::DateFormat> read_format(std::string_view text) {
  auto format = plan::DateFormat::read(text);
  return format ? std::optional(*std::move(format)) : std::nullopt;
}

/// Zones are few and constant, but the slot of a call may hold its format already: the last one used is kept.
std::optional<TimeZone> zone_of(const FunctionCall& call, std::size_t i) {
  const auto name = call.text(i);
  if (!name) return std::nullopt;
  static thread_local std::pair<std::string, std::optional<TimeZone>> last;
  if (last.first != *name || !last.second) {
    auto zone = TimeZone::named(*name);
    last = {std::string(*name), zone ? std::optional(*zone) : std::nullopt};
  }
  return last.second;
}

/// A date whose time is moved by `move`; nanoseconds below the microsecond stay.
template <class Move>
Cell moved(const FunctionCall& call, Move move) {
  const auto date = instant(call, 0);
  const auto zone = zone_of(call, 1);
  if (!date || !zone) return Cell::null();
  const Instant there = move(*zone, *date);
  if (call.type(0) != LogicalType::date_nanos) return Cell::one(there.micros);
  std::int64_t nanos = 0;
  const std::int64_t rest = nanos_of_micro(call, 0, *date);
  if (__builtin_mul_overflow(there.micros, kNanosPerMicro, &nanos) || __builtin_add_overflow(nanos, rest, &nanos)) {
    return call.overflow();
  }
  return Cell::one(nanos);
}

/// Whole units from a to b and `rest` nanoseconds, which are fewer than a microsecond.
std::optional<std::int64_t> units_between(plan::DateUnit unit, Instant a, Instant b, std::int64_t rest) {
  if (unit == plan::DateUnit::nanosecond) {
    auto nanos = plan::whole_units_between(unit, a, b);
    if (nanos && __builtin_add_overflow(*nanos, rest, &*nanos)) nanos.reset();
    return nanos;
  }
  // The last microsecond is not whole.
  if (a < b && rest < 0) --b.micros;
  if (b < a && rest > 0) ++b.micros;
  return plan::whole_units_between(unit, a, b);
}

}  // namespace

Cell to_local_time(const FunctionCall& call) {
  return moved(call, [](const TimeZone& zone, Instant t) { return zone.to_local(t); });
}

Cell from_local_time(const FunctionCall& call) {
  return moved(call, [](const TimeZone& zone, Instant t) { return zone.from_local(t); });
}

Cell date_unit_count(const FunctionCall& call) {
  const auto to = call.text(0);
  const auto from = call.text(1);
  const auto date = instant(call, 2);
  if (!to || !from || !date) return Cell::null();
  const auto counted = plan::date_unit_named(*to);
  const auto holding = plan::date_unit_named(*from);
  if (!counted || !holding) {
    return call.fail(Failure::argument,
                     "A value of date units is expected, found [" + std::string(counted ? *from : *to) + "]");
  }
  const auto units = plan::units_within(*counted, *holding, *date);
  return units ? Cell::one(*units) : call.fail(Failure::argument, "Unsupported unit [" + std::string(*from) + "]");
}

Cell date_trunc(const FunctionCall& call) {
  const auto span = call.whole(0);
  const auto date = call.whole(1);
  if (!span || !date || *span <= 0) return Cell::null();
  std::int64_t rest = *date % *span;
  if (rest < 0) rest += *span;
  std::int64_t start = 0;
  if (__builtin_sub_overflow(*date, rest, &start)) return call.overflow();
  return Cell::one(start);
}

Cell date_trunc_calendar(const FunctionCall& call) {
  const auto unit_name = call.text(0);
  const auto count = call.whole(1);
  const auto date = instant(call, 2);
  if (!unit_name || !count || !date) return Cell::null();
  const auto unit = calendar_unit_named(*unit_name);
  if (!unit) return Cell::null();
  const auto start = truncate(*date, *unit, *count);
  return start ? date_result(call, *start) : call.overflow();
}

Cell add_months(const FunctionCall& call) {
  const auto date = instant(call, 0);
  const auto months = call.whole(1);
  if (!date || !months) return Cell::null();
  Instant moved;
  if (!trailhound::add_months(*date, *months, moved)) {
    const std::int64_t year = civil_time_of(*date).date.year + *months / 12;
    constexpr std::int64_t kLastYear = 999'999'999;  // of java.time
    if (year >= -kLastYear && year <= kLastYear) return call.overflow();
    return call.fail(Failure::overflow,
                     "Invalid value for Year (valid values -999999999 - 999999999): " + std::to_string(year));
  }
  return date_result(call, moved, nanos_of_micro(call, 0, *date));
}

Cell date_diff(const FunctionCall& call) {
  const auto name = call.text(0);
  const auto from = instant(call, 1);
  const auto to = instant(call, 2);
  if (!name || !from || !to) return Cell::null();
  const auto unit = plan::date_unit_named(*name);
  if (!unit)
    return call.fail(Failure::argument, "A value of date units is expected, found [" + std::string(*name) + "]");
  const std::int64_t rest = nanos_of_micro(call, 2, *to) - nanos_of_micro(call, 1, *from);
  const auto units = units_between(*unit, *from, *to, rest);
  if (units && plan::fits_integer(*units)) return Cell::one(*units);
  return call.fail(Failure::overflow, "[" + std::to_string(units.value_or(0)) + "] out of [integer] range");
}

Cell date_extract(const FunctionCall& call) {
  const auto name = call.text(0);
  const auto date = instant(call, 1);
  if (!name || !date) return Cell::null();
  if (const auto part = plan::date_part(*name, *date, nanos_of_micro(call, 1, *date))) return Cell::one(*part);
  return call.fail(Failure::argument, "there is no date part [" + std::string(*name) + "]");
}

Cell date_format(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto date = instant(call, 1);
  if (!text || !date) return Cell::null();
  const auto format = call.prepared<std::optional<plan::DateFormat>>({0}, [&] { return read_format(*text); });
  if (!*format) return call.fail(Failure::argument, "invalid date format [" + std::string(*text) + "]");
  const std::int64_t nanos = nanos_of_micro(call, 1, *date);
  if (call.size() < 3) return call.text_result((*format)->format(*date, nullptr, nanos));
  const auto zone = zone_of(call, 2);
  return zone ? call.text_result((*format)->format(*date, &*zone, nanos)) : Cell::null();
}

Cell date_parse(const FunctionCall& call) {
  const auto pattern = call.text(0);
  const auto text = call.text(1);
  if (!pattern || !text) return Cell::null();
  const auto format = call.prepared<std::optional<plan::DateFormat>>({0}, [&] { return read_format(*pattern); });
  if (!*format) return call.fail(Failure::argument, "invalid date format [" + std::string(*pattern) + "]");
  const auto zone = call.size() > 2 ? zone_of(call, 2) : std::nullopt;
  const auto parsed = (*format)->parse(*text, zone ? &*zone : nullptr);
  if (!parsed) {
    return call.fail(Failure::conversion, "failed to parse date field [" + std::string(*text) + "] with format [" +
                                              std::string(*pattern) + "]");
  }
  return Cell::one(floor_divide(parsed->micros, 1000) * 1000);
}

Cell day_name(const FunctionCall& call) {
  const auto date = instant(call, 0);
  return date ? Cell::one(plan::day_name(*date)) : Cell::null();
}

Cell month_name(const FunctionCall& call) {
  const auto date = instant(call, 0);
  return date ? Cell::one(plan::month_name(*date)) : Cell::null();
}

}  // namespace trailhound::engine::kernels
