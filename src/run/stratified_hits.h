#pragma once
/// A worker's hits over events, one collector for each stratum: the hits of a rule over signals that reads events too
/// are evaluated when the signals that it reads are there.

#include <optional>
#include <vector>

#include "base/instant.h"
#include "engine/matcher.h"
#include "engine/state.h"

namespace trailhound::run {

class StratifiedHits final : public engine::HitSink {
 public:
  /// The options are those of the whole: strata share the budget. Later hits than `to` do not exist for the strata
  /// above 0, whose frontier may lie beyond it. `rules` must outlive it.
  StratifiedHits(const std::vector<rule::RuleRef>& rules, unsigned strata, const SpillSorter::Options& options,
                 std::optional<Instant> to);

  void add(const engine::HitView& hit) override;
  /// What hits are best given to: the only collector, if there is but one.
  [[nodiscard]] engine::HitSink& sink();
  /// See HitCollector.
  void sort();
  /// One a stratum. Ends the gathering.
  [[nodiscard]] std::vector<engine::HitCollector> take() { return std::move(collectors_); }

 private:
  const std::vector<rule::RuleRef>* rules_;
  std::vector<engine::HitCollector> collectors_;
  std::optional<Instant> to_;
};

}  // namespace trailhound::run
