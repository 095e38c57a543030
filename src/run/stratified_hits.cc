#include "run/stratified_hits.h"

#include <algorithm>
#include <utility>

namespace trailhound::run {
namespace {

/// Most hits are those of rules over events alone; few rules over signals read events too.
std::size_t share(std::size_t budget, unsigned stratum, unsigned strata) {
  if (strata == 1) return budget;
  return stratum == 0 ? budget / 4 * 3 : budget / 4 / (strata - 1);
}

}  // namespace

StratifiedHits::StratifiedHits(const std::vector<rule::RuleRef>& rules, unsigned strata,
                               const SpillSorter::Options& options, std::optional<Instant> to)
    : rules_(&rules), to_(to) {
  for (unsigned stratum = 0; stratum < strata; ++stratum) {
    SpillSorter::Options own = options;
    own.budget = share(options.budget, stratum, strata);
    collectors_.emplace_back(rules, std::move(own));
  }
}

void StratifiedHits::add(const engine::HitView& hit) {
  const unsigned stratum = (*rules_)[hit.rule]->stratum;
  if (stratum > 0 && to_ && hit.time > *to_) return;
  collectors_[std::min<std::size_t>(stratum, collectors_.size() - 1)].add(hit);
}

engine::HitSink& StratifiedHits::sink() {
  if (collectors_.size() == 1) return collectors_.front();
  return *this;
}

void StratifiedHits::sort() {
  for (engine::HitCollector& collector : collectors_) collector.sort();
}

}  // namespace trailhound::run
