#include "engine/calendar.h"

namespace trailhound::engine {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::int64_t kDaysToYearOne = -719'162;  // 0001-01-01 in days since 1970-01-01

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

struct YearMonth {
  std::int64_t year;
  std::int64_t month;  // 0 to 11
};

// Both directions count years from March, so that the leap day is the last of its year, in eras of 400 years.
constexpr std::int64_t kDaysPerEra = 146'097;
constexpr std::int64_t kEpochInEraDays = 719'468;  // 1970-01-01 in days since 0000-03-01

YearMonth year_month_of(std::int64_t days_since_epoch) {
  const std::int64_t days = days_since_epoch + kEpochInEraDays;
  const std::int64_t era = floor_divide(days, kDaysPerEra);
  const std::int64_t day_of_era = days - era * kDaysPerEra;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const bool next_year = month_from_march >= 10;
  return {era * 400 + year_of_era + (next_year ? 1 : 0), next_year ? month_from_march - 10 : month_from_march + 2};
}

std::int64_t first_day_of(YearMonth at) {
  const std::int64_t year = at.month < 2 ? at.year - 1 : at.year;
  const std::int64_t month_from_march = at.month < 2 ? at.month + 10 : at.month - 2;
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kEpochInEraDays;
}

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
  const YearMonth at = year_month_of(day);
  const auto start = floor_to_multiple((at.year - 1) * 12 + at.month, months);
  constexpr std::int64_t kFarthest = 12 * 1'000'000;  // beyond what microseconds in 64 bits can hold
  if (!start || *start < -kFarthest) return std::nullopt;
  const std::int64_t year = floor_divide(*start, 12);
  return first_day_of({year + 1, *start - year * 12});
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
