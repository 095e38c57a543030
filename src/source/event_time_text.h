#pragma once
/// The time of a record that is put together from what another system made of it. Internal to src/source.

#include <string>

#include "base/json_value.h"

namespace trailhound::source {

/// A text as it is; a number as milliseconds since the epoch, in RFC 3339 (fractions of one are cut off). A number that
/// is no such time (years 0001 to 9999) as it is too, so that the record is counted as malformed. "" for anything else.
[[nodiscard]] std::string event_time_text(json::Value time);

}  // namespace trailhound::source
