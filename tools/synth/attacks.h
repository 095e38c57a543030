#pragma once
/// Planted activity: the five enumerations that the shipped rules detect, near-misses of each, and what must come out.

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "identities.h"
#include "random.h"
#include "record.h"

namespace trailhound::synth {

struct ExpectedSignal {
  std::string rule;
  std::string severity;
  std::string group;  ///< the ARN
  Instant first_seen;
  Instant last_seen;
  std::uint64_t events = 0;
};

struct Planted {
  std::deque<Identity> identities;  ///< events point into it
  std::vector<Event> events;        ///< in order of time
  std::vector<ExpectedSignal> expected;
};

/// `sets` times the five attacks and their near-misses, spread over the span, each by an identity of its own.
/// The span must be at least two days: one rule learns for 24 hours.
[[nodiscard]] Planted plant(Random& random, const std::vector<std::string>& accounts, Instant start, Duration span,
                            std::size_t sets);

}  // namespace trailhound::synth
