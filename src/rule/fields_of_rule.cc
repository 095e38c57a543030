#include "rule/fields_of_rule.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace trailhound::rule {
namespace {

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

class RuleFields {
 public:
  RuleFields(const Rule& rule, const FieldNames* names) : rule_(rule), names_(names) {}

  event::DocumentFields make() {
    set_identity();
    set_texts();
    set_threat();
    set_schedule();
    if (rule_.building_block) {
      set("kibana.alert.building_block_type", "default");
      set("kibana.alert.rule.building_block_type", "default");
    }
    set_states();
    return std::move(fields_);
  }

 private:
  [[nodiscard]] bool wants(std::string_view name) const { return names_ == nullptr || names_->contains(name); }

  void set(std::string_view name, std::string_view text) {
    if (!text.empty() && wants(name)) fields_.set(name, std::string(text));
  }
  void set(std::string_view name, const std::vector<std::string>& texts) {
    if (wants(name)) fields_.set(name, Values(texts.begin(), texts.end()));
  }
  void set_value(std::string_view name, Value value) {
    if (wants(name)) fields_.set(name, std::move(value));
  }

  void set_identity() {
    set("kibana.alert.rule.name", rule_.name);
    set("kibana.alert.rule.rule_id", rule_.id);
    set("kibana.alert.rule.uuid", rule_.id);
    set("kibana.alert.rule.type", rule_.type);
    if (rule_.language != "datadog") {
      for (const TypeNames& names : kTypeNames) {
        if (rule_.type != names.type) continue;
        set("kibana.alert.rule.rule_type_id", names.id);
        set("kibana.alert.rule.category", names.category);
      }
    }
    set_value("kibana.alert.rule.version", std::int64_t{rule_.version});
    set("kibana.alert.rule.severity", plan::name_of(rule_.severity));
    set_value("kibana.alert.rule.risk_score", static_cast<double>(rule_.risk_score));
  }

  void set_texts() {
    set("kibana.alert.rule.description", rule_.description);
    set("kibana.alert.rule.license", rule_.license);
    set("kibana.alert.rule.author", rule_.authors);
    set("kibana.alert.rule.tags", rule_.tags);
    set("kibana.alert.rule.references", rule_.references);
    set("kibana.alert.rule.false_positives", rule_.false_positives);
  }

  void set_threat() {
    std::array<std::vector<std::string>, 6> lists;
    auto& [tactic_ids, tactic_names, ids, names, sub_ids, sub_names] = lists;
    const auto add = [](const AttackReference& from, std::vector<std::string>& to_ids,
                        std::vector<std::string>& to_names) {
      to_ids.push_back(from.id);
      if (!from.name.empty()) to_names.push_back(from.name);
    };
    for (const AttackReference& tactic : rule_.tactics) add(tactic, tactic_ids, tactic_names);
    for (const AttackReference& technique : rule_.techniques) {
      if (technique.id.find('.') == std::string::npos) {
        add(technique, ids, names);
      } else {
        add(technique, sub_ids, sub_names);
      }
    }
    constexpr std::array<std::string_view, 6> kNames = {"kibana.alert.rule.threat.tactic.id",
                                                        "kibana.alert.rule.threat.tactic.name",
                                                        "kibana.alert.rule.threat.technique.id",
                                                        "kibana.alert.rule.threat.technique.name",
                                                        "kibana.alert.rule.threat.technique.subtechnique.id",
                                                        "kibana.alert.rule.threat.technique.subtechnique.name"};
    for (std::size_t i = 0; i < kNames.size(); ++i) set(kNames[i], lists[i]);
    if (!rule_.tactics.empty()) set("kibana.alert.rule.threat.framework", "MITRE ATT&CK");
  }

  void set_schedule() {
    if (!rule_.schedule) return;
    set("kibana.alert.rule.interval", span_text(rule_.schedule->interval));
    set("kibana.alert.rule.from", "now-" + span_text(rule_.schedule->look_back));
    set("kibana.alert.rule.timestamp_override", rule_.schedule->timestamp_field);
  }

  /// What is so of every new signal.
  void set_states() {
    set_value("kibana.alert.rule.enabled", true);
    set("kibana.alert.rule.consumer", "siem");
    set("kibana.alert.rule.producer", "siem");
    set("event.kind", "signal");
    set("kibana.alert.status", "active");
    set("kibana.alert.workflow_status", "open");
    set("_index", ".internal.alerts-security.alerts-default-000001");
    set_value("_version", std::int64_t{1});
  }

  const Rule& rule_;
  const FieldNames* names_;
  event::DocumentFields fields_;
};

}  // namespace

event::DocumentFields fields_of_rule(const Rule& rule, const FieldNames* names) {
  return RuleFields(rule, names).make();
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
