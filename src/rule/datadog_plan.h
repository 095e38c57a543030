#pragma once
/// The detecting part of a Datadog rule: queries, cases and options become a plan. Inside src/rule only.

#include <optional>
#include <string>

#include "plan/plan.h"
#include "rule/payload.h"

namespace trailhound::rule {

/// The plan, or none after an error: detection method (TH2209), queries, cases, windows, conditions.
[[nodiscard]] std::optional<plan::Plan> read_datadog_plan(const Payload& rule, const plan::ColumnResolver& columns);

/// "threshold", "anomaly_detection", ...: the rule's method, also of one that does not load.
[[nodiscard]] std::string detection_method(const Payload& rule);

}  // namespace trailhound::rule
