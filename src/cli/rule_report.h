#pragma once
/// What `rules check` and `rules explain` say about a rule.

#include <string>

#include "event/catalog.h"
#include "rule/loader.h"

namespace trailhound::cli {

/// One line of `rules check --format json`, with its newline. Keys and their order are a contract.
[[nodiscard]] std::string outcome_json(const rule::Outcome& outcome);

/// The same in words, for a terminal: "does not run: needs data set ..."; empty if there is nothing to say.
[[nodiscard]] std::string outcome_remark(const rule::Outcome& outcome);

/// The long answer of `rules explain`.
[[nodiscard]] std::string explain_rule(const rule::RuleRef& ref, const rule::Outcome& outcome);

}  // namespace trailhound::cli
