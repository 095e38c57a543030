#pragma once
/// The life of signals: when a firing opens one, when it extends one, and what is gathered. Inside src/engine only.
///
/// Of one signal key at most one episode is open. A firing at t extends it iff keep_alive > 0, t is at most keep_alive
/// after the last firing, and at most max_duration after the episode's first event; otherwise it opens the next one.
/// Severity only rises. Episodes are given out when they are known to be over, in opening order.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/event_log.h"
#include "engine/operator.h"

namespace trailhound::engine {

using NamedValues = std::vector<std::pair<std::string, Values>>;

/// An operator's verdict at one moment.
struct Firing {
  Instant time;
  std::string trigger_key;  ///< event key of the hit that fired
  Instant oldest;           ///< time of the oldest event behind the firing
  plan::Severity severity = plan::Severity::info;
  std::string case_name;
  NamedValues values;
  std::vector<Value> expansion;  ///< what further tells this firing's signal from others of its key
};

/// An episode as it stands when it opens, without events.
[[nodiscard]] EpisodeRecord open_record(const Partition& partition, const Firing& firing);
/// Lets a later firing raise severity and values: the highest severity wins, then the largest values, then the first.
void raise(EpisodeRecord& record, const Firing& firing);
/// Counts one more distinct event and keeps what it tells. Null detail: counted only.
void count_event(EpisodeRecord& record, Profile::Outcome outcome, const EventDetail* detail);
/// The same for the event of a hit that is not logged.
void count_event(EpisodeRecord& record, const StoredHit& hit);
/// Counts the event for each query of the mask.
void count_queries(EpisodeRecord& record, std::uint64_t queries);

/// -1, 0, 1: which list of values is larger, value by value; numbers by value, several values by how many.
[[nodiscard]] int compare_strength(const NamedValues& a, const NamedValues& b);

class EpisodeTracker {
 public:
  explicit EpisodeTracker(const Partition& partition) : partition_(&partition) {}

  /// Opens or extends; gives the serial number (from 1) of the episode that is now open.
  std::uint64_t fire(const Firing& firing, OperatorOutput& output);
  /// Adds an event of the firing's window to the open episode, once however often it is named.
  void gather(LoggedEvent& event, std::uint64_t queries);
  /// Gives out the open episode.
  void close(OperatorOutput& output);
  /// Whether a firing at that time would extend the open episode.
  [[nodiscard]] bool extends(Instant time) const;

 private:
  const Partition* partition_;
  std::optional<EpisodeRecord> open_;
  std::uint64_t serial_ = 0;
};

}  // namespace trailhound::engine
