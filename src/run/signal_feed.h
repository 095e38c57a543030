#pragma once
/// From the signals of one stratum to hits of the rules above it.
///
///     SignalFeed feed(rules, catalog, {.budget = ..., .folder = ...});
///     for (unsigned stratum = 0; stratum < feed.strata(); ++stratum) {
///       collectors of that stratum's hits over events, and feed.take_hits(stratum), are evaluated; each episode:
///       const signal::Origin origin = unfold(episode);
///       const signal::Signal made = signal::make_signal(rule, episode);
///       if (auto fed = feed.prepare(stratum, episode, origin, made)) TRY_VOID(feed.add(stratum, *std::move(fed)));
///     }
///
/// Without rules over signals there is one stratum and nothing to do. Not thread-safe but where it says so.

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
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

  /// What the rules above read of a signal.
  struct Fed {
    Instant time;
    std::vector<signal::SignalDocument> documents;
    engine::Profile profile;
    std::string lineage;
  };
  /// What an episode of a rule of this stratum, and the signal made of it, come to; nothing if no rule above could read
  /// it. Thread-safe.
  [[nodiscard]] std::optional<Fed> prepare(unsigned stratum, const engine::EpisodeRecord& episode,
                                           const signal::Origin& origin, const signal::Signal& made) const;
  /// Matches it against the rules above the stratum.
  [[nodiscard]] Status add(unsigned stratum, Fed&& fed);
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
  /// What the documents of all signals of a rule have, made when first needed.
  struct OfRule {
    std::once_flag once;
    event::DocumentFields fields;
  };
  mutable std::deque<OfRule> of_rules_;
  std::array<event::CellDictionary, event::kHotCount> dictionaries_;
  event::Batch batch_;
  std::optional<Instant> newest_;
};

}  // namespace trailhound::run
