#pragma once
/// What stands for values and groups in state that is kept by hash. Inside src/engine only.

#include <cstdint>
#include <vector>

#include "base/value.h"

namespace trailhound::engine {

[[nodiscard]] std::uint64_t hash_of_value(const Scalar& value);
[[nodiscard]] std::uint64_t hash_of_group(const std::vector<Value>& group);

}  // namespace trailhound::engine
