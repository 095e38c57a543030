#pragma once
/// Operator of Elastic's new-terms rules. Inside src/engine only.
///
/// A group is a combination of terms; only the rule's own hits are its history. Runs stand at the points T of a grid
/// (multiples of `interval` since the epoch), up to the first one at or after the frontier. A hit e, whose group was
/// seen at p before, fires iff there is a run T that
///
///     sees it    e <= T, and its start excluded: e > T - look_back
///     and not p  p < T - history
///
/// that is, iff T* = the first point that is >= e and > p + history lies before e + look_back. A group without p is
/// new. So the time when a group was seen last is all that is kept of it, and a group that was silent for longer than
/// the history is new again.
///
/// A suppression goes by runs: firings then wait until no hit can have an earlier run, at most kMostWaiting of them.
///
/// Values: the terms by their names; "history", if the data began after the history did: "3d 2h of 10d".

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "engine/alert_tracker.h"
#include "engine/last_seen_table.h"
#include "engine/operator.h"

namespace trailhound::engine {

class NewTermsOperator {
 public:
  static constexpr std::size_t kMostWaiting = 100'000;

  explicit NewTermsOperator(const Partition& partition);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  std::optional<Instant> see(const StoredHit& hit);
  [[nodiscard]] Instant run_of(Instant time, std::optional<Instant> before) const;
  void fire(const StoredHit& hit, Instant run, OperatorOutput& output);
  void fire_waiting(Instant before, OperatorOutput& output);

  const Partition* partition_;
  const plan::NewTerms* op_;
  Duration interval_;
  // A partition is mostly one group, whose memory then is one time; the table serves those that are several.
  std::optional<Instant> last_;
  LastSeenTable table_;
  std::size_t sweep_at_ = 1024;
  std::uint64_t groups_ = 0;
  std::multimap<Instant, StoredHit> waiting_;  ///< by their runs, then in order of arrival
  AlertTracker alerts_;
};

/// How much of a history that ends at `run` the data cover, for people; empty if all of it.
[[nodiscard]] std::string covered_history(Instant first_event, Instant run, Duration history);

}  // namespace trailhound::engine
