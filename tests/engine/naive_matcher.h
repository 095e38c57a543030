#pragma once
/// The slow, obvious twin of Matcher: every filter of every rule over every record, whole, with no caches, no routes
/// and no interning. Hits come by rule, then by group.

#include <vector>

#include "engine/hit.h"
#include "event/batch.h"
#include "rule/rule.h"

namespace trailhound::engine::test {

[[nodiscard]] std::vector<Hit> match_naively(const std::vector<rule::RuleRef>& rules, const event::Batch& batch);

/// Whether a query's filter holds for a record.
[[nodiscard]] bool passes(const plan::Query& query, const event::Record& record);
/// The groups that a record is in, unbounded and in no particular order; none if it lacks a part of the key.
[[nodiscard]] std::vector<std::vector<Value>> groups_of(const plan::Query& query, const event::Record& record);

}  // namespace trailhound::engine::test
