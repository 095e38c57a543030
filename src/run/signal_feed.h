#pragma once
/// From the signals of one stratum to hits of the rules above it.
///
///     SignalFeed feed(rules, catalog, {.budget = ..., .folder = ...});
///     for (unsigned stratum = 0; stratum < feed.strata(); ++stratum) {
///       collectors of that stratum's hits over events, and feed.take_hits(stratum), are evaluated; each episode:
///       const signal::Origin origin = unfold(episode);
///       TRY_VOID(feed.add(stratum, episode, origin));
///     }
///
/// Without rules over signals there is one stratum and nothing to do. Not thread-safe.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/spill_sorter.h"
#include "engine/matcher.h"
#include "engine/state.h"
#include "event/batch.h"
#include "run/rule_sides.h"
#include "signal/signal_document.h"

namespace trailhound::run {

class SignalFeed {
 public:
  /// The strata's collectors share the budget. Rules and catalog must outlive it.
  SignalFeed(const std::vector<rule::RuleRef>& rules, const event::Catalog& catalog, SpillSorter::Options options);
  SignalFeed(const SignalFeed&) = delete;
  SignalFeed& operator=(const SignalFeed&) = delete;

  [[nodiscard]] unsigned strata() const { return static_cast<unsigned>(sides_.over_signals.size()) + 1; }
  /// What the matchers of events take instead of the rules.
  [[nodiscard]] const std::vector<rule::RuleRef>& rules_over_events() const { return sides_.over_events; }

  /// Matches what an episode of a rule of this stratum comes to against the rules above it, if any of them could read
  /// it.
  [[nodiscard]] Status add(unsigned stratum, const engine::EpisodeRecord& episode, const signal::Origin& origin);
  /// The hits over signals of the rules of a stratum, once all lower strata were added; none for stratum 0.
  [[nodiscard]] std::optional<engine::HitCollector> take_hits(unsigned stratum);
  /// The newest of the signals that rules above could read: the rules above look at least as far.
  [[nodiscard]] std::optional<Instant> newest() const { return newest_; }

  /// How far signals came in the filters, as the matchers of events tell it; empty without rules over signals.
  [[nodiscard]] std::vector<std::vector<engine::QueryReach>> reach() const;
  [[nodiscard]] std::vector<std::uint64_t> warnings() const;
  [[nodiscard]] std::vector<std::uint64_t> capped_groups() const;

 private:
  const std::vector<rule::RuleRef>& rules_;
  RuleSides sides_;
  std::vector<std::unique_ptr<engine::Matcher>> matchers_;  // [stratum whose signals they look at]
  std::vector<engine::HitCollector> collectors_;            // [stratum - 1]
  std::vector<event::DocumentFields> fields_of_rules_;      // made when first needed
  std::array<event::CellDictionary, event::kHotCount> dictionaries_;
  event::Batch batch_;
  std::optional<Instant> newest_;
};

}  // namespace trailhound::run
