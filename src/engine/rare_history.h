#pragma once
/// In which buckets of a rare job its groups were active and its values were seen: what such a job learns from, without
/// the hits themselves. Inside src/engine only.
///
///     history.note_active(group, bucket);            // any order, one object a worker
///     history.note(group, value, bucket);
///     history.add(std::move(other)); history.settle();
///     history.at(group, value, bucket)               // seen in 3 of the 40 active buckets before this one
///
/// Groups and values are 64-bit hashes; two that share one are one here, as in the operator. About 30 bytes a value and
/// four a bucket that it was seen in. Not thread-safe while it is filled.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace trailhound::engine {

class RareHistory {
 public:
  struct Place {
    std::uint64_t seen = 0;    ///< earlier buckets of the group with the value
    std::uint64_t active = 0;  ///< earlier buckets of the group
  };

  void note(std::uint64_t group, std::uint64_t value, std::int64_t bucket);
  /// A hit without any value: its group was active all the same.
  void note_active(std::uint64_t group, std::int64_t bucket) { append(active_[group], bucket); }
  void add(RareHistory&& other);
  /// To be called once when all is noted, before anything is asked.
  void settle();

  [[nodiscard]] Place at(std::uint64_t group, std::uint64_t value, std::int64_t bucket) const;
  /// Calls `visit(group, value, bucket, place)` for every noted combination; false leaves out the value's later
  /// buckets.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const auto& [key, buckets] : seen_) {
      for (std::size_t i = 0; i < buckets.size(); ++i) {
        const Place place{i, active_before(key.group, buckets[i])};
        if (!visit(key.group, key.value, buckets[i], place)) break;
      }
    }
  }

  [[nodiscard]] std::size_t groups() const { return active_.size(); }
  /// Of the group that has most: buckets before its newest one.
  [[nodiscard]] std::uint64_t most_active() const;
  [[nodiscard]] std::size_t entries() const { return entries_; }

 private:
  struct Key {
    std::uint64_t group, value;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    using is_avalanching = void;
    std::size_t operator()(const Key& key) const { return key.group ^ (key.value * 0x9E3779B97F4A7C15u); }
  };
  using Buckets = std::vector<std::int64_t>;

  [[nodiscard]] std::uint64_t active_before(std::uint64_t group, std::int64_t bucket) const;
  void append(Buckets& buckets, std::int64_t bucket);
  static void settle(Buckets& buckets);

  boost::unordered_flat_map<std::uint64_t, Buckets> active_;
  boost::unordered_flat_map<Key, Buckets, KeyHash> seen_;
  std::size_t entries_ = 0;
};

}  // namespace trailhound::engine
