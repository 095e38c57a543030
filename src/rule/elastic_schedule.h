#pragma once
/// When an Elastic rule runs and how far it looks back: `from`, `to` and `interval`.

#include <optional>
#include <string_view>

#include "base/instant.h"

namespace trailhound::rule {

/// "now" is 0, "now-6m" is six minutes, "now+1h" minus one hour: how far before the run a point lies. Units s, m, h (or
/// H), d and w. Nothing on other texts: rounding ("now-1d/d") and calendar units (M, y) have no fixed length.
[[nodiscard]] std::optional<Duration> parse_before_now(std::string_view text);

/// "5m": whole number above zero and a unit s, m, h or d.
[[nodiscard]] std::optional<Duration> parse_interval(std::string_view text);

}  // namespace trailhound::rule
