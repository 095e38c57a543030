#include "engine/value_hash.h"

#include <string>

#include "base/hash.h"
#include "engine/signal_key.h"

namespace trailhound::engine {

std::uint64_t hash_of_value(const Scalar& value) {
  std::string bytes;
  append_canonical_scalar(bytes, value);
  return hash64(bytes);
}

std::uint64_t hash_of_group(const std::vector<Value>& group) { return hash64(canonical_key(group)); }

}  // namespace trailhound::engine
