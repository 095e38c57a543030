#pragma once
/// The detecting part of an Elastic rule: its type, language, query, filters, exceptions and suppression become a plan.
/// Inside src/rule only.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "event/catalog.h"
#include "plan/plan.h"
#include "rule/elastic_exceptions.h"
#include "rule/payload.h"
#include "rule/rule.h"

namespace trailhound::rule {

struct ElasticPlan {
  std::optional<plan::Plan> plan;  ///< none: errors were reported, or `needs` says what there would have to be first
  std::vector<std::string> needs;  ///< beyond CloudTrail events
  std::vector<LineColumn> query_lines;        ///< see Rule
  std::shared_ptr<const ThreatMatch> threat;  ///< of an indicator match rule that events can satisfy; it cannot run yet
  bool can_run = true;                        ///< false: without what it needs no signal can be right
  bool reads_events = true;                   ///< CloudTrail events are among what it reads
  bool reads_signals = false;                 ///< signals of other rules are
};

/// `schedule` is the rule's own; `type` and `language` as in the file.
[[nodiscard]] ElasticPlan read_elastic_plan(const Payload& rule, const std::string& type, const std::string& language,
                                            const Schedule& schedule, const ExceptionItems& exceptions,
                                            const event::Catalog& catalog);

}  // namespace trailhound::rule
