#pragma once
/// Date patterns in the letters of java.time, English texts, UTC unless a time zone is given: for DATE_FORMAT and
/// DATE_PARSE.
///
///     auto pattern = read_date_pattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
///     if (!pattern) ... pattern.error().what
///     pattern->format(Instant{...});
///     pattern->parse("2024-03-01T12:00:00.000+01:00");
///
/// Letters: y u (year) M L (month; three: Jan, four: January) d D (day of month, of year) E (weekday) e (its number)
/// Q q (quarter) H k K h (hour) m s (minute, second) S (fraction) n N A (nano of second, of day, milli of day) a (AM,
/// PM) w Y (ISO week and its year) z V (zone id, UTC) X x Z O (offset) G (era). 'text' is literal, [ ] optional. As in
/// Elasticsearch, fields that a text does not have count from 1970-01-01T00:00:00; one without year, month and a time
/// that begins with its hour (of half a day: and AM or PM) is no date.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "base/time_zone.h"

namespace trailhound {

class DatePattern {
 public:
  struct Piece {
    enum class Kind : std::uint8_t { letter, literal, begin_optional, end_optional };
    Kind kind = Kind::literal;
    char letter = 0;
    std::size_t count = 0;  ///< of the letter
    std::string text = {};  ///< of a literal
    bool adjacent = false;  ///< a number that follows at once, so that this one has exactly `count` digits
  };

  explicit DatePattern(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  /// `nanos_of_micro` is what a time of nanoseconds has besides.
  [[nodiscard]] std::string format(Instant t, const TimeZone* zone = nullptr, std::int64_t nanos_of_micro = 0) const;
  /// The whole text must fit. Nothing for other texts, impossible dates included. A text without an offset is a time of
  /// the zone.
  [[nodiscard]] std::optional<Instant> parse(std::string_view text, const TimeZone* zone = nullptr) const;
  /// The first letter (of quarters, of weeks) that formats, but reads nothing: parse() finds no date with it.
  [[nodiscard]] std::optional<char> unread_letter() const;

 private:
  std::vector<Piece> pieces_;
};

/// At most 200 characters. A few named formats are known: strict_date_optional_time, date_optional_time, iso8601,
/// epoch_millis and epoch_second are not patterns and refused here; basic_date, date, date_hour_minute_second and
/// their kind stand for their patterns.
[[nodiscard]] Result<DatePattern> read_date_pattern(std::string_view text);

}  // namespace trailhound
