#pragma once
/// Time zones by name ("Europe/Berlin") or offset ("+02:00"): the system's zoneinfo files.
///
///     TRY(const TimeZone zone, TimeZone::named("Europe/Berlin"));
///     zone.offset_at(t)                  // seconds east of Greenwich at that moment
///     zone.to_local(t)                   // what the clock on the wall shows, as if it were UTC
///     zone.from_local(zone.to_local(t))  // t, but in the hour that a clock shows twice

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace trailhound {

class TimeZone {
 public:
  /// "UTC", "Z", "GMT", "+02:00", "-0530", "UTC+1" and the names of the zoneinfo database. An Error for others.
  [[nodiscard]] static Result<TimeZone> named(std::string_view name);

  [[nodiscard]] std::int64_t offset_at(Instant t) const;
  [[nodiscard]] Instant to_local(Instant t) const;
  /// Of a time that the clock shows twice the first; one that it leaves out is moved behind the gap.
  [[nodiscard]] Instant from_local(Instant local) const;

 private:
  struct Rules;
  explicit TimeZone(std::int64_t fixed) : fixed_(fixed) {}

  std::int64_t fixed_ = 0;              ///< offset where there are no rules
  std::shared_ptr<const Rules> rules_;  ///< immutable
};

}  // namespace trailhound
