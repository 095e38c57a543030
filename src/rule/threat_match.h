#pragma once
/// Elastic's indicator match rules: events one of whose fields has the value of an indicator.
///
/// Loaded without the indicators, which are no part of the rule: run/indicators.h puts them in.

#include <string>
#include <vector>

#include "plan/plan.h"

namespace trailhound::rule {

struct ThreatMatch {
  /// An equality; `negate`: it must not hold.
  struct Entry {
    plan::NamedExpr field;        ///< of the event
    std::string indicator_field;  ///< "threat.indicator.ip"
    bool negate = false;
  };
  /// All entries hold for one indicator; at least one is not negated.
  using Group = std::vector<Entry>;
  std::vector<Group> groups;  ///< one of them is enough
  plan::Expr indicators;      ///< which indicators count: threat_query and threat_filters, over their documents
};

}  // namespace trailhound::rule
