#pragma once
/// When each of many keys was seen last: the memory of new-terms rules. Inside src/engine only.
///
/// A key is kept as a 64-bit hash beside its time, 16 bytes in all, in an open table that is between 44 % and 88 %
/// full: 19 to 39 bytes a key (tests/engine/new_terms_test.cc measures it). Two keys that share a hash are one key
/// here; with ten million keys the chance that any two do is about 1 in 400,000.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/hash.h"
#include "base/instant.h"

namespace trailhound::engine {

class LastSeenTable {
 public:
  /// Notes that the key is seen now and says when it was seen before.
  std::optional<Instant> see(std::string_view key, Instant now) {
    const auto [at, is_new] = seen_.try_emplace(hash64(key), now);
    if (is_new) return std::nullopt;
    const Instant before = at->second;
    at->second = std::max(before, now);
    return before;
  }
  /// Forgets the keys that were seen last before `oldest`.
  void forget_before(Instant oldest) {
    erase_if(seen_, [&](const auto& item) { return item.second < oldest; });
  }
  [[nodiscard]] std::size_t size() const { return seen_.size(); }
  /// What the table takes, computed from its capacity: a slot and its share of the control bytes.
  [[nodiscard]] std::size_t bytes() const {
    return static_cast<std::size_t>(static_cast<double>(seen_.max_load()) / seen_.max_load_factor()) *
           (sizeof(std::pair<const std::uint64_t, Instant>) + 1);
  }

 private:
  struct Identity {
    using is_avalanching = void;  // the key is a hash already
    std::size_t operator()(std::uint64_t hash) const { return static_cast<std::size_t>(hash); }
  };
  boost::unordered_flat_map<std::uint64_t, Instant, Identity> seen_;
};

}  // namespace trailhound::engine
