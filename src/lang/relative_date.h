#pragma once
/// Dates that count from the time of the run, `now-1d/d`, as expressions over that time.
///
///     const Expr now = run_time_of(timestamp, schedule, WhichRun::first);
///     read_relative_date("now-1d/d", now)       // [midnight of yesterday, midnight of today)
///
/// A run sees the events of its window, so an event's first run is the first point of the grid at or after it, and its
/// last run the last point at which the event is still in the window.

#include <cstdint>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "plan/expression.h"

namespace trailhound::lang {

enum class WhichRun : std::uint8_t { first, last };

/// The time of the run: a date. `timestamp` is the event's time.
[[nodiscard]] plan::Expr run_time_of(const plan::Expr& timestamp, Duration interval, Duration look_back,
                                     WhichRun which);

/// As DateInterval of elastic_date.h.
struct RelativeInterval {
  plan::Expr first;
  plan::Expr end;
};

/// REQUIRES: is_relative_date(text). Errors: no date math.
[[nodiscard]] Result<RelativeInterval> read_relative_date(std::string_view text, const plan::Expr& now);

}  // namespace trailhound::lang
