#pragma once
/// Days since 1970-01-01 as dates of the proleptic Gregorian calendar and back, and the parts of a point in time.

#include <array>
#include <cstdint>

#include "base/instant.h"

namespace trailhound {

struct CivilDate {
  std::int64_t year = 1970;
  unsigned month = 1;  ///< 1 to 12
  unsigned day = 1;    ///< 1 to 31
};

// Calendar arithmetic on a year that starts in March, so that the leap day is the last one: the month lengths then
// follow one linear formula, and 400-year eras repeat exactly.
[[nodiscard]] constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

[[nodiscard]] constexpr CivilDate civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_index = (5 * day_of_year + 2) / 153;
  const unsigned month = month_index < 10 ? month_index + 3 : month_index - 9;
  const std::int64_t year = static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2);
  return {year, month, day_of_year - (153 * month_index + 2) / 5 + 1};
}

[[nodiscard]] constexpr bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr std::array<std::uint8_t, 13> kDays{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month] + (month == 2 && is_leap(year) ? 1u : 0u);
}

inline constexpr std::int64_t kSecondsPerDay = 86'400;
inline constexpr std::int64_t kMicrosPerDay = kSecondsPerDay * 1'000'000;

[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

/// A point in time by the calendar and the clock, in UTC.
struct CivilTime {
  CivilDate date;
  std::int64_t days = 0;            ///< since 1970-01-01
  std::int64_t micros_of_day = 0;   ///< 0 to kMicrosPerDay - 1
  std::int64_t nanos_of_micro = 0;  ///< 0 to 999, of times that are known so exactly

  [[nodiscard]] constexpr std::int64_t hour() const { return micros_of_day / 3'600'000'000; }
  [[nodiscard]] constexpr std::int64_t minute() const { return micros_of_day / 60'000'000 % 60; }
  [[nodiscard]] constexpr std::int64_t second() const { return micros_of_day / 1'000'000 % 60; }
  [[nodiscard]] constexpr std::int64_t micros_of_second() const { return micros_of_day % 1'000'000; }
  [[nodiscard]] constexpr std::int64_t nanos_of_second() const { return micros_of_second() * 1'000 + nanos_of_micro; }
  [[nodiscard]] constexpr std::int64_t nanos_of_day() const { return micros_of_day * 1'000 + nanos_of_micro; }
  /// Monday is 1, Sunday 7.
  [[nodiscard]] constexpr std::int64_t day_of_week() const { return floor_modulo(days + 3, 7) + 1; }
  [[nodiscard]] constexpr std::int64_t day_of_year() const { return days - days_from_civil(date.year, 1, 1) + 1; }

 private:
  static constexpr std::int64_t floor_modulo(std::int64_t a, std::int64_t b) { return a - floor_divide(a, b) * b; }
};

[[nodiscard]] constexpr CivilTime civil_time_of(Instant t, std::int64_t nanos_of_micro = 0) {
  const std::int64_t days = floor_divide(t.micros, kMicrosPerDay);
  return {civil_from_days(days), days, t.micros - days * kMicrosPerDay, nanos_of_micro};
}

/// `t` moved by whole months; the day of the month is clipped to the month's end. False when out of range.
[[nodiscard]] constexpr bool add_months(Instant t, std::int64_t months, Instant& out) {
  const CivilTime at = civil_time_of(t);
  std::int64_t index = 0;
  if (__builtin_add_overflow(at.date.year * 12 + at.date.month - 1, months, &index)) return false;
  const std::int64_t year = floor_divide(index, 12);
  constexpr std::int64_t kFarthestYear = 290'000;  // that microseconds in 64 bits can hold
  if (year < -kFarthestYear || year > kFarthestYear) return false;
  const auto month = static_cast<unsigned>(index - year * 12) + 1;
  const unsigned last = days_in_month(year, month);
  const unsigned day = at.date.day < last ? at.date.day : last;
  out = {days_from_civil(year, month, day) * kMicrosPerDay + at.micros_of_day};
  return true;
}

}  // namespace trailhound
