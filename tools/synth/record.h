#pragma once
/// A record of the synthetic cloud as JSON text.

#include <string>
#include <string_view>

#include "base/instant.h"
#include "calls.h"
#include "identities.h"
#include "random.h"

namespace trailhound::synth {

struct Event {
  Instant time;
  const Identity* identity = nullptr;
  std::string service;
  std::string name;
  std::string region;
  std::string error;     ///< empty: the call succeeded
  std::string request;   ///< JSON
  std::string response;  ///< JSON
  bool read_only = true;
  std::string agent;  ///< empty: the identity's
};

/// An event of the background: one of the identity's calls, sometimes failing as that service's calls do.
[[nodiscard]] Event background_event(Random& random, const Identity& identity, Instant time);
[[nodiscard]] std::string to_json(Random& random, const Event& event);

}  // namespace trailhound::synth
