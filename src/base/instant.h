#pragma once
/// Points in time and spans of time. Engine time is microseconds since the Unix epoch, UTC; other units (Elastic's
/// milliseconds, CloudTrail's seconds) are converted where they enter or leave.

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace trailhound {

/// A span in microseconds. Negative spans are legal (differences).
struct Duration {
  std::int64_t micros = 0;

  static constexpr Duration seconds(std::int64_t s) { return {s * 1'000'000}; }
  static constexpr Duration millis(std::int64_t ms) { return {ms * 1'000}; }
  auto operator<=>(const Duration&) const = default;
};

/// A point in time in microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;

  static constexpr Instant from_seconds(std::int64_t s) { return {s * 1'000'000}; }
  static constexpr Instant min() { return {std::numeric_limits<std::int64_t>::min()}; }
  static constexpr Instant max() { return {std::numeric_limits<std::int64_t>::max()}; }
  auto operator<=>(const Instant&) const = default;
  friend constexpr Instant operator+(Instant t, Duration d) { return {t.micros + d.micros}; }
  friend constexpr Instant operator-(Instant t, Duration d) { return {t.micros - d.micros}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.micros - b.micros}; }
};

/// The largest multiple of `step` (> 0) since the epoch that is <= t; floors also before 1970.
[[nodiscard]] Instant floor_to(Instant t, Duration step);
/// The smallest multiple of `step` (> 0) since the epoch that is >= t.
[[nodiscard]] Instant ceil_to(Instant t, Duration step);

/// Reads RFC 3339: "2024-03-01T12:00:00Z", a fraction of 1 to 9 digits (cut to microseconds), offsets "+02:00" and
/// "+0200". A text without a zone, an impossible date or trailing text gives nothing. Years 0001 to 9999.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);
/// The same, but a text without a zone is taken as UTC and a date alone as its midnight (ES|QL's literal forms).
[[nodiscard]] std::optional<Instant> parse_iso_as_utc(std::string_view text);

/// RFC 3339 UTC without fraction when it is zero, else with the shortest of 3 or 6 digits.
[[nodiscard]] std::string format_rfc3339(Instant t);
/// Always with three digits, as Elasticsearch prints dates.
[[nodiscard]] std::string format_iso_millis(Instant t);
/// For people, at most two units: "45 s", "55 min", "1h 5m", "24 h", "2d 3h". Days count from 48 hours on.
[[nodiscard]] std::string format_duration(Duration d);

}  // namespace trailhound
