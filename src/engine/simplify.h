#pragma once
/// Conditions that are computed, as conditions that are asked: what a rule's author writes as flags
///
///     EVAL created = CASE(event.action == "CreateUser", 1, 0) | WHERE created == 1
///
/// becomes `event.action == "CreateUser"`, of which a matcher knows by the event's name alone whether it can hold.
/// The truth is the same for every event; how often a warning is given for it may differ. Inside src/engine only.

#include "plan/expression.h"

namespace trailhound::engine {

[[nodiscard]] plan::Expr simplify(const plan::Expr& condition);

}  // namespace trailhound::engine
