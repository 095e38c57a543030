#include "rule/elastic_rule.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "rule/elastic_head.h"
#include "rule/elastic_plan.h"
#include "rule/elastic_schedule.h"
#include "rule/elastic_schema.h"
#include "rule/payload.h"
#include "rule/rule_reading.h"
#include "rule/template_variables.h"

namespace trailhound::rule {
namespace {

constexpr std::array<std::string_view, 8> kRuleTypes = {
    "query", "saved_query", "eql", "esql", "threshold", "new_terms", "machine_learning", "threat_match"};

const Node kNoTables{};

/// A rule in a document: its own table, and the tables beside it in the TOML form.
struct FoundRule {
  const Node* rule;
  const Node* root = nullptr;  ///< of the TOML form
};

bool is_repository_form(const Node& node) {
  const Node* rule = node.find("rule");
  return rule != nullptr && rule->is(Node::Kind::table) && node.find("queries") == nullptr &&
         rule->find("cases") == nullptr;
}

bool is_api_form(const Node& node) {
  const Node* type = node.find("type");
  if (type == nullptr || !type->is(Node::Kind::string)) return false;
  if (node.find("risk_score") == nullptr && node.find("rule_id") == nullptr) return false;
  const bool known = std::ranges::find(kRuleTypes, type->text) != kRuleTypes.end();
  return known || (node.find("rule_id") != nullptr && node.find("severity") != nullptr);
}

// The levels around a rule are few, so that the depth is bounded by the forms themselves.
void find_rules(const Node& node, int depth, std::vector<FoundRule>& found) {
  if (depth > 4) return;
  if (is_repository_form(node)) {
    found.push_back({node.find("rule"), &node});
  } else if (is_api_form(node)) {
    found.push_back({&node, nullptr});
  } else {
    for (const Node& item : node.items) find_rules(item, depth + 1, found);
    for (const char* key : {"data", "attributes", "rules"}) {
      if (const Node* inner = node.find(key)) find_rules(*inner, depth + 1, found);
    }
  }
}

/// Names of the columns that a signal of the rule shows.
std::vector<std::string> output_names(const plan::Plan& plan) {
  std::vector<std::string> names;
  if (const auto* run = std::get_if<plan::RunAggregate>(&plan.op)) {
    for (const auto& output : run->outputs) names.push_back(output.name);
  } else if (const auto* table = std::get_if<plan::RunTable>(&plan.op)) {
    for (const auto& column : table->pipeline.output) names.push_back(column.name);
  }
  for (const plan::Query& query : plan.queries) {
    for (const auto& part : query.key) names.push_back(part.name);
    for (const auto& argument : query.arguments) names.push_back(argument.name);
  }
  return names;
}

/// The types whose language is KQL where a rule names none, as in Kibana's API.
bool searches_with_kql(std::string_view type) {
  constexpr std::string_view kTypesWithDefault[] = {"query", "saved_query", "threshold", "new_terms", "threat_match"};
  return std::ranges::find(kTypesWithDefault, type) != std::end(kTypesWithDefault);
}

class ElasticReader {
 public:
  ElasticReader(const Payload& root, const Payload& rule, const ElasticText& text, const ExceptionItems& exceptions,
                const event::Catalog& catalog)
      : root_(root), rule_(rule), text_(text), exceptions_(exceptions), catalog_(catalog) {}

  /// Fills the outcome; the rule, if it is to run.
  std::optional<Rule> read(Outcome& outcome) {
    check_elastic_rule_keys(rule_, outcome.type);
    check_elastic_metadata_keys(root_.table("metadata"));
    check_elastic_transform_keys(root_.table("transform"));
    require_keys(outcome);
    Rule rule;
    rule.id = outcome.id;
    rule.name = outcome.name;
    rule.type = outcome.type;
    rule.language = outcome.language;
    rule.file = rule_.rule().path;
    read_elastic_head(rule_, rule);
    rule.schedule = outcome.schedule = read_schedule(rule_);
    if (!goes_together(outcome)) return std::nullopt;
    ElasticPlan read = read_elastic_plan(rule_, outcome.type, outcome.language, *rule.schedule, exceptions_, catalog_);
    outcome.needs = std::move(read.needs);
    if (read.plan) check_size(*read.plan);
    if (has_errors()) return std::nullopt;
    if (read.plan) {
      rule.plan = *std::move(read.plan);
      rule.query_lines = std::move(read.query_lines);
      rule.reads_events = read.reads_events;
      rule.reads_signals = read.reads_signals;
      rule.threat = read.threat;
      outcome.fields = columns_read(rule);
      warn_of_flattened_parts(rule.language, outcome.fields);
      add_shown_columns(catalog_, rule);
      read_extension(rule);
      for (std::string& need : needs_of(rule)) outcome.needs.push_back(std::move(need));
    }
    if (has_errors()) return std::nullopt;
    outcome.needs_signals = read.reads_signals;
    outcome.loads = true;
    const bool wanted = !rule.plan.queries.empty() && (read.can_run || rule.threat) && is_wanted(outcome);
    outcome.runs = wanted && !rule.threat;
    if (!wanted) return std::nullopt;
    rule.fields = outcome.fields;
    return rule;
  }

 private:
  bool has_errors() const { return rule_.rule().diagnostics->has_errors(); }

  /// Exceptions may ask for parts, queries of these languages may not.
  void warn_of_flattened_parts(std::string_view language, const std::vector<std::string>& fields) const {
    if (language != "eql" && language != "esql") return;
    constexpr std::string_view kFlattened = "aws.cloudtrail.flattened.";
    std::string query = rule_.text("query").value_or("");
    std::erase(query, '`');
    for (const std::string& field : fields) {
      const bool is_part = field.starts_with(kFlattened) && field.find('.', kFlattened.size()) != std::string::npos;
      if (!is_part || !query.contains(field)) continue;
      rule_.warning("TH4212", "query", field + " is a part of a flattened field: Elastic refuses such a rule",
                    "in Elastic only KQL and Lucene read parts; ES|QL and EQL take aws.cloudtrail.request_parameters");
    }
  }

  void require_keys(const Outcome& outcome) {
    const auto require = [&](const char* key, const std::string& value) {
      if (value.empty()) rule_.error("TH4101", key, "the rule has no " + std::string(key));
    };
    require("name", outcome.name);
    if (rule_.text("rule_id").value_or("").empty() && rule_.text("id").value_or("").empty()) {
      rule_.error("TH4101", "rule_id", "the rule has no rule_id");
    }
    require("type", outcome.type);
    if (outcome.type != "machine_learning" && !outcome.type.empty()) require("language", outcome.language);
  }

  /// Whether type and language are a pair; other values of either are found with the schema.
  bool goes_together(const Outcome& outcome) {
    if (std::ranges::find(kRuleTypes, outcome.type) == kRuleTypes.end()) return false;
    if (outcome.type == "machine_learning") return true;
    const bool search = outcome.language == "kuery" || outcome.language == "lucene";
    const bool own = outcome.type == "eql" || outcome.type == "esql";
    if (own ? outcome.language == outcome.type : search) return true;
    if (search || outcome.language == "eql" || outcome.language == "esql") {
      rule_.error("TH4103", "language",
                  "type \"" + outcome.type + "\" and language \"" + outcome.language + "\" do not go together",
                  own ? "language = \"" + outcome.type + "\"" : "kuery or lucene");
    }
    return false;
  }

  void check_size(const plan::Plan& plan) {
    if (plan.queries.size() <= kMaxQueriesOfRule) return;
    rule_.error("TH4109", "query",
                "the rule comes to " + std::to_string(plan.queries.size()) + " queries; at most " +
                    std::to_string(kMaxQueriesOfRule) + " are possible",
                "split it into several rules");
  }

  bool is_wanted(Outcome& outcome) {
    const Payload metadata = root_.table("metadata");
    if (metadata.text("maturity").value_or("") == "deprecated") {
      metadata.warning(
          "TH4203", "maturity",
          text_.named ? "the rule is marked as deprecated" : "the rule is marked as deprecated and does not run",
          text_.named ? "" : "name its file to run it nevertheless");
      if (!text_.named) outcome.not_run = "deprecated";
    }
    if (const auto enabled = rule_.boolean("enabled"); enabled && !*enabled) {
      rule_.warning("TH4205", "enabled", "the rule is switched off and does not run", "set enabled to true");
      outcome.not_run = "switched off";
    }
    return outcome.not_run.empty();
  }

  /// Our own table [trailhound]: what Elastic's form has no place for.
  void read_extension(Rule& rule) {
    const Payload extension = root_.table("trailhound");
    rule.title = extension.text("title").value_or("");
    extension.warn_of_slips({"title"});
    const auto names = output_names(rule.plan);
    for (const std::string& variable : find_template_variables(rule.title)) {
      if (std::ranges::find(names, variable) != names.end() || attribute_of_variable(variable).empty()) continue;
      const std::string nearest = nearest_name(variable, {names.begin(), names.end()});
      extension.warning("TH4204", "title", "the variable {{" + variable + "}} will be empty: no column has that name",
                        nearest.empty() ? "" : "did you mean {{" + nearest + "}}?");
    }
  }

  const Payload& root_;
  const Payload& rule_;
  const ElasticText& text_;
  const ExceptionItems& exceptions_;
  const event::Catalog& catalog_;
};

void load_one(const FoundRule& found, const ElasticText& text, const ExceptionItems& exceptions,
              const event::Catalog& catalog, LoadedRules& loaded) {
  Outcome outcome;
  RuleText place{.path = text.path,
                 .rule = {},
                 .file_text = text.file_text,
                 .diagnostics = &outcome.diagnostics,
                 .wrong_type_code = "TH4106",
                 .unknown_key_code = "TH4206"};
  const Payload document(found.root == nullptr ? kNoTables : *found.root, "", place);
  const Payload rule(*found.rule, found.root == nullptr ? "" : "rule", place);
  outcome.path = text.path;
  outcome.name = rule.text("name").value_or("");
  outcome.id = rule.text("rule_id").value_or("");
  if (outcome.id.empty()) outcome.id = rule.text("id").value_or("");
  outcome.type = rule.text("type").value_or("");
  outcome.language = rule.text("language").value_or("");
  if (outcome.language.empty() && searches_with_kql(outcome.type)) outcome.language = "kuery";
  place.rule = outcome.id.empty() ? outcome.name : outcome.id;
  if (outcome.id.empty()) outcome.id = slug(outcome.name);
  if (auto read = ElasticReader(document, rule, text, exceptions, catalog).read(outcome)) {
    (read->threat ? loaded.without_indicators : loaded.rules).push_back(std::make_shared<const Rule>(*std::move(read)));
  }
  loaded.outcomes.push_back(std::move(outcome));
}

}  // namespace

bool holds_elastic_rule(const Node& root) {
  std::vector<FoundRule> found;
  find_rules(root, 0, found);
  return !found.empty();
}

bool is_part_of_export(const Node& root) {
  return is_exception_item(root) || is_exception_list(root) || root.find("exported_count") != nullptr ||
         root.find("exported_rules_count") != nullptr;
}

void load_elastic_rules(const Node& root, const ElasticText& text, const ExceptionItems& exceptions,
                        const event::Catalog& catalog, LoadedRules& loaded) {
  std::vector<FoundRule> found;
  find_rules(root, 0, found);
  for (const FoundRule& one : found) load_one(one, text, exceptions, catalog, loaded);
}

}  // namespace trailhound::rule
