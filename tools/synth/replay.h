#pragma once
/// Real records, again and again: a corpus as large as wanted from a folder of CloudTrail files, each record with an
/// eventID of its own and its time moved by a day a round.

#include <string>
#include <vector>

#include "base/result.h"
#include "log_files.h"
#include "random.h"

namespace trailhound::synth {

/// Adds records found below `folder` (files holding {"Records":[...]}, not compressed) until `bytes` are written.
[[nodiscard]] Status replay(const std::string& folder, std::uint64_t bytes, Random& random, LogFiles& files);

}  // namespace trailhound::synth
