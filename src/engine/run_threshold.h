#pragma once
/// Operator of Elastic's threshold rules. Inside src/engine only.
///
/// Runs stand at the points T of a grid (multiples of `interval` since the epoch), up to the first one at or after the
/// frontier. At a run a group's hits in [T - look_back, T], both ends included, are counted, without those up to the
/// newest hit of the group's last firing. If there are `least` of them, and among them `least_distinct` distinct values
/// of the argument, the run fires: once, for all of them.
///
/// Between two runs that see no new hit of a group its count can only fall, so only the first run after a hit is
/// computed.
///
/// Values: count; cardinality, if it is asked for; from, the time of the oldest hit that was counted.
///
/// Memory of a group: its hits in the window, of which those beyond EventLog::kMaxDetails keep only counts, times and
/// the hashes of their distinct values.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/alert_tracker.h"
#include "engine/event_log.h"
#include "engine/operator.h"
#include "engine/queue.h"

namespace trailhound::engine {

class RunThresholdOperator {
 public:
  explicit RunThresholdOperator(const Partition& partition);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  struct Entry {
    Instant time;
    Profile::Outcome outcome = Profile::Outcome::ok;
    std::uint64_t queries = 0;
    boost::container::small_vector<std::uint64_t, 1> distinct;  ///< hashes of the argument's values
    std::shared_ptr<const EventDetail> detail;                  ///< null once dropped
  };
  struct Group {
    std::vector<Value> key;
    Queue<Entry> window;
    boost::unordered_flat_map<std::uint64_t, std::uint64_t> distinct;  ///< how often each is in the window
    std::size_t details = 0;                                           ///< entries from the back that still have theirs
  };

  void admit(const StoredHit& hit);
  void end_run(OperatorOutput& output);
  void judge(Group& group, OperatorOutput& output);
  void fire(const Group& group, OperatorOutput& output);
  void forget_idle_groups();
  void expire(Group& group) const;
  void offer_near_miss(const Group& group, OperatorOutput& output) const;

  const Partition* partition_;
  const plan::RunThreshold* op_;
  Duration interval_;
  Instant run_;                          ///< the run that sees the newest hits first
  std::map<std::string, Group> groups_;  ///< by canonical key: a run's groups fire in this order
  std::set<std::string> grown_;          ///< keys of the groups that got hits since the run before
  std::size_t sweep_at_ = 64;
  std::uint64_t seen_groups_ = 0;
  AlertTracker alerts_;
};

}  // namespace trailhound::engine
