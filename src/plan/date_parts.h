#pragma once
/// Units, parts and formats of dates by their ES|QL names, for checking constants and for evaluating.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date_pattern.h"
#include "base/instant.h"
#include "base/result.h"

namespace trailhound::plan {

/// Units of DATE_DIFF; names and abbreviations in any case ("minutes", "mi", "n"; "m" is a month).
enum class DateUnit : std::uint8_t {
  year,
  quarter,
  month,
  day,
  week,
  hour,
  minute,
  second,
  millisecond,
  microsecond,
  nanosecond,
};
[[nodiscard]] std::optional<DateUnit> date_unit_named(std::string_view name);
/// Whole units from a to b, cut toward zero; nothing if that does not fit 64 bits.
[[nodiscard]] std::optional<std::int64_t> whole_units_between(DateUnit unit, Instant a, Instant b);

/// The chrono fields of java.time ("day_of_week", "minute_of_hour", in any case), in UTC.
[[nodiscard]] bool is_date_part(std::string_view name);
/// Nothing for an unknown name.
[[nodiscard]] std::optional<std::int64_t> date_part(std::string_view name, Instant t, std::int64_t nanos_of_micro = 0);

/// DATE_UNIT_COUNT: how many whole `to` the `from` holds in which the local time stands, such as the days of its month.
/// Nothing for quarters as `from`, and for calendar units in fixed ones.
[[nodiscard]] std::optional<std::int64_t> units_within(DateUnit to, DateUnit from, Instant local);

[[nodiscard]] std::string_view day_name(Instant t);    ///< "Monday"
[[nodiscard]] std::string_view month_name(Instant t);  ///< "January"

/// A java.time pattern, or a named format: strict_date_optional_time (ISO 8601; with _nanos as many digits as needed),
/// epoch_millis, epoch_second and those of base/date_pattern.h. Several formats are joined by "||": the first one that
/// reads a text does, and the first one writes.
class DateFormat {
 public:
  [[nodiscard]] static Result<DateFormat> read(std::string_view text);
  /// In UTC, or in that zone; a text without an offset is a time of the zone.
  [[nodiscard]] std::string format(Instant t, const TimeZone* zone = nullptr, std::int64_t nanos_of_micro = 0) const;
  [[nodiscard]] std::optional<Instant> parse(std::string_view text, const TimeZone* zone = nullptr) const;
  /// The first letter that formats, but that nothing is parsed with.
  [[nodiscard]] std::optional<char> unread_letter() const;

 private:
  [[nodiscard]] std::optional<Instant> parse_alone(std::string_view text, const TimeZone* zone) const;

  enum class Kind : std::uint8_t { pattern, iso, iso_nanos, epoch_millis, epoch_second };
  Kind kind_ = Kind::pattern;
  std::optional<DatePattern> pattern_;
  std::vector<DateFormat> alternatives_;  ///< those behind the first
};

}  // namespace trailhound::plan
