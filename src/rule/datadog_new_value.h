#pragma once
/// What is particular to the payloads of Datadog's new-value rules. Inside src/rule only.

#include "plan/condition.h"
#include "plan/plan.h"
#include "rule/payload.h"

namespace trailhound::rule {

/// Reads `newValueOptions`; what Datadog does not allow is an error of theirs.
void read_new_value_options(const Payload& options, plan::NewValue& out);

/// Whether a case's condition is true where the query's value is 1.
[[nodiscard]] bool holds_for_one(const plan::Condition& condition);

}  // namespace trailhound::rule
