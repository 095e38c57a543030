#pragma once
/// When an Elastic rule runs and how far it looks back: `from`, `to` and `interval`.

#include <optional>
#include <string_view>

#include "base/instant.h"
#include "rule/payload.h"
#include "rule/rule.h"

namespace trailhound::rule {

/// "now" is 0, "now-6m" is six minutes, "now+1h" minus one hour, "now-1d-6h" thirty hours: how far before the run a
/// point lies. Units s, m, h (or H), d and w. Nothing on other texts: rounding ("now-1d/d") and calendar units (M, y)
/// have no fixed length.
[[nodiscard]] std::optional<Duration> parse_before_now(std::string_view text);

/// "5m": whole number above zero and a unit s, m, h or d.
[[nodiscard]] std::optional<Duration> parse_interval(std::string_view text);

/// A key that holds a point before the run, or `otherwise`; reports what cannot be read (TH4104) and gives 0 then.
[[nodiscard]] Duration read_before_now(const Payload& table, std::string_view key, std::string_view otherwise);

/// The rule's schedule with Elastic's defaults: every 5 minutes over the last 6. Wrong values are reported.
[[nodiscard]] Schedule read_schedule(const Payload& rule);

}  // namespace trailhound::rule
