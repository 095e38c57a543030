#pragma once
/// The invented networks of networks.txt as location databases, so that rules over source.geo and source.as can be
/// tested without anybody's data.

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "event/geo.h"

namespace trailhound {

/// Reads `path` (lines "block;as number;organization;country code;country;city") and opens two databases of
/// them. An Error names the line that is wrong.
[[nodiscard]] Result<std::shared_ptr<const event::Geo>> open_networks(const std::string& path);

}  // namespace trailhound
