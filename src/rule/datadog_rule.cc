#include "rule/datadog_rule.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "event/datadog_tags.h"
#include "rule/catalog_columns.h"
#include "rule/datadog_plan.h"
#include "rule/payload.h"
#include "rule/rule_reading.h"
#include "rule/template_variables.h"

namespace trailhound::rule {
namespace {

/// A rule in a document, with the id that an answer of the API keeps beside its attributes.
struct FoundPayload {
  const Node* payload;
  const Node* id = nullptr;
};

bool is_payload(const Node& node) {
  const bool queries = node.find("queries") != nullptr, cases = node.find("cases") != nullptr;
  const bool other = node.find("options") != nullptr || node.find("message") != nullptr;
  return (queries && cases) || ((queries || cases) && other);
}

// The levels around a payload are few, so that the depth is bounded by the forms themselves.
void find_payloads(const Node& node, const Node* id, int depth, std::vector<FoundPayload>& found) {
  if (depth > 4) return;
  if (is_payload(node)) {
    found.push_back({&node, id});
    return;
  }
  for (const Node& item : node.items) find_payloads(item, nullptr, depth + 1, found);
  if (const Node* data = node.find("data")) find_payloads(*data, nullptr, depth + 1, found);
  if (const Node* attributes = node.find("attributes")) find_payloads(*attributes, node.find("id"), depth + 1, found);
  // The body of a rule test: {"rule": ..., "ruleQueryPayloads": ...}.
  if (const Node* rule = node.find("rule")) find_payloads(*rule, nullptr, depth + 1, found);
}

/// Reads what people read about a rule; the plan is read elsewhere.
class RuleReader {
 public:
  RuleReader(const Payload& payload, const event::Catalog& catalog) : payload_(payload), columns_(catalog) {}

  // The rule, or none after an error.
  std::optional<Rule> read(std::string id, std::string name) {
    Rule rule;
    rule.id = std::move(id);
    rule.name = std::move(name);
    rule.language = "datadog";
    rule.type = detection_method(payload_);
    rule.file = payload_.rule().path;
    rule.version = static_cast<int>(std::clamp<std::int64_t>(payload_.integer("version").value_or(1), 0, 1'000'000));
    rule.message = effective_message();
    rule.triage = triage_part(rule.message);
    rule.tags = payload_.texts("tags");
    read_attack_tags(rule);
    warn_of_slips();
    std::optional<plan::Plan> plan = read_datadog_plan(payload_, columns_);
    if (!plan) return std::nullopt;
    if (plan->queries.size() > kMaxQueriesOfRule) {
      payload_.error("TH2216", "queries", "a rule can have at most 64 queries", "split it into several rules");
      return std::nullopt;
    }
    rule.plan = std::move(*plan);
    rule.severity = first_severity(rule.plan);
    rule.risk_score = risk_score_of(rule.severity);
    read_extension(rule);
    read_attributes(rule);
    rule.fields = columns_read(rule);
    if (payload_.rule().diagnostics->has_errors()) return std::nullopt;
    return rule;
  }

 private:
  std::string effective_message() {
    std::string custom = payload_.text("customMessage").value_or("");
    if (!custom.empty()) return custom;
    const std::optional<std::string> message = payload_.text("message");
    if (!message) payload_.error("TH2201", "message", "the rule has no message", "what the analyst reads, in Markdown");
    return message.value_or("");
  }

  // tactic:TA0007-discovery, technique:T1580-cloud-infrastructure-discovery
  void read_attack_tags(Rule& rule) {
    for (const std::string& tag : rule.tags) {
      const std::size_t colon = tag.find(':');
      if (colon == std::string::npos) continue;
      const std::string key = tag.substr(0, colon), value = tag.substr(colon + 1);
      if (key == "tactic") {
        if (std::optional<AttackReference> tactic = attack_reference(value)) rule.tactics.push_back(*tactic);
      } else if (key == "technique" || key == "sub_technique" || key == "subtechnique") {
        if (std::optional<AttackReference> technique = attack_reference(value)) add_technique(rule, *technique);
      }
    }
  }

  static plan::Severity first_severity(const plan::Plan& plan) {
    if (const auto* baseline = std::get_if<plan::Baseline>(&plan.op)) return baseline->severity;
    if (const auto* values = std::get_if<plan::NewValue>(&plan.op)) return values->severity;
    return std::get<plan::TrailingCondition>(plan.op).cases.front().severity;
  }

  void read_extension(Rule& rule) {
    const Payload extension = payload_.table("trailhound");
    rule.title = extension.text("title").value_or("");
    rule.references = extension.texts("references");
    rule.false_positives = extension.texts("falsePositives");
    if (const std::optional<std::int64_t> score = extension.integer("riskScore")) {
      if (*score < 0 || *score > 100) extension.error("TH2203", "riskScore", "a risk score lies between 0 and 100");
      rule.risk_score = static_cast<int>(std::clamp<std::int64_t>(*score, 0, 100));
    }
    extension.warn_of_slips({"title", "references", "falsePositives", "riskScore"});
  }

  void read_attributes(Rule& rule) {
    const std::string key = payload_.text("customMessage").value_or("").empty() ? "message" : "customMessage";
    for (const std::string& variable : find_template_variables(rule.title)) add_attribute(rule, variable, "trailhound");
    if (rule.title.empty()) {
      rule.renders_names = true;
      for (const std::string& variable : find_template_variables(rule.name)) add_attribute(rule, variable, "name");
      for (const Payload& one : payload_.tables("cases")) {
        const std::string name = one.text("name").value_or("");
        for (const std::string& variable : find_template_variables(name)) add_attribute(rule, variable, "cases");
      }
    }
    for (const std::string& variable : find_template_variables(rule.message)) add_attribute(rule, variable, key);
  }

  void add_attribute(Rule& rule, const std::string& variable, const std::string& key) {
    const auto known = [&](const Attribute& attribute) { return attribute.name == variable; };
    if (std::any_of(rule.attributes.begin(), rule.attributes.end(), known)) return;
    const auto names_query = [&](const plan::Query& query) { return query.name == variable; };
    if (std::any_of(rule.plan.queries.begin(), rule.plan.queries.end(), names_query)) return;
    const std::string name = attribute_of_variable(variable);
    if (name.empty()) return;
    if (std::ranges::any_of(rule.tags, [&](const std::string& tag) { return tag.starts_with(name + ":"); })) return;
    const Result<event::ColumnRef> column = columns_.find(event::View::datadog, name);
    if (!column) {
      payload_.warning("TH2214", key, "the variable {{" + variable + "}} will be empty: " + column.error().what,
                       column.error().hint);
      return;
    }
    if (event::is_foreign_datadog_tag(name)) {
      payload_.warning(
          "TH2214", key,
          "the variable {{" + variable + "}} will be empty: CloudTrail records do not have the tag " + name);
      return;
    }
    rule.attributes.push_back({variable, plan::column(*column)});
  }

  void warn_of_slips() {
    payload_.warn_of_slips({"name",
                            "type",
                            "isEnabled",
                            "message",
                            "queries",
                            "cases",
                            "options",
                            "tags",
                            "hasExtendedTitle",
                            "filters",
                            "groupSignalsBy",
                            "referenceTables",
                            "schedulingOptions",
                            "calculatedFields",
                            "thirdPartyCases",
                            "id",
                            "version",
                            "createdAt",
                            "updatedAt",
                            "deprecationDate",
                            "creationAuthorId",
                            "updateAuthorId",
                            "creator",
                            "updater",
                            "isDefault",
                            "isPartner",
                            "isBeta",
                            "isDeleted",
                            "isDeprecated",
                            "defaultRuleId",
                            "defaultTags",
                            "customName",
                            "customMessage",
                            "customTags",
                            "blocking",
                            "metadata",
                            "complianceSignalOptions",
                            "trailhound"});
  }

  const Payload& payload_;
  const CatalogColumns columns_;
};

std::string read_id(const FoundPayload& found, const std::string& name) {
  const Node* own = found.payload->find("id");
  for (const Node* id : {own, found.id}) {
    if (id != nullptr && !id->text.empty()) return id->text;
  }
  return slug(name);  // a payload for creating a rule has no id yet
}

void load_payload(const FoundPayload& found, const std::string& path, std::string_view file_text,
                  const event::Catalog& catalog, LoadedRules& loaded) {
  Outcome outcome;
  RuleText text{.path = path, .rule = {}, .file_text = file_text, .diagnostics = &outcome.diagnostics};
  const Payload payload(*found.payload, "", text);
  outcome.path = path;
  outcome.language = "datadog";
  outcome.type = detection_method(payload);
  outcome.name = payload.text("customName").value_or("");
  if (outcome.name.empty()) outcome.name = payload.text("name").value_or("");
  if (outcome.name.empty()) payload.error("TH2201", "name", "the rule has no name");
  outcome.id = read_id(found, outcome.name);
  text.rule = outcome.id;
  if (const std::optional<bool> enabled = payload.boolean("isEnabled"); enabled && !*enabled) {
    payload.warning("TH2211", "isEnabled", "the rule is switched off and was not loaded", "set isEnabled to true");
    outcome.not_run = "switched off";
  } else if (std::optional<Rule> rule = RuleReader(payload, catalog).read(outcome.id, outcome.name)) {
    outcome.needs = needs_of(*rule);
    outcome.fields = rule->fields;
    outcome.loads = outcome.runs = true;
    loaded.rules.push_back(std::make_shared<const Rule>(std::move(*rule)));
  }
  loaded.outcomes.push_back(std::move(outcome));
}

std::vector<FoundPayload> payloads_of(const Node& root) {
  std::vector<FoundPayload> found;
  find_payloads(root, nullptr, 0, found);
  return found;
}

}  // namespace

bool holds_datadog_rule(const Node& root) { return !payloads_of(root).empty(); }

void load_datadog_rule(const Node& root, const std::string& path, std::string_view file_text,
                       const event::Catalog& catalog, LoadedRules& loaded) {
  for (const FoundPayload& found : payloads_of(root)) load_payload(found, path, file_text, catalog, loaded);
}

}  // namespace trailhound::rule
