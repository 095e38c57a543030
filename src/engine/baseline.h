#pragma once
/// Operator of anomaly rules: how far a group's latest buckets exceed what its past makes likely. Inside src/engine
/// only.
///
/// Time is cut into buckets b = floor(t / bucket) since the epoch. x(b) is the measure over the group's hits in bucket
/// b, 0 where there are none, from the group's first hit on. At a hit at time t in bucket c:
///
///     window    N = max(1, window / bucket) buckets, c - N + 1 ... c
///     history   H = the buckets from that of max(first hit, t - 14 d) up to the one before the window
///     P         nearest-rank percentile of x over H: element number ceil(p * |H|) in ascending order; 0 if H is empty
///     Wk(b)     largest x among b - 1, b, b + 1 shifted back by 7 d and by 14 d
///     D(b)      median (the larger middle value) over the shifts of 1 ... 7 d whose bucket lies in H of the largest x
///               among b - 1, b, b + 1 at that shift; 0 if there are fewer than 3 such shifts
///     bound(b)  max(P, D(b), Wk(b)); for D and Wk only buckets inside H count
///     excess    E = sum over the window of max(0, x(b) - bound(b))
///     fires     iff E > tolerance * max(1, mean of bound over the window)
///
/// While t - first hit < learning, every bound is `learning_bound`, or nothing is judged if there is none.
/// Only rises fire, never drops. Past anomalies stay in the history.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/operator.h"
#include "engine/queue.h"
#include "engine/sliding_measure.h"

namespace trailhound::engine {

class BaselineOperator {
 public:
  explicit BaselineOperator(const Partition& partition);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

  static constexpr Duration kDay = Duration::seconds(86'400);
  static constexpr Duration kHistory = Duration::seconds(14 * 86'400);

 private:
  struct Entry {
    Instant time;
    std::uint64_t event = 0;
    std::uint64_t queries = 0;
  };
  /// What the window's buckets are compared with, computed once a bucket.
  struct Bounds {
    std::int64_t current = 0;        ///< the bucket they are for
    std::int64_t history_start = 0;  ///< ... and the first bucket of H
    bool learning = false;
    std::vector<double> of_window;  ///< oldest first
    double mean = 0;
  };
  struct Group {
    Instant first;  ///< its first hit
    std::int64_t current = 0;
    SlidingMeasure measure;                       ///< of the current bucket
    Queue<std::pair<std::int64_t, double>> past;  ///< buckets before the current one that are not 0, ascending
    Queue<Entry> window;
    std::uint64_t first_entry = 0;  ///< number of window.front()
    std::uint64_t gathered_in = 0;
    std::uint64_t gathered_until = 0;
    std::optional<Bounds> bounds;
  };

  [[nodiscard]] std::int64_t bucket_of(Instant time) const { return floor_to(time, bucket_).micros / bucket_.micros; }
  Group& group_of(const StoredHit& hit, OperatorOutput& output);
  void move_to(Group& group, std::int64_t bucket);
  [[nodiscard]] double x(const Group& group, std::int64_t bucket) const;
  [[nodiscard]] Bounds bounds_for(const Group& group, std::int64_t history_start, bool learning) const;
  [[nodiscard]] double percentile(const Group& group, std::int64_t history_start, std::int64_t history_end) const;
  [[nodiscard]] double seasonal(const Group& group, std::int64_t bucket, std::int64_t history_start,
                                std::int64_t history_end) const;
  void judge(Group& group, const StoredHit& hit, OperatorOutput& output);
  void fire(Group& group, const StoredHit& hit, double total, double excess, OperatorOutput& output);

  const Partition* partition_;
  const plan::Baseline* op_;
  Duration bucket_;
  std::int64_t window_buckets_;
  std::map<std::string, Group> groups_;
  EventLog log_;
  EpisodeTracker episodes_;
};

/// The number of the element that nearest rank takes out of `size`: ceil(fraction * size), at least 1. Exact for
/// fractions of up to nine decimals, where floating point alone would sometimes be one too high.
[[nodiscard]] std::int64_t nearest_rank(double fraction, std::int64_t size);

}  // namespace trailhound::engine
