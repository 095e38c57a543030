#pragma once
/// A set of values of one type. Inside src/engine only.

#include <cstddef>
#include <unordered_set>

#include "base/hash.h"
#include "base/value.h"

namespace trailhound::engine {

struct ValueHash {
  std::size_t operator()(const Value& value) const {
    struct Visitor {
      std::size_t operator()(std::monostate) const { return 0; }
      std::size_t operator()(bool b) const { return b ? 1 : 2; }
      std::size_t operator()(std::int64_t n) const { return hash64({reinterpret_cast<const char*>(&n), sizeof n}); }
      std::size_t operator()(double d) const {
        const double zero_is_one = d == 0 ? 0 : d;  // -0.0 equals 0.0
        return hash64({reinterpret_cast<const char*>(&zero_is_one), sizeof d}, 1);
      }
      std::size_t operator()(const std::string& text) const { return hash64(text, 2); }
      std::size_t operator()(const IpAddress& address) const {
        return hash64({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()}, 3);
      }
    };
    return std::visit(Visitor{}, value);
  }
};

using HashedValues = std::unordered_set<Value, ValueHash>;

/// What a value takes in such a container, about.
[[nodiscard]] inline std::size_t bytes_of(const Value& value) {
  constexpr std::size_t kNode = sizeof(Value) + 32;
  const auto* text = std::get_if<std::string>(&value);
  return kNode + (text != nullptr && text->size() > 15 ? text->size() : 0);
}

}  // namespace trailhound::engine
