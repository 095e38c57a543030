#pragma once
/// What the first pass of a scan read of a portion of its input (portions.h). Inside src/run only.

#include <cstdint>

#include "base/instant.h"

namespace trailhound::run {

struct InputSpan {
  Instant first = Instant::max();
  Instant last = Instant::min();
  std::uint64_t records = 0;
};

}  // namespace trailhound::run
