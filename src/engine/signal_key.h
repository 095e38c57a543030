#pragma once
/// From a hit's full group key to the key of the signal it may become part of. Inside src/engine only.

#include <string>
#include <vector>

#include "base/value.h"
#include "plan/plan.h"

namespace trailhound::engine {

/// The parts of `group` that identify the signal: all of them, or the projected ones. A projected part that a shorter
/// group does not have is left out.
[[nodiscard]] std::vector<Value> signal_key_of(const plan::Episode& episode, const std::vector<Value>& group);

/// Names of the signal key's parts for a group of `group_size` parts. Queries join by position, so the first query that
/// groups by that many fields lends its names.
[[nodiscard]] std::vector<std::string> signal_key_names(const plan::Plan& plan, std::size_t group_size);

/// "a, b": the group in words.
[[nodiscard]] std::string describe_group(const std::vector<Value>& group);

/// One canonical byte string for a list of values.
[[nodiscard]] std::string canonical_key(const std::vector<Value>& values);

}  // namespace trailhound::engine
