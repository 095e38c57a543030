#pragma once
/// Events that are to be invisible to rules: known scanners, a team's own tests. One query in Datadog's log search
/// syntax each, optionally for one rule only:
///
///     # comment
///     @userIdentity.arn:"arn:aws:iam::111122223333:role/posture-scanner"
///     aws-bedrock-discovery-denied: @userIdentity.arn:*ml-team*

#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "event/catalog.h"
#include "rule/rule.h"

namespace trailhound::rule {

/// Rewrites the filters of the rules concerned; findings (TH5101 unknown rule, TH2xxx wrong query) go to diagnostics
/// with their line in `path`, and a wrong line excludes nothing.
void apply_exclusions(std::vector<RuleRef>& rules, const std::vector<std::string>& lines, const event::Catalog& catalog,
                      const std::string& path, Diagnostics& diagnostics);

}  // namespace trailhound::rule
