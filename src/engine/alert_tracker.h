#pragma once
/// How the firings of scheduled rules become signals. Inside src/engine only.
///
/// Without a suppression a firing opens a signal, or extends the newest one by the episode's keep_alive. With one (see
/// plan::Suppression) it joins the newest signal of its suppression group, if that was created recently enough.
///
///     EpisodeRecord& record = alerts.fire(firing, {.run = T, .newest = hit.time, .group = alerts.group_of(hit.group,
///     cells)}, output); count_event(record, hit);
///     ...
///     alerts.finish(output);
///
/// Signals are given out in opening order, once nothing can join them any more.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/episodes.h"
#include "engine/operator.h"
#include "engine/queue.h"

namespace trailhound::engine {

class AlertTracker {
 public:
  /// More signals than this are not held back for suppression: the oldest is given out early, and what would have
  /// joined it opens another one.
  static constexpr std::size_t kMostOpen = 100'000;

  /// A firing's suppression group, in bytes; nothing if it stands alone.
  using Group = std::optional<std::string>;
  struct Place {
    Instant run;     ///< the first run that sees the firing; never goes back from one firing to the next
    Instant newest;  ///< time of the firing's newest event
    Group group = std::string();
  };

  explicit AlertTracker(const Partition& partition)
      : partition_(&partition), suppression_(partition.rule->plan.episode.suppression) {}

  /// The group of a firing with this group key and these cells. Cells beyond the end are missing.
  [[nodiscard]] Group group_of(std::span<const Value> key, std::span<const Values> cells) const;
  [[nodiscard]] bool suppresses() const { return suppression_.has_value(); }

  /// Opens or joins. The record is valid until the next call; the caller counts the firing's events in it.
  EpisodeRecord& fire(const Firing& firing, Place place, OperatorOutput& output);
  /// True if the record that the last call of fire gave was opened by it.
  [[nodiscard]] bool opened() const { return opened_; }
  /// The number of that record among all of this tracker.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  void finish(OperatorOutput& output);

 private:
  struct Alert {
    EpisodeRecord record;
    Instant created;  ///< the run
    Instant last_firing;
    Group group;
    std::uint64_t suppressed = 0;  ///< firings but the first, whatever the number of their events
  };

  [[nodiscard]] bool joinable(const Alert& alert, Instant run) const;
  [[nodiscard]] bool extends(const Alert& alert, Instant time) const;
  void give_out_front(OperatorOutput& output);

  const Partition* partition_;
  std::optional<plan::Suppression> suppression_;
  Queue<Alert> alerts_;
  std::uint64_t first_ = 0;  ///< number of alerts_.front()
  boost::unordered_flat_map<std::string, std::uint64_t> newest_;
  bool opened_ = false;
  std::uint64_t number_ = 0;
};

/// The first run, on the suppression's grid, that sees an event; the event's own time without a suppression.
[[nodiscard]] Instant first_run(const plan::Episode& episode, Instant time);

}  // namespace trailhound::engine
