#pragma once
/// The order of ES|QL's version type: 3 < 3.1 < 3.4.0 < 3.20.0 < 10.0.0-rc1 < 10.0.0 < latest.

#include <compare>
#include <string_view>

namespace trailhound::engine {

/// Numbers by value segment by segment, fewer segments first, a pre-release before its release, a build suffix after
/// it; texts that are no version come after all versions, by bytes.
[[nodiscard]] std::strong_ordering order_versions(std::string_view a, std::string_view b);

}  // namespace trailhound::engine
