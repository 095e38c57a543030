#pragma once
/// From the signals of one stratum to hits of the rules above it.
///
///     SignalFeed feed(rules, catalog, {.budget = ..., .folder = ...}, threads);
///     for (unsigned stratum = 0; stratum < feed.strata(); ++stratum) {
///       collectors of that stratum's hits over events, and feed.take_hits(stratum), are evaluated; each episode:
///       const signal::Origin origin = unfold(episode);
///       const signal::Signal made = signal::make_signal(rule, episode);
///       TRY_VOID(feed.add(stratum, episode, origin, made));
///     }
///
/// Without rules over signals there is one stratum and nothing to do. Not thread-safe but where it says so.

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/pool.h"
#include "base/spill_sorter.h"
#include "engine/matcher.h"
#include "engine/state.h"
#include "event/batch.h"
#include "run/rule_sides.h"
#include "signal/signal_document.h"

namespace trailhound::run {

class SignalFeed {
 public:
  /// What so many threads collect for all strata shares the budget. Rules and catalog must outlive it.
  SignalFeed(const std::vector<rule::RuleRef>& rules, const event::Catalog& catalog, SpillSorter::Options options,
             unsigned threads);
  ~SignalFeed();
  SignalFeed(const SignalFeed&) = delete;
  SignalFeed& operator=(const SignalFeed&) = delete;

  [[nodiscard]] unsigned strata() const { return static_cast<unsigned>(sides_.over_signals.size()) + 1; }
  /// What the matchers of events take instead of the rules.
  [[nodiscard]] const std::vector<rule::RuleRef>& rules_over_events() const { return sides_.over_events; }

  /// Shows an episode of a rule of this stratum, and the signal made of it, to the rules above the stratum.
  /// Thread-safe.
  [[nodiscard]] Status add(unsigned stratum, const engine::EpisodeRecord& episode, const signal::Origin& origin,
                           const signal::Signal& made);
  /// The hits over signals of the rules of a stratum, once all lower strata were added; none for stratum 0.
  [[nodiscard]] std::vector<engine::HitCollector> take_hits(unsigned stratum);
  /// The newest of the signals that rules above could read: the rules above look at least as far.
  [[nodiscard]] std::optional<Instant> newest() const;

  /// How far signals came in the filters, as the matchers of events tell it; empty without rules over signals.
  [[nodiscard]] std::vector<std::vector<engine::QueryReach>> reach();
  [[nodiscard]] std::vector<std::uint64_t> warnings() const;
  [[nodiscard]] std::vector<std::uint64_t> capped_groups() const;

 private:
  /// Matches signals. Many threads may do so, each with a lane of its own.
  struct Lane;

  [[nodiscard]] std::vector<signal::SignalDocument> documents_of(const engine::EpisodeRecord& episode,
                                                                 const signal::Origin& origin,
                                                                 const signal::Signal& made) const;
  [[nodiscard]] std::unique_ptr<Lane> make_lane() const;

  const std::vector<rule::RuleRef>& rules_;
  RuleSides sides_;
  std::vector<std::shared_ptr<const engine::CompiledRules>> compiled_;  // [stratum whose signals they look at]
  SpillSorter::Options options_;                                        // of a collector
  /// What the documents of all signals of a rule have, made when first needed.
  struct OfRule {
    std::once_flag once;
    event::DocumentFields fields;
  };
  mutable std::deque<OfRule> of_rules_;
  Pool<Lane> lanes_;
};

}  // namespace trailhound::run
