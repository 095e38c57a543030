#pragma once
/// What reading a rule needs whatever its language: ids, ATT&CK names, scores, the triage part of a message.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rule/rule.h"

namespace trailhound::rule {

/// 5, 21, 47, 73, 99: the usual score of a severity.
[[nodiscard]] int risk_score_of(plan::Severity severity);

/// "User enumerated: X" becomes "user-enumerated-x".
[[nodiscard]] std::string slug(std::string_view name);

/// "TA0007-discovery" becomes {"TA0007", "Discovery"}; none if the text does not begin with an ATT&CK id.
[[nodiscard]] std::optional<AttackReference> attack_reference(std::string_view text);
/// Adds a technique, once; a sub-technique behind its technique.
void add_technique(Rule& rule, const AttackReference& technique);

/// The section of a Markdown text whose heading speaks of triage, up to the next heading of its level or above; "" if
/// there is none.
[[nodiscard]] std::string triage_part(std::string_view markdown);

/// Names of the columns that the plan and the templates read, sorted, each once.
[[nodiscard]] std::vector<std::string> columns_read(const Rule& rule);
/// What beyond CloudTrail the plan needs: "GeoIP city database", "ASN database".
[[nodiscard]] std::vector<std::string> needs_of(const Rule& rule);

}  // namespace trailhound::rule
