#pragma once
/// The same events through the engine and through its naive twins.

#include <string>

#include "rule/rule.h"

namespace trailhound {

/// Evaluates the rule over the records (JSON lines) twice: as a scan does, and by evaluating each filter record by
/// record and performing each run of the schedule over all hits. Gives the differences, one a line: none if both find
/// the same signals (when, by which event, of which group, of how many events).
[[nodiscard]] std::string compare_with_slow_twin(const rule::RuleRef& rule, const std::string& records);

}  // namespace trailhound
