#pragma once
/// What some hit of a rule must be like before the rule can fire at all. Inside src/engine only.
///
///     STATS created = COUNT(*) WHERE flag == 1, used = COUNT(*) WHERE ... | WHERE created > 0 AND used > 0
///
/// fires only if among its hits there is one with flag == 1. Where such hits are rare, a scan need not make the others:
/// see sieve.h. A condition is necessary, never sufficient: with none known a rule is simply not sieved.

#include <optional>
#include <vector>

#include "base/instant.h"
#include "plan/plan.h"

namespace trailhound::engine {

struct Prerequisites {
  /// For each of them every firing has a hit behind it that meets it. Filters, to be asked of events that passed the
  /// query they belong to.
  struct Condition {
    std::uint32_t query = 0;
    plan::Expr filter;  ///< null: passing the query is enough
  };
  std::vector<Condition> conditions;
  /// All hits behind a firing lie within this span of each hit that meets a condition.
  Duration reach;
};

/// Nothing if no condition narrows the rule's hits, or if its span is unbounded.
[[nodiscard]] std::optional<Prerequisites> prerequisites_of(const plan::Plan& plan);

}  // namespace trailhound::engine
