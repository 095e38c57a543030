#pragma once
/// Operator of the anomaly jobs behind Elastic's machine-learning rules for CloudTrail. Inside src/engine only.
///
/// Elastic's models and the normalisation of their scores cannot be reproduced outside of it. These are estimators of
/// our own, with the same inputs, buckets, partitions, learning time and scale. They are functions of the events alone.
///
/// Time is cut into buckets floor(t / bucket) since the epoch. The group key is the job's partition: each group learns
/// for itself. A bucket counts as *active* if the group has a hit in it. N is the number of active buckets before the
/// current one; while N <= 20 the group learns and nothing is judged.
///
/// rare: n of these N buckets had the value (of the argument; each value of a list by itself).
///
///     f = (n + 1/2) / (N + 1)               how often the value is to be expected in a bucket
///     score = 100 (1 - f)^12
///
/// A value never seen scores 75.9 at N = 21, 82.8 at 31, 94.2 at 100; one seen in 1 of 40 buckets 64, in 5 of 100
/// 51, in a tenth of many 28. Each value with score >= threshold is one firing a bucket, at its first hit there.
///
/// high_distinct_count: x is the number of distinct values in the bucket so far; m and s are mean and standard
/// deviation over the active buckets before, with s at least sqrt(max(m, 1)), the deviation of a Poisson count.
///
///     z = (x - m) / s                        0 if x <= m
///     score = 100 r / (1 + r),  r = (z / 3)^4
///
/// z = 3 scores 50, z = 4 scores 76, z = 6 scores 94. A bucket fires once, when its score reaches the threshold. What
/// is learned from a bucket is x, but at most m + 3 s once learning is over, so that one flood does not hide the next.
///
/// Values: the argument (rare: the value; else the count); score, of the bucket as a whole; typical (rare: "1 of 100
/// buckets"; else m).
///
/// A suppression is not looked at: no rule of this kind has one, and the loader refuses it.
///
/// With a history (Partition::history) a job gets only the hits of what fires, and learns nothing by itself.
///
/// Memory of a group: 24 bytes and up to as much again a distinct value (rare), or the values of one bucket and the
/// events of one bucket (the details of at most EventLog::kMaxDetails of them).

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/learned_count.h"
#include "engine/operator.h"
#include "engine/queue.h"

namespace trailhound::engine {

class AnomalyJobOperator {
 public:
  static constexpr std::uint64_t kLearning = kAnomalyLearning;

  explicit AnomalyJobOperator(const Partition& partition);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  struct Seen {
    std::uint64_t buckets = 0;  ///< in how many buckets the value was, the current one included
    std::int64_t last = 0;      ///< the newest of them
  };
  struct Held {
    Instant time;
    std::uint64_t queries = 0;
    Profile::Outcome outcome = Profile::Outcome::ok;
    std::shared_ptr<const EventDetail> detail;  ///< null once dropped
  };
  /// A firing of the current bucket, which further hits of the bucket extend.
  struct Open {
    EpisodeRecord record;
    Instant newest_time;
    std::string newest_key;  ///< the event counted last
  };
  struct Group {
    std::optional<std::int64_t> bucket;                     ///< the current one
    std::uint64_t active = 0;                               ///< N
    std::uint64_t hash = 0;                                 ///< of the group, where there is a history
    boost::unordered_flat_map<std::uint64_t, Seen> values;  ///< rare
    LearnedCount learned;                                   ///< high_distinct_count: before the current bucket
    boost::unordered_flat_set<std::uint64_t> distinct;      ///< of the current bucket
    Queue<Held> held;                                       ///< of the current bucket, until it fires
    std::map<std::uint64_t, std::size_t> open;  ///< firings of the bucket, by hash of the value: index in open_
  };

  void move_to(Group& group, std::int64_t bucket);
  /// What was before the current bucket: learned from the hits, or known from the partition's history.
  [[nodiscard]] JobHistory::Place place_of(const Group& group, std::uint64_t hash) const;
  void step_rare(Group& group, const StoredHit& hit, const Values& cell);
  void step_high(Group& group, const StoredHit& hit, const Values& cell);
  [[nodiscard]] static double score_of(const Group& group) { return group.learned.score(group.distinct.size()); }
  void tell_count(const Group& group, NamedValues& values) const;
  [[nodiscard]] plan::LogicalType argument_type() const;
  [[nodiscard]] Firing firing_for(const StoredHit& hit) const;
  static void count_in(Open& open, const StoredHit& hit);
  void give_out(OperatorOutput& output);

  const Partition* partition_;
  const plan::AnomalyJob* op_;
  std::string argument_;  ///< its name
  std::map<std::string, Group> groups_;
  std::vector<Open> open_;  ///< firings of the current bucket in opening order
  std::int64_t current_ = 0;
};

/// The bucket that a time is in.
[[nodiscard]] std::int64_t bucket_of(const plan::AnomalyJob& job, Instant time);
/// The score by itself.
[[nodiscard]] double rare_score(std::uint64_t seen_in, std::uint64_t buckets);

}  // namespace trailhound::engine
