#pragma once
/// The `<n-m>` of regular expressions: decimal numbers between two bounds. Inside src/plan only.

#include <optional>
#include <string_view>

#include "plan/regex_nodes.h"

namespace trailhound::plan {

/// Bounds of the same number of digits ask for that many digits; otherwise any number of leading zeros is fine. Bounds
/// may stand in either order. Nothing if one is no number below 2^31.
[[nodiscard]] std::optional<RegexNodes::Id> decimal_interval(std::string_view least, std::string_view most,
                                                             RegexNodes& nodes);

}  // namespace trailhound::plan
