#pragma once
/// Operator of threshold rules: a condition over aggregates of a trailing window. Inside src/engine only.
///
/// At every hit the window (t - W, t] of the hit's group holds the group's hits up to it in total order; W = 0 holds
/// the hit alone. The cases are tested from the top; the first true one fires. Nothing is evaluated between hits.
///
/// `X THEN Y`: let u be the earliest hit of the window such that X is true over the hits up to and including u; Y is
/// computed over the hits after u. Both parts are kept as sliding aggregates left and right of u. If X can only become
/// true with more hits (it asks counts to exceed numbers), u only moves forward and a step costs amortised constant
/// time; otherwise the parts are rebuilt at each hit, which costs the window's length.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/operator.h"
#include "engine/queue.h"
#include "engine/sliding_measure.h"

namespace trailhound::engine {

class TrailingConditionOperator {
 public:
  explicit TrailingConditionOperator(const Partition& partition);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  /// One hit of a group's window, compact: the event itself is in the log.
  struct Entry {
    Instant time;
    std::uint64_t event = 0;
    std::uint64_t queries = 0;
    std::vector<MeasureItem> items;  ///< by query, ascending
  };
  using Measures = std::vector<SlidingMeasure>;
  /// The two sides of u for one case.
  struct Then {
    Measures before, after;
    std::uint64_t split = 0;  ///< number of the first entry after u
    bool reached = false;     ///< X is true over the entries before the split
  };
  struct Group {
    Queue<Entry> window;
    std::uint64_t first = 0;  ///< number of window.front()
    Measures measures;
    std::vector<Then> thens;           ///< one a case; those without THEN are not used
    std::uint64_t gathered_in = 0;     ///< serial of the episode that the window was last gathered into
    std::uint64_t gathered_until = 0;  ///< entries before this number are in it

    [[nodiscard]] std::uint64_t end() const { return first + window.size(); }
    [[nodiscard]] const Entry& entry(std::uint64_t number) const { return window[number - first]; }
  };

  Group& group_of(const StoredHit& hit);
  void admit(Group& group, const StoredHit& hit, OperatorOutput& output);
  void expire(Group& group, Instant now);
  void follow(Group& group, std::size_t index);
  void forget_idle_groups(Instant now);
  [[nodiscard]] bool is_true(const Group& group, std::size_t index, std::span<const double> values) const;
  void fire(Group& group, const StoredHit& hit, const plan::TrailingCondition::Case& matched_case,
            std::span<const double> values, OperatorOutput& output);
  void offer_near_miss(const StoredHit& hit, std::span<const double> values, OperatorOutput& output) const;
  [[nodiscard]] Measures make_measures() const;

  const Partition* partition_;
  const plan::TrailingCondition* op_;
  std::vector<bool> case_grows_;  ///< of the cases with THEN: X can only become true with more hits
  std::map<std::string, Group> groups_;
  std::size_t sweep_at_ = 64;
  boost::unordered_flat_set<std::uint64_t> seen_groups_;  ///< hashes, to count groups that were forgotten once
  EventLog log_;
  EpisodeTracker episodes_;
};

}  // namespace trailhound::engine
