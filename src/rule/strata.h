#pragma once
/// The order in which rules over other rules' signals are evaluated.
///
/// A rule over events alone is in stratum 0. A rule over signals is one above the highest of those rules whose signals
/// its filter could let through, judged by what is known of them beforehand: id, name, type, tags, tactics, the fields
/// that their signals can have. It sees the signals of the strata below its own.
///
/// Rules that take the signals of any rule may each let the other's through. In such a circle those that let most of it
/// through come above the others, and none sees the signals of one beside or above it. A rule that takes certain rules
/// alone, by id or name, is never parted from them: a circle of names cannot be evaluated, and its rules are refused.

#include "rule/loader.h"

namespace trailhound::rule {

/// Sets the strata of the rules over signals and judges whether they can run: refused ones (TH4115), and those that no
/// other rule can feed, leave `rules`; their outcomes say why. To be called again when rules were added.
void settle_strata(LoadedRules& loaded);

/// Puts back what settle_strata set aside as unfed; it does so by itself.
void restore_waiting(LoadedRules& loaded);

/// For each rule the rules over signals in strata above its own whose filters its signals could pass.
[[nodiscard]] std::vector<std::vector<RuleRef>> fed_by_each(const std::vector<RuleRef>& rules);

/// Whether signals of `source` could pass the filter of one of the rule's queries.
[[nodiscard]] bool can_feed(const Rule& source, const Rule& rule);

}  // namespace trailhound::rule
