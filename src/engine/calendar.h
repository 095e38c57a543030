#pragma once
/// Truncation of points in time to calendar units, in UTC and the proleptic Gregorian calendar.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"

namespace trailhound::engine {

enum class CalendarUnit : std::uint8_t { week, month, year };
[[nodiscard]] std::optional<CalendarUnit> calendar_unit_named(std::string_view name);

/// The start of the `count` units that hold t, counted from 0001-01-01, a Monday: so weeks start on Mondays, three
/// months are quarters, and five years are 2016, 2021, 2026. Nothing if count < 1 or the start is out of range.
[[nodiscard]] std::optional<Instant> truncate(Instant t, CalendarUnit unit, std::int64_t count);

}  // namespace trailhound::engine
