#pragma once
/// Times for NOW(). Inside src/run only.

#include <optional>

#include "base/instant.h"
#include "base/result.h"
#include "run/progress.h"
#include "run/scan_input.h"

namespace trailhound::run {

/// The clock.
[[nodiscard]] Instant now();
/// The time of the newest event in the input, read in a pass of its own; nothing if there is none. Standard input
/// and pipes cannot be read twice and are left out. Ends early when `progress.stop` is set.
[[nodiscard]] Result<std::optional<Instant>> newest_event(const ScanInput& input, unsigned workers,
                                                          const Progress& progress);

}  // namespace trailhound::run
