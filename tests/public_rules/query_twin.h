#pragma once
/// ES|QL rules against their own queries, asked as `trailhound query` asks them.

#include <string>

#include "event/catalog.h"
#include "public_rules/slow_twin.h"
#include "rule/rule.h"

namespace trailhound {

/// Of a rule that aggregates: at each run of the schedule, the rows of the query over the records of the run's window
/// must be those that the rule's plan gives there. Of any other: the query has a row for each hit. `signals` counts
/// rows.
[[nodiscard]] Comparison compare_with_query(const rule::RuleRef& rule, const std::string& query,
                                            const std::string& records, const event::Catalog& catalog);

}  // namespace trailhound
