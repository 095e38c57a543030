#include "source/event_time_text.h"

#include <cmath>
#include <cstdint>
#include <optional>

#include "base/instant.h"

namespace trailhound::source {

namespace {

/// Milliseconds since the epoch, if that is a time of the years 0001 to 9999.
std::optional<Instant> time_of_number(json::Value time) {
  constexpr std::int64_t kFirst = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
  constexpr std::int64_t kLast = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z
  const std::optional<double> millis = time.number();   // exact in this range
  if (!millis || *millis < static_cast<double>(kFirst) || *millis > static_cast<double>(kLast)) return std::nullopt;
  return Instant{} + Duration::millis(static_cast<std::int64_t>(std::floor(*millis)));
}

}  // namespace

std::string event_time_text(json::Value time) {
  if (const auto text = time.string()) return std::string(*text);
  std::string as_it_is;
  if (!time.number()) return as_it_is;
  if (const auto instant = time_of_number(time)) return format_rfc3339(*instant);
  time.append_json(as_it_is);
  return as_it_is;
}

}  // namespace trailhound::source
