#pragma once
/// A detection rule, whatever language it was written in: what people read about it, and its plan.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/instant.h"
#include "plan/plan.h"
#include "rule/threat_match.h"

namespace trailhound::rule {

struct AttackReference {
  std::string id;    ///< "TA0007", "T1580", "T1087.004"
  std::string name;  ///< "Discovery"; may be empty
};

/// A template variable's source: `{{@userIdentity.arn}}`.
struct Attribute {
  std::string name;  ///< as written, "@userIdentity.arn"
  plan::Expr expression;
};

/// A rule's schedule, for people; the plan holds what counts.
struct Schedule {
  Duration interval;
  Duration look_back;
  std::string timestamp_field;  ///< what windows are cut by in Elastic; over files always the event's own time
  std::optional<std::int64_t> max_signals;  ///< Elastic's cap a run, which is not applied
};

/// The signal's severity where an event has this value in this field; the highest of those that apply.
struct SeverityOverride {
  std::string field;
  std::string value;
  plan::Severity severity = plan::Severity::medium;
};

struct Rule {
  std::string id;
  std::string name;
  std::string type;      ///< "threshold", "anomaly_detection", "esql", ...
  std::string language;  ///< "datadog", "esql", ...
  int version = 1;
  plan::Severity severity = plan::Severity::medium;  ///< of the first case, or the rule's
  int risk_score = 0;                                ///< 0 to 100; from the severity where the language has none
  std::vector<AttackReference> tactics;
  std::vector<AttackReference> techniques;  ///< sub-techniques after their technique
  std::vector<std::string> tags;
  std::vector<std::string> references;
  std::vector<std::string> false_positives;
  std::string title;           ///< template; empty: the rule's name, " - " and the case's name if that is not empty
  bool renders_names = false;  ///< the names of rule and case are templates in the title, too (Datadog)
  std::string message;         ///< template, Markdown
  std::string triage;          ///< the triage part of the message, for playbooks
  /// Columns that the templates show; cells of the contributing events are merged into the signal's attributes.
  std::vector<Attribute> attributes;
  std::vector<std::string> fields;  ///< names the rule reads, sorted, for `rules check`
  /// Fields that an analyst looks at first, in the rule's order: columns of the row, parts of the group or attributes.
  std::vector<std::string> highlights;
  // Fields whose value in an event changes what the signal says: names as in `highlights`; empty: none.
  std::vector<SeverityOverride> severity_overrides;
  std::string risk_score_field;  ///< a number from 0 to 100 in it is the signal's score
  std::string name_field;        ///< a text in it is the signal's rule name
  bool building_block = false;   ///< its signals are for other rules and for context, not for an analyst's queue
  std::string description;
  std::string setup;  ///< what must be configured for the rule to see events, Markdown
  std::vector<std::string> authors;
  std::string license;
  std::optional<Schedule> schedule;  ///< of rules that run on one
  // What the rule reads: events, signals of other rules, or both.
  bool reads_events = true;
  bool reads_signals = false;
  /// 0 for a rule over events alone; else above every rule whose signals it reads (see rule/strata.h).
  unsigned stratum = 0;
  /// Columns whose cells go with the events behind a signal, as rules over signals ask for them. Empty unless such
  /// rules run beside this one.
  std::vector<Attribute> carried;
  /// Of an indicator match rule, until it has its indicators.
  std::shared_ptr<const ThreatMatch> threat;
  std::string file;
  /// Where each line of the query's text begins in the file, so that a condition's place can be shown; empty: unknown.
  std::vector<LineColumn> query_lines;
  plan::Plan plan;
};

/// Rules with more queries are refused by the loaders: it is the width of what the engine keeps of a hit.
inline constexpr std::size_t kMaxQueriesOfRule = 64;

/// Immutable, shared by all workers.
using RuleRef = std::shared_ptr<const Rule>;

}  // namespace trailhound::rule
