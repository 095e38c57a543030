#pragma once
/// Whether CloudTrail events are among what an Elastic rule reads: by its index patterns, and by conditions of its
/// filter that no CloudTrail document can meet.
///
///     holds_cloudtrail("logs-aws*")                        // true
///     holds_cloudtrail("logs-endpoint.events.process-*")   // false
///     can_be_met(filter)                                   // false for: event.dataset = "okta.system"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/expression.h"
#include "plan/plan.h"

namespace trailhound::rule {

/// Whether an index that the pattern names (`*` stands for any characters, a cluster's name and a colon may lead) can
/// hold CloudTrail events: the data streams of the AWS integration, Filebeat's indices, and indices whose name speaks
/// of CloudTrail.
[[nodiscard]] bool holds_cloudtrail(std::string_view pattern);
/// Whether the pattern names the alerts that other rules write.
[[nodiscard]] bool holds_alerts(std::string_view pattern);

/// What a rule's list of patterns comes to. A pattern with a leading minus takes indices away.
struct Inputs {
  bool cloudtrail = false;
  bool alerts = false;
  std::vector<std::string> others;  ///< patterns that can hold neither
};
[[nodiscard]] Inputs judge_inputs(const std::vector<std::string>& patterns);

/// False if the filter can be true for no CloudTrail document, whatever the event: it asks for another data set, or
/// for a field that these documents never carry. True wherever that is not certain.
[[nodiscard]] bool can_be_met(const plan::Expr& filter);
/// What is known of a field's values before there is a document: nothing, none at all, or these texts.
using FieldKnowledge = std::function<std::optional<std::vector<std::string>>(const event::Column&)>;
/// Of every CloudTrail document.
[[nodiscard]] std::optional<std::vector<std::string>> known_of_events(const event::Column& column);
/// The same question for other documents.
[[nodiscard]] bool can_be_met(const plan::Expr& filter, const FieldKnowledge& knowledge);
/// Texts that the filter asks for in certain fields, sorted; patterns with `*` and `?`.
using ColumnTest = std::function<bool(const event::Column&)>;
[[nodiscard]] std::vector<std::string> texts_asked_for(const plan::Expr& filter, const ColumnTest& is_wanted);
/// What such a filter asks for: the data sets it names, else the fields that are never there.
[[nodiscard]] std::vector<std::string> unmet_needs(const plan::Expr& filter);
/// Fields that are never there, of which an aggregation wants its rows to have counted values all the same:
/// COUNT_DISTINCT(agent.id) == 1.
[[nodiscard]] std::vector<std::string> unmet_needs_of_rows(const plan::Plan& plan);

}  // namespace trailhound::rule
