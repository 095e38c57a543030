#pragma once
/// Why a rule fired, did not, or could not: one ledger entry a rule, from how far records came in its filters, what its
/// operator noticed, and what the data held at all.

#include <vector>

#include "base/instant.h"
#include "base/ledger.h"
#include "engine/matcher.h"
#include "engine/state.h"
#include "rule/rule.h"
#include "run/coverage.h"

namespace trailhound::run {

/// What the verdicts rest on besides the rule itself.
struct Observed {
  const Coverage& coverage;
  Duration span;  ///< from the first to the last event
  bool has_city = false;
  bool has_asn = false;
};

[[nodiscard]] RuleEntry judge(const rule::Rule& rule, const std::vector<engine::QueryReach>& reach,
                              const engine::RuleReport& report, const Observed& observed);

}  // namespace trailhound::run
