#pragma once
/// The same events through the engine and through its naive twins.

#include <cstddef>
#include <string>
#include <vector>

#include "rule/rule.h"

namespace trailhound {

struct Comparison {
  std::string differences;  ///< one a line; empty if both agree
  std::size_t signals = 0;  ///< (or hits) that the engine found
};

/// Evaluates the rule over the records (JSON lines) twice: as a scan does, and by evaluating each filter record by
/// record and performing each run of the schedule over all hits. Signals are compared by when, by which event, of which
/// group and of how many events.
[[nodiscard]] Comparison compare_with_slow_twin(const rule::RuleRef& rule, const std::string& records);

/// What the naive twins find of the records: a text that is equal for equal findings.
[[nodiscard]] std::string find_slowly(const rule::RuleRef& rule, const std::string& records);

/// Matches all rules at once, as a scan does, and each filter for itself; hits are compared whole.
[[nodiscard]] Comparison compare_hits(const std::vector<rule::RuleRef>& rules, const std::string& records);

}  // namespace trailhound
