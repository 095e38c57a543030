#pragma once
/// Conditions of cases over the values of their queries. Inside src/engine only.

#include <span>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace trailhound::engine {

/// Whether the condition holds for these values, one a query. A null condition: any value > 0. `ConditionThen` is known
/// only at the top of a case, where the operator keeps its two parts apart; inside another condition it never holds.
[[nodiscard]] bool holds(const plan::Condition& condition, std::span<const double> values);

/// The two parts if the condition is `X THEN Y`, else null.
[[nodiscard]] const plan::ConditionThen* as_then(const plan::Condition& condition);

/// True if more hits can only turn the condition from false to true: it asks counts and cardinalities to exceed
/// constants, nothing else.
[[nodiscard]] bool grows_only(const plan::Condition& condition,
                              const std::vector<plan::TrailingCondition::Measure>& measures);

/// How near the values come to the condition, from 0 (nothing) to 1 (reached).
[[nodiscard]] double closeness(const plan::Condition& condition, std::span<const double> values);
/// The same in words: "3 of 4 regions, 0 of 1 reads".
[[nodiscard]] std::string describe_closeness(const plan::Condition& condition, std::span<const double> values,
                                             const plan::Plan& plan);

}  // namespace trailhound::engine
