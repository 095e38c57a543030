#pragma once
/// Rules as the matchers of a scan need them: one set over events, and for each stratum one over its signals.
///
/// All sets have the same length and order as the rules of the scan, so that a rule has one number everywhere; a rule
/// that a set is not for is there with conditions that nothing meets.

#include <set>
#include <string>
#include <vector>

#include "event/catalog.h"
#include "plan/pipeline.h"
#include "rule/fields_of_rule.h"
#include "rule/rule.h"

namespace trailhound::run {

struct RuleSides {
  /// Of rules over events. Where rules over signals run too, those they may read carry what these ask for.
  std::vector<rule::RuleRef> over_events;
  /// Of each rule, whether its signals could pass the filter of a rule above, and what they carry of their events then.
  /// Empty if no rule reads signals.
  struct Feeding {
    bool feeds = false;
    std::vector<rule::Attribute> carried;
  };
  std::vector<Feeding> feeding;
  /// [n]: the rules above stratum n, over the documents of signals of stratum n. Empty if no rule reads signals.
  std::vector<std::vector<rule::RuleRef>> over_signals;
  /// The fields of documents of signals that these read (event::name_in_document).
  rule::FieldNames read_of_signals;
};

/// The strata must be settled (rule/strata.h).
[[nodiscard]] RuleSides sides_of(const std::vector<rule::RuleRef>& rules, const event::Catalog& catalog);

/// The same rule, reading Elastic documents where there are any (`Batch::elastic_documents`).
[[nodiscard]] rule::Rule over_documents(rule::Rule rule);
[[nodiscard]] plan::TableSource over_documents(plan::TableSource source);
/// The same of what a matcher needs of all rules.
[[nodiscard]] std::vector<rule::RuleRef> over_documents(const std::vector<rule::RuleRef>& rules);

}  // namespace trailhound::run
