#pragma once
/// What every signal of a rule says about the rule: `kibana.alert.rule.*` and its kin, by Elastic's names.

#include <set>
#include <string>
#include <vector>

#include "event/signal_fields.h"
#include "rule/rule.h"

namespace trailhound::rule {

/// The fields that do not depend on the signal: rule, `event.kind`, the states in which triage finds a new signal.
/// Severity, score and name are the rule's own; a signal may have others. With `names` only those of these names.
using FieldNames = std::set<std::string, std::less<>>;
[[nodiscard]] event::DocumentFields fields_of_rule(const Rule& rule, const FieldNames* names = nullptr);

/// The fields of events that signals of a rule can have besides.
enum class Body : std::uint8_t {
  one_event,  ///< those of the event behind the signal (its first one), and the columns of the row
  shared,     ///< what all events behind it have in common, the group and the values
  row,        ///< the columns of the row alone
  group,      ///< the parts of the group alone
};
[[nodiscard]] Body body_of_signals(const plan::Plan& plan);

/// Names of the group's parts and of the values that signals of the plan may show.
[[nodiscard]] std::vector<std::string> shown_names(const plan::Plan& plan);

}  // namespace trailhound::rule
