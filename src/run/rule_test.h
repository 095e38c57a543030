#pragma once
/// Runs the cases of `run/rule_cases.h` through the same driver as a scan and compares the signals.

#include <string>
#include <vector>

#include "base/result.h"
#include "event/catalog.h"
#include "rule/rule.h"
#include "run/rule_cases.h"

namespace trailhound::run {

struct CaseResult {
  std::string file;
  int line = 0;
  std::string rule_id;
  std::string name;
  bool passed = false;
  std::vector<std::string> differences;  ///< what was expected and what came
};

/// `rule` is the one that the file names; its signals alone are compared. `below` are the rules whose signals it reads,
/// if it does. An Error only if the driver itself could not run.
[[nodiscard]] Result<std::vector<CaseResult>> run_rule_cases(const RuleCaseFile& file, const rule::RuleRef& rule,
                                                             const event::Catalog& catalog,
                                                             const std::vector<rule::RuleRef>& below = {});

}  // namespace trailhound::run
