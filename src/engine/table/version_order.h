#pragma once
/// The order of values of type version. Inside src/engine only.

#include <string>
#include <string_view>

namespace trailhound::engine {

/// Bytes that order versions: numeric segments by number, fewer segments first, pre-releases before the release, texts
/// that are no versions behind all versions. Build metadata (`+...`) does not count but breaks ties.
[[nodiscard]] std::string version_sort_key(std::string_view version);

}  // namespace trailhound::engine
