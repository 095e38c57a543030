#pragma once
/// Operator of rules without state: every hit fires. Inside src/engine only.
///
/// The arguments of the queries that matched are the firing's values. With a keep_alive, hits of one key share a
/// signal; with a suppression, those of one suppression group (see AlertTracker).

#include <optional>

#include "engine/alert_tracker.h"
#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/operator.h"

namespace trailhound::engine {

class EachHitOperator {
 public:
  explicit EachHitOperator(const Partition& partition) : partition_(&partition), episodes_(partition) {
    if (partition.rule->plan.episode.suppression) alerts_.emplace(partition);
  }

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  void fire(const Firing& firing, const StoredHit& hit, OperatorOutput& output);

  const Partition* partition_;
  EventLog log_;
  EpisodeTracker episodes_;
  std::optional<AlertTracker> alerts_;  ///< instead of the log and the episodes, where firings are suppressed
};

}  // namespace trailhound::engine
