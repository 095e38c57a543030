#pragma once
/// Operator of rules without state: every hit fires. Inside src/engine only.
///
/// The arguments of the queries that matched are the firing's values. With a keep_alive, hits of one key share a
/// signal.

#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/operator.h"

namespace trailhound::engine {

class EachHitOperator {
 public:
  explicit EachHitOperator(const Partition& partition) : partition_(&partition), episodes_(partition) {}

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output) { episodes_.close(output); }

 private:
  const Partition* partition_;
  EventLog log_;
  EpisodeTracker episodes_;
};

}  // namespace trailhound::engine
