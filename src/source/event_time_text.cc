#include "source/event_time_text.h"

#include <cstdint>

#include "base/instant.h"

namespace trailhound::source {

std::string event_time_text(json::Value time) {
  constexpr std::int64_t kFirst = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
  constexpr std::int64_t kLast = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z
  if (const auto text = time.string()) return std::string(*text);
  const auto millis = time.integer();
  if (millis && *millis >= kFirst && *millis <= kLast) return format_rfc3339(Instant{} + Duration::millis(*millis));
  using enum json::Kind;
  std::string as_it_is;
  if (time.is(integer) || time.is(unsigned_integer) || time.is(real)) time.append_json(as_it_is);
  return as_it_is;
}

}  // namespace trailhound::source
