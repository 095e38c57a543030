#pragma once
/// Operator of EQL's `sequence` and `sample`, after Elasticsearch's matcher. Inside src/engine only.
///
/// Hits of one join key come in total order; those of one time are ordered by the lowest stage that they serve (logs
/// have a resolution of one second: a cause and its effect may share it), then by event key. For each stage one partial
/// match is kept, the newest:
///
///   - a hit of the first stage begins a partial;
///   - a hit of stage s takes the partial of the stage before, which is gone from there even if the hit then fails: by
///     max_span (from the first event; equal is allowed), or because an `until` event came since the partial's last
///     event;
///   - a hit may serve several stages, but never two of one match. No all-pairs output: a newer partial shadows older
///     ones, which could never be taken again.
///
/// Missing stages: one between two others must have no event strictly between their times; leading and trailing ones no
/// event within max_span: leading ones before the first event, measured from the last; trailing ones after the last
/// event, measured from the first; with both, there must be a span without either. A match with a trailing missing
/// stage fires when its span is over. Spans that end beyond the frontier are counted as open windows.
///
/// A sample fires when every stage has an event of its own (within max_span, if there is one), whatever their order;
/// its events are then used up.
///
/// Memory of a join key: one partial a stage; the matches that wait for their span to end, of which those beyond
/// kMostTold keep only counts; for a sample as many events a stage as there are stages.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/alert_tracker.h"
#include "engine/event_log.h"
#include "engine/operator.h"

namespace trailhound::engine {

class SequenceOperator {
 public:
  static constexpr std::size_t kMostTold = EventLog::kMaxDetails;

  explicit SequenceOperator(const Partition& partition);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  /// An event of a match. Immutable and shared, so that copying state is cheap.
  struct Member {
    Instant time;
    std::uint64_t queries = 0;
    Profile::Outcome outcome = Profile::Outcome::ok;
    std::vector<Values> arguments;              ///< of all queries that it matched
    std::shared_ptr<const EventDetail> detail;  ///< null once dropped
    std::string kept_key;                       ///< then the event key
    [[nodiscard]] const std::string& event_key() const { return detail ? detail->event_key : kept_key; }
  };
  using MemberRef = std::shared_ptr<const Member>;
  /// A match up to some stage, its events in order of stage.
  struct Partial {
    std::vector<MemberRef> members;
    std::optional<Instant> leading;  ///< the latest event of a leading missing stage before the first member
    bool spoilt = false;             ///< an event of a missing stage lay between two members
  };

  /// What is known of one join key. A partition is mostly one key; with a suppression it is all of them.
  struct Key {
    std::vector<Value> group;
    Instant newest;                                        ///< time of its newest hit
    std::vector<std::optional<Partial>> partials;          ///< one a positive stage
    std::vector<std::optional<Instant>> last_missing;      ///< one a stage: its newest event before the current time
    std::vector<std::vector<MemberRef>> candidates;        ///< sample: one list a stage, newest last
    std::vector<std::pair<Instant, std::uint64_t>> waits;  ///< its places in waiting_, some of them gone
  };
  struct Waiting {
    std::vector<Value> group;
    Partial match;
  };
  struct Arrival {
    std::string key;
    MemberRef event;
  };

  Key& key_of(const StoredHit& hit, const std::string& bytes);
  void end_moment(OperatorOutput& output);
  void serve(Key& key, const MemberRef& event, OperatorOutput& output);
  void advance(Key& key, std::size_t stage, const MemberRef& event, OperatorOutput& output);
  void note_missing(Key& key, const Member& event);
  void complete(Key& key, Partial&& match, OperatorOutput& output);
  void wait(Key& key, Instant until, Partial&& match);
  void fire_waiting(Instant before, OperatorOutput& output);
  void fire(Instant time, const Member& trigger, const std::vector<Value>& group, const Partial& match,
            OperatorOutput& output);
  void serve_sample(Key& key, const MemberRef& event, OperatorOutput& output);
  void forget_idle_keys(Instant now);
  [[nodiscard]] NamedValues values_of(const Partial& match) const;
  [[nodiscard]] std::size_t lowest_stage(std::uint64_t queries) const;
  [[nodiscard]] bool exceeds_span(Instant from, Instant to) const;
  [[nodiscard]] bool missing_since(const Key& key, std::size_t from, std::size_t to, Instant time) const;
  [[nodiscard]] std::span<const Values> arguments_of_stage(const Member& member, std::size_t stage) const;
  [[nodiscard]] std::vector<Values> shared_cells(const Partial& match) const;
  void note_progress(std::size_t stages, const Key& key);
  void offer_near_miss(OperatorOutput& output) const;

  const Partition* partition_;
  const plan::Sequence* op_;
  std::vector<std::size_t> positive_;  ///< the stages that are not missing ones, ascending
  bool leads_missing_ = false;
  bool trails_missing_ = false;
  std::map<std::string, Key> keys_;  ///< by canonical group key
  std::size_t sweep_at_ = 64;
  std::uint64_t seen_keys_ = 0;
  Instant now_;                                                   ///< time of moment_
  std::vector<Arrival> moment_;                                   ///< hits of the current time
  std::map<std::pair<Instant, std::uint64_t>, Waiting> waiting_;  ///< by the end of their spans, then by number
  std::uint64_t waits_ = 0;                                       ///< the last number
  std::size_t furthest_ = 0;                                      ///< how many positive stages were reached at most
  std::string furthest_key_;                                      ///< ... by which key, in words
  AlertTracker alerts_;
};

}  // namespace trailhound::engine
