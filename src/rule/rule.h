#pragma once
/// A detection rule, whatever language it was written in: what people read about it, and its plan.

#include <memory>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "plan/plan.h"

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
  std::string title;    ///< template; empty: the rule's name, " - " and the case's name if that is not empty
  std::string message;  ///< template, Markdown
  std::string triage;   ///< the triage part of the message, for playbooks
  /// Columns that the templates show; cells of the contributing events are merged into the signal's attributes.
  std::vector<Attribute> attributes;
  std::vector<std::string> fields;  ///< names the rule reads, sorted, for `rules check`
  std::string file;
  plan::Plan plan;
};

/// Immutable, shared by all workers.
using RuleRef = std::shared_ptr<const Rule>;

}  // namespace trailhound::rule
