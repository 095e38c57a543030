#pragma once
/// Why one event did or did not become a hit of a rule: every condition of the rule's queries with its truth.
///
///     for (const QueryExplanation& query : explain_event(rule, record))
///       for (const ConditionExplanation& one : query.conditions) ...   // in the order of the rule, nested by depth
///
/// Conditions are the rule's own tree, not what the matcher makes of it, so that each has its place in the rule's text.

#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "base/truth.h"
#include "base/value.h"
#include "event/batch.h"
#include "rule/rule.h"

namespace trailhound::run {

struct ConditionExplanation {
  int depth = 0;     ///< 0: the whole filter
  std::string text;  ///< "all of", "any of", "not", or the condition itself
  LineColumn at;     ///< in the query's text; line 0: unknown
  Truth truth = Truth::unknown;
  bool is_leaf = false;
  std::vector<std::pair<std::string, std::string>> read;  ///< of a leaf: fields and what the event has there
};

struct QueryExplanation {
  std::string name;
  bool matches = false;
  std::vector<ConditionExplanation> conditions;
  std::vector<std::pair<std::string, std::string>> key;  ///< parts of the group key and their values
  bool has_group = true;  ///< false: a part of the key is missing, so the event is in no group
};

[[nodiscard]] std::vector<QueryExplanation> explain_event(const rule::Rule& rule, const event::Record& record);

/// What beyond one event the rule needs before it fires: "at least 5 hits of one group within 10 min, each 5 min";
/// empty if one hit is enough.
[[nodiscard]] std::string describe_operator(const plan::Plan& plan);

}  // namespace trailhound::run
