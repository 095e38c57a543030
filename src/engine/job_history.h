#pragma once
/// In which buckets of an anomaly job its groups were active and its values were seen: what such a job learns from,
/// without the hits themselves. Inside src/engine only.
///
///     history.note_active(group, bucket);            // any order, one object a worker
///     history.note(group, value, bucket, input);     // and where: the number of the input that is being read
///     history.add(std::move(other)); history.settle();
///     history.at(group, value, bucket)               // rare: seen in 3 of the 40 active buckets before this one
///     history.each_count([&](const JobHistory::Counted& counted) { ... history.keep(counted); })
///     history.before(group, bucket)                  // high_distinct_count: what was learned before a kept bucket
///
/// Groups and values are 64-bit hashes; two that share one are one here, as in the operator. About 70 bytes a value and
/// 16 a bucket and input that it was seen in. Not thread-safe while it is filled.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/learned_count.h"

namespace trailhound::engine {

class JobHistory {
 public:
  struct Place {
    std::uint64_t seen = 0;    ///< earlier buckets of the group with the value
    std::uint64_t active = 0;  ///< earlier buckets of the group
  };

  /// A bucket that a value was seen in, and the number of the input that told so.
  struct Sighting {
    std::int64_t bucket = 0;
    std::uint32_t input = 0;
    auto operator<=>(const Sighting&) const = default;
  };

  void note(std::uint64_t group, std::uint64_t value, std::int64_t bucket, std::uint32_t input);
  /// A hit without any value: its group was active all the same.
  void note_active(std::uint64_t group, std::int64_t bucket) { append(active_[group], bucket); }
  void add(JobHistory&& other);
  /// To be called once when all is noted, before anything is asked.
  void settle();

  [[nodiscard]] Place at(std::uint64_t group, std::uint64_t value, std::int64_t bucket) const;
  /// Calls `visit(group, value, bucket, place, sightings)` for every noted combination, with the sightings of that
  /// bucket; false leaves out the value's later buckets.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const auto& [key, seen] : seen_) {
      std::span<const Sighting> rest(seen.sightings);
      for (std::size_t i = 0; i < seen.buckets.size(); ++i) {
        const std::int64_t bucket = seen.buckets[i];
        std::size_t here = 0;
        while (here < rest.size() && rest[here].bucket == bucket) ++here;
        const Place place{i, active_before(key.group, bucket)};
        if (!visit(key.group, key.value, bucket, place, rest.first(here))) break;
        rest = rest.subspan(here);
      }
    }
  }

  /// A bucket of a group that has learned enough.
  struct Counted {
    std::uint64_t group = 0;
    std::int64_t bucket = 0;
    std::uint64_t count = 0;  ///< distinct values
    LearnedCount before;
    std::span<const std::uint32_t> inputs;  ///< where its values were seen, in no order; may name one twice
  };
  /// Calls `visit` for every bucket with values that comes after the learning.
  void each_count(const std::function<void(const Counted&)>& visit) const;
  void keep(const Counted& counted) {
    kept_.insert_or_assign({counted.group, bits_of(counted.bucket)}, counted.before);
  }
  /// Null if it was not kept.
  [[nodiscard]] const LearnedCount* before(std::uint64_t group, std::int64_t bucket) const;

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
  struct Seen {
    std::vector<Sighting> sightings;
    Buckets buckets;  // of the sightings; made by `settle`
  };

  /// A value seen in a bucket of a group that has learned enough.
  struct Mark {
    std::uint64_t group = 0;
    std::int64_t bucket = 0;
    std::uint32_t input = 0;
    bool first = false;  ///< of the value's sightings in the bucket
    auto operator<=>(const Mark&) const = default;
  };

  [[nodiscard]] static std::uint64_t bits_of(std::int64_t bucket) { return static_cast<std::uint64_t>(bucket); }
  [[nodiscard]] std::vector<Mark> marks_of_learned_groups() const;
  [[nodiscard]] std::uint64_t active_before(std::uint64_t group, std::int64_t bucket) const;
  /// Events come roughly in order of time: the newest one mostly is the same again.
  template <class T>
  void append(std::vector<T>& noted, T what) {
    if (!noted.empty() && noted.back() == what) return;
    noted.push_back(what);
    ++entries_;
  }

  boost::unordered_flat_map<std::uint64_t, Buckets> active_;
  boost::unordered_flat_map<Key, Seen, KeyHash> seen_;
  boost::unordered_flat_map<Key, LearnedCount, KeyHash> kept_;  // by group and bucket
  std::size_t entries_ = 0;
};

}  // namespace trailhound::engine
