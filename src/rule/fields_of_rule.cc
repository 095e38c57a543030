#include "rule/fields_of_rule.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace trailhound::rule {
namespace {

Values texts(const std::vector<std::string>& from) { return {from.begin(), from.end()}; }

/// "5m": the largest unit that leaves no rest, as rules write spans.
std::string span_text(Duration span) {
  constexpr std::array<std::pair<std::int64_t, char>, 3> kUnits = {{{86'400, 'd'}, {3600, 'h'}, {60, 'm'}}};
  const std::int64_t seconds = span.micros / 1'000'000;
  for (const auto& [size, unit] : kUnits) {
    if (seconds > 0 && seconds % size == 0) return std::to_string(seconds / size) + unit;
  }
  return std::to_string(seconds) + "s";
}

struct TypeNames {
  std::string_view type, id, category;
};
/// By the rule's type in Elastic's form.
constexpr std::array<TypeNames, 8> kTypeNames = {{
    {"query", "siem.queryRule", "Custom Query Rule"},
    {"saved_query", "siem.savedQueryRule", "Saved Query Rule"},
    {"eql", "siem.eqlRule", "Event Correlation Rule"},
    {"esql", "siem.esqlRule", "ES|QL Rule"},
    {"threshold", "siem.thresholdRule", "Threshold Rule"},
    {"new_terms", "siem.newTermsRule", "New Terms Rule"},
    {"machine_learning", "siem.mlRule", "Machine Learning Rule"},
    {"threat_match", "siem.indicatorRule", "Indicator Match Rule"},
}};

void set_type(event::DocumentFields& fields, const Rule& rule) {
  fields.set("kibana.alert.rule.type", rule.type);
  if (rule.language == "datadog") return;
  for (const TypeNames& names : kTypeNames) {
    if (rule.type != names.type) continue;
    fields.set("kibana.alert.rule.rule_type_id", std::string(names.id));
    fields.set("kibana.alert.rule.category", std::string(names.category));
  }
}

void set_threat(event::DocumentFields& fields, const Rule& rule) {
  std::array<Values, 6> lists;
  auto& [tactic_ids, tactic_names, ids, names, sub_ids, sub_names] = lists;
  const auto add = [](const AttackReference& from, Values& to_ids, Values& to_names) {
    to_ids.emplace_back(from.id);
    if (!from.name.empty()) to_names.emplace_back(from.name);
  };
  for (const AttackReference& tactic : rule.tactics) add(tactic, tactic_ids, tactic_names);
  for (const AttackReference& technique : rule.techniques) {
    if (technique.id.find('.') == std::string::npos) {
      add(technique, ids, names);
    } else {
      add(technique, sub_ids, sub_names);
    }
  }
  constexpr std::array<std::string_view, 6> kNames = {"tactic.id",
                                                      "tactic.name",
                                                      "technique.id",
                                                      "technique.name",
                                                      "technique.subtechnique.id",
                                                      "technique.subtechnique.name"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    fields.set("kibana.alert.rule.threat." + std::string(kNames[i]), std::move(lists[i]));
  }
  if (!rule.tactics.empty()) fields.set("kibana.alert.rule.threat.framework", std::string("MITRE ATT&CK"));
}

}  // namespace

event::DocumentFields fields_of_rule(const Rule& rule) {
  event::DocumentFields fields;
  const auto set = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) fields.set(name, text);
  };
  set("kibana.alert.rule.name", rule.name);
  set("kibana.alert.rule.rule_id", rule.id);
  set("kibana.alert.rule.uuid", rule.id);
  set_type(fields, rule);
  set("kibana.alert.rule.description", rule.description);
  set("kibana.alert.rule.license", rule.license);
  fields.set("kibana.alert.rule.author", texts(rule.authors));
  fields.set("kibana.alert.rule.tags", texts(rule.tags));
  fields.set("kibana.alert.rule.references", texts(rule.references));
  fields.set("kibana.alert.rule.false_positives", texts(rule.false_positives));
  fields.set("kibana.alert.rule.version", std::int64_t{rule.version});
  fields.set("kibana.alert.rule.severity", std::string(plan::name_of(rule.severity)));
  fields.set("kibana.alert.rule.risk_score", static_cast<double>(rule.risk_score));
  fields.set("kibana.alert.rule.enabled", true);
  fields.set("kibana.alert.rule.consumer", std::string("siem"));
  fields.set("kibana.alert.rule.producer", std::string("siem"));
  set_threat(fields, rule);
  if (rule.schedule) {
    fields.set("kibana.alert.rule.interval", span_text(rule.schedule->interval));
    fields.set("kibana.alert.rule.from", "now-" + span_text(rule.schedule->look_back));
    set("kibana.alert.rule.timestamp_override", rule.schedule->timestamp_field);
  }
  if (rule.building_block) {
    fields.set("kibana.alert.building_block_type", std::string("default"));
    fields.set("kibana.alert.rule.building_block_type", std::string("default"));
  }
  fields.set("event.kind", std::string("signal"));
  fields.set("kibana.alert.status", std::string("active"));
  fields.set("kibana.alert.workflow_status", std::string("open"));
  fields.set("_index", std::string(".internal.alerts-security.alerts-default-000001"));
  fields.set("_version", std::int64_t{1});
  return fields;
}

Body body_of_signals(const plan::Plan& plan) {
  if (std::holds_alternative<plan::EachHit>(plan.op) || std::holds_alternative<plan::NewTerms>(plan.op)) {
    return Body::one_event;
  }
  if (const auto* table = std::get_if<plan::RunTable>(&plan.op)) return table->once ? Body::one_event : Body::row;
  if (std::holds_alternative<plan::RunAggregate>(plan.op)) return Body::row;
  if (std::holds_alternative<plan::RunThreshold>(plan.op)) return Body::group;
  return Body::shared;
}

std::vector<std::string> shown_names(const plan::Plan& plan) {
  std::vector<std::string> names;
  const auto add = [&](const auto& parts) {
    for (const auto& part : parts) names.push_back(part.name);
  };
  if (const auto* run = std::get_if<plan::RunAggregate>(&plan.op)) {
    add(run->outputs);
    return names;
  }
  if (const auto* table = std::get_if<plan::RunTable>(&plan.op)) {
    add(table->pipeline.output);
    return names;
  }
  for (const plan::Query& query : plan.queries) {
    add(query.key);
    if (!std::holds_alternative<plan::RunThreshold>(plan.op)) add(query.arguments);
  }
  return names;
}

}  // namespace trailhound::rule
