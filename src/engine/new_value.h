#pragma once
/// Operator of new-value rules: fires for values that a group has not had before. Inside src/engine only.
///
/// A value is a combination of one element of each argument; an event that lacks an argument is left out. For each
/// group the operator remembers when its first event came (`start`, which never moves) and when each value was seen
/// last. At an event at t with value v:
///
///     known     iff v was seen at t - forget_after or later
///     learning  iff t - start < learning, or v is the group's first value and `learns_first` is set
///     fires     iff v is neither known nor learned
///
/// Either way v is known from now on. Firings that extend a signal add their values to it.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/last_seen_table.h"
#include "engine/operator.h"

namespace trailhound::engine {

class NewValueOperator {
 public:
  explicit NewValueOperator(const Partition& partition)
      : partition_(&partition), op_(&std::get<plan::NewValue>(partition.rule->plan.op)), episodes_(partition) {}

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

  /// Values of one event, and of one signal, that are looked at.
  static constexpr std::size_t kMaxValues = 1000;

 private:
  struct Group {
    Instant start;
    LastSeenTable seen;
    std::size_t sweep_at = 1024;
  };

  [[nodiscard]] bool is_new(Group& group, const std::vector<Value>& value, Instant now);
  void fire(const StoredHit& hit, const std::vector<Value>& value, OperatorOutput& output);

  const Partition* partition_;
  const plan::NewValue* op_;
  std::map<std::string, Group> groups_;
  std::vector<std::set<Value>> shown_;  ///< new values of the open signal, by argument
  EventLog log_;
  EpisodeTracker episodes_;
};

}  // namespace trailhound::engine
