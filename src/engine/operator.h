#pragma once
/// What every stateful operator works on and gives out. Inside src/engine only.
///
/// An operator is a value: it is made for one partition (one rule, one signal key), sees that partition's distinct hits
/// in total order (event time, event key, group) through `step`, and the end of the data through `finish`. Its state is
/// plain values, so that a copy of the operator is a copy of the state. It knows nothing of clocks or arrival order.
///
///     TrailingConditionOperator op(partition);
///     for (const StoredHit& hit : hits) op.step(hit, output);
///     op.finish(output);

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/value.h"
#include "engine/episode.h"
#include "engine/job_history.h"
#include "engine/row_expression.h"
#include "engine/state.h"
#include "engine/stored_hit.h"
#include "rule/rule.h"

namespace trailhound::engine {

/// One rule's hits of one signal key. Outlives its operator.
struct Partition {
  const rule::Rule* rule = nullptr;
  std::uint32_t rule_index = 0;
  std::vector<Value> signal_key;
  std::vector<std::string> key_names;  ///< one a part of the signal key
  Instant frontier;
  std::optional<Instant> first_event;  ///< when the data begin, if that is known
  std::size_t memory = 256u << 20;     ///< in bytes, see EvaluationOptions
  /// Of an anomaly job that gets only the hits of what fires: all that it would have learned from the others.
  const JobHistory* history = nullptr;
};

/// What an operator noticed, over all partitions of its rule.
struct RuleTally {
  RuleReport report;
  std::shared_ptr<const RowThreshold> having;  ///< run aggregate: made with the first partition
  double closeness = -1;                       ///< of report.nearest
  bool judged = false;                         ///< baseline, anomaly job: some group was past its learning time
  Duration longest_seen;                       ///< baseline: the longest time a group was known
  std::uint64_t most_buckets = 0;              ///< anomaly job: active buckets of the group that has most

  /// Keeps the text of the nearest miss; among equals the first. `describe` is called only for a nearer one.
  template <class Describe>
  void offer(double how_close, Describe&& describe) {
    if (how_close <= closeness) return;
    closeness = how_close;
    report.nearest = describe();
  }
  /// Adds what was noticed over the partitions behind these.
  void add(RuleTally&& later);
};

struct OperatorOutput {
  std::function<void(EpisodeRecord&&)> emit;  ///< in opening order
  RuleTally& tally;
};

}  // namespace trailhound::engine
