#include "engine/calendar.h"

#include "base/civil_date.h"

namespace trailhound::engine {
namespace {

constexpr std::int64_t kDaysToYearOne = -719'162;  // 0001-01-01 in days since 1970-01-01

std::optional<std::int64_t> floor_to_multiple(std::int64_t value, std::int64_t count) {
  std::int64_t multiple = 0;
  if (__builtin_mul_overflow(floor_divide(value, count), count, &multiple)) return std::nullopt;
  return multiple;
}

std::optional<std::int64_t> first_day(std::int64_t day, CalendarUnit unit, std::int64_t count) {
  if (unit == CalendarUnit::week) {
    std::int64_t days = 0;
    if (__builtin_mul_overflow(count, 7, &days)) return std::nullopt;
    const auto start = floor_to_multiple(day - kDaysToYearOne, days);
    if (!start) return std::nullopt;
    return *start + kDaysToYearOne;
  }
  std::int64_t months = count;
  if (unit == CalendarUnit::year && __builtin_mul_overflow(count, 12, &months)) return std::nullopt;
  const CivilDate at = civil_from_days(day);
  const auto start = floor_to_multiple((at.year - 1) * 12 + at.month - 1, months);
  constexpr std::int64_t kFarthest = 12 * 1'000'000;  // beyond what microseconds in 64 bits can hold
  if (!start || *start < -kFarthest) return std::nullopt;
  const std::int64_t year = floor_divide(*start, 12);
  return days_from_civil(year + 1, static_cast<unsigned>(*start - year * 12) + 1, 1);
}

}  // namespace

std::optional<CalendarUnit> calendar_unit_named(std::string_view name) {
  if (name == "week") return CalendarUnit::week;
  if (name == "month") return CalendarUnit::month;
  if (name == "year") return CalendarUnit::year;
  return std::nullopt;
}

std::optional<Instant> truncate(Instant t, CalendarUnit unit, std::int64_t count) {
  if (count < 1) return std::nullopt;
  const auto day = first_day(floor_divide(t.micros, kMicrosPerDay), unit, count);
  std::int64_t micros = 0;
  if (!day || __builtin_mul_overflow(*day, kMicrosPerDay, &micros)) return std::nullopt;
  return Instant{micros};
}

}  // namespace trailhound::engine
