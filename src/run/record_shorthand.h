#pragma once
/// A CloudTrail record from a few words: what rule cases (and tests) write instead of a page of JSON.
/// The keys are described in run/rule_cases.h.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace trailhound::run {

using Shorthand = std::map<std::string, std::string, std::less<>>;

/// Appends one record as JSON. `number` makes its eventID, unless `id` is given.
void append_record(std::string& out, std::string_view event_name, Instant time, const Shorthand& values,
                   std::uint64_t number);

}  // namespace trailhound::run
