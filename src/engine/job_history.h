#pragma once
/// What an anomaly job learns from, over all workers: in which buckets its groups were active and its values were seen.
/// Inside src/engine only.
///
///     JobHistory history(std::move(notes));
///     history.at(group, value, bucket)               // rare: seen in 3 of the 40 active buckets before this one
///     history.each_count([&](const JobHistory::Counted& counted) { ... history.keep(counted); })
///     history.before(group, bucket)                  // high_distinct_count: what was learned before a kept bucket
///
/// Values are known only of groups that have been active often enough for anything to fire: most have not.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/job_notes.h"
#include "engine/learned_count.h"

namespace trailhound::engine {

class JobHistory {
 public:
  using Sighting = JobNotes::Sighting;

  explicit JobHistory(std::vector<JobNotes> notes);

  struct Place {
    std::uint64_t seen = 0;    ///< earlier buckets of the group with the value
    std::uint64_t active = 0;  ///< earlier buckets of the group
  };
  /// Of a group that has learned enough.
  [[nodiscard]] Place at(std::uint64_t group, std::uint64_t value, std::int64_t bucket) const;
  /// Calls `visit(group, value, bucket, place, sightings)` for every noted combination of groups that have learned
  /// enough, with the sightings of that bucket; false leaves out the value's later buckets.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const auto& [pair, seen] : seen_) {
      std::span<const Sighting> rest(seen.sightings);
      for (std::size_t i = 0; i < seen.buckets.size(); ++i) {
        const std::int64_t bucket = seen.buckets[i];
        std::size_t here = 0;
        while (here < rest.size() && rest[here].bucket == bucket) ++here;
        const Place place{i, active_before(pair.group, bucket)};
        if (!visit(pair.group, pair.value, bucket, place, rest.first(here))) break;
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

 private:
  using Pair = JobNotes::Pair;
  using PairHash = JobNotes::PairHash;
  using Buckets = std::vector<std::int64_t>;
  struct Seen {
    std::vector<Sighting> sightings;  // sorted
    Buckets buckets;                  // of the sightings
  };
  /// A value seen in a bucket.
  struct Mark {
    std::uint64_t group = 0;
    std::int64_t bucket = 0;
    std::uint32_t input = 0;
    bool first = false;  ///< of the value's sightings in the bucket
    auto operator<=>(const Mark&) const = default;
  };

  [[nodiscard]] static std::uint64_t bits_of(std::int64_t bucket) { return static_cast<std::uint64_t>(bucket); }
  [[nodiscard]] bool has_learned(std::uint64_t group) const;
  [[nodiscard]] std::vector<Mark> sorted_marks() const;
  [[nodiscard]] std::uint64_t active_before(std::uint64_t group, std::int64_t bucket) const;

  boost::unordered_flat_map<std::uint64_t, Buckets> active_;      // sorted
  boost::unordered_flat_map<Pair, Seen, PairHash> seen_;          // of groups that have learned
  boost::unordered_flat_map<Pair, LearnedCount, PairHash> kept_;  // by group and bucket
};

}  // namespace trailhound::engine
