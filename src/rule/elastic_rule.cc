#include "rule/elastic_rule.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lang/esql/binder.h"
#include "lang/esql/lowering.h"
#include "lang/esql/parser.h"
#include "lang/esql/schema.h"
#include "rule/elastic_schedule.h"
#include "rule/payload.h"
#include "rule/rule_reading.h"
#include "rule/template_variables.h"

namespace trailhound::rule {
namespace {

constexpr std::array<std::string_view, 8> kTypes = {"query",     "saved_query",      "eql",         "esql", "threshold",
                                                    "new_terms", "machine_learning", "threat_match"};
constexpr std::array<std::string_view, 4> kLanguages = {"kuery", "lucene", "eql", "esql"};
constexpr std::array<std::string_view, 4> kSeverities = {"low", "medium", "high", "critical"};

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

/// Notes are Markdown without variables; braces in them stand for themselves.
std::string literal_template(const std::string& text) {
  if (text.find("{{") == std::string::npos) return text;
  return "{{{{raw}}}}" + text + "{{{{/raw}}}}";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Names of the columns that a signal of the rule shows.
std::vector<std::string> output_names(const plan::Plan& plan) {
  std::vector<std::string> names;
  if (const auto* run = std::get_if<plan::RunAggregate>(&plan.op)) {
    for (const auto& output : run->outputs) names.push_back(output.name);
    for (const auto& part : plan.queries.front().key) names.push_back(part.name);
  } else if (const auto* table = std::get_if<plan::RunTable>(&plan.op)) {
    for (const auto& column : table->pipeline.output) names.push_back(column.name);
  } else {
    for (const auto& argument : plan.queries.front().arguments) names.push_back(argument.name);
  }
  return names;
}

class ElasticReader {
 public:
  ElasticReader(const Payload& root, const Payload& rule, const event::Catalog& catalog)
      : root_(root), rule_(rule), catalog_(catalog) {}

  /// The rule, or none: what is wrong is in the diagnostics.
  std::optional<Rule> read(const Outcome& outcome) {
    Rule rule;
    rule.id = outcome.id;
    rule.name = outcome.name;
    rule.type = outcome.type;
    rule.language = outcome.language;
    rule.file = rule_.rule().path;
    read_head(rule);
    read_threat(rule);
    read_note(rule);
    warn_of_what_is_not_applied();
    check_shape();
    const auto options = read_schedule();
    if (is_supported(rule)) read_query(rule, options);
    if (rule_.rule().diagnostics->has_errors()) return std::nullopt;
    read_extension(rule);
    if (rule_.rule().diagnostics->has_errors()) return std::nullopt;
    rule.fields = columns_read(rule);
    return rule;
  }

 private:
  // ---- what people read
  void read_head(Rule& rule) {
    rule.version = static_cast<int>(std::clamp<std::int64_t>(rule_.integer("version").value_or(1), 0, 1'000'000));
    rule.tags = rule_.texts("tags");
    rule.references = rule_.texts("references");
    for (const std::string& text : rule_.texts("false_positives")) rule.false_positives.emplace_back(trimmed(text));
    if (const auto severity = required("severity")) {
      const auto level = plan::severity_named(*severity);
      if (level && is_one_of(*severity, kSeverities)) {
        rule.severity = *level;
      } else {
        rule_.error("TH4103", "severity", "\"" + *severity + "\" is no severity", "one of low, medium, high, critical");
      }
    }
    if (rule_.find("risk_score") == nullptr) {
      rule_.error("TH4101", "risk_score", "the rule has no risk_score", "a whole number from 0 to 100");
    } else if (const auto score = rule_.integer("risk_score")) {
      if (*score < 0 || *score > 100) rule_.error("TH4103", "risk_score", "a risk score lies between 0 and 100");
      rule.risk_score = static_cast<int>(std::clamp<std::int64_t>(*score, 0, 100));
    }
  }

  std::optional<std::string> required(const std::string& key) {
    auto text = rule_.text(key);
    if (!text && rule_.find(key) == nullptr) rule_.error("TH4101", key, "the rule has no " + key);
    return text;
  }

  void read_threat(Rule& rule) {
    for (const Payload& threat : rule_.tables("threat")) {
      const Payload tactic = threat.table("tactic");
      if (const auto id = tactic.text("id")) {
        const auto same = [&id](const AttackReference& other) { return other.id == *id; };
        if (std::ranges::none_of(rule.tactics, same)) {
          rule.tactics.push_back({*id, tactic.text("name").value_or("")});
        }
      } else {
        threat.error("TH4101", "tactic", "a threat needs a tactic with an id", "TA0007, for example");
      }
      for (const Payload& technique : threat.tables("technique")) {
        add_technique_of(rule, technique);
        for (const Payload& part : technique.tables("subtechnique")) add_technique_of(rule, part);
      }
    }
  }

  static void add_technique_of(Rule& rule, const Payload& technique) {
    if (const auto id = technique.text("id")) {
      add_technique(rule, {*id, technique.text("name").value_or("")});
    } else {
      technique.error("TH4101", "id", "a technique needs an id", "T1580, for example");
    }
  }

  void read_note(Rule& rule) {
    const std::string note(trimmed(rule_.text("note").value_or("")));
    const std::string description(trimmed(rule_.text("description").value_or("")));
    rule.message = literal_template(note.empty() ? description : note);
    rule.triage = triage_part(note);
  }

  // ---- what is read for form only
  void check_shape() {
    (void)rule_.text("setup");
    (void)rule_.texts("author");
    (void)rule_.text("license");
    (void)rule_.table("investigation_fields").texts("field_names");
    const Payload metadata = root_.table("metadata");
    if (metadata.text("maturity").value_or("") == "deprecated") {
      metadata.warning("TH4203", "maturity", "the rule is marked as deprecated");
    }
    rule_.warn_of_slips({"rule_id",
                         "name",
                         "type",
                         "language",
                         "query",
                         "index",
                         "data_view_id",
                         "filters",
                         "from",
                         "to",
                         "interval",
                         "max_signals",
                         "timestamp_override",
                         "timestamp_override_fallback_disabled",
                         "risk_score",
                         "severity",
                         "severity_mapping",
                         "risk_score_mapping",
                         "rule_name_override",
                         "building_block_type",
                         "exceptions_list",
                         "alert_suppression",
                         "enabled",
                         "investigation_fields",
                         "note",
                         "setup",
                         "description",
                         "author",
                         "license",
                         "tags",
                         "references",
                         "false_positives",
                         "timeline_id",
                         "timeline_title",
                         "threat",
                         "threat_mappings",
                         "actions",
                         "response_actions",
                         "throttle",
                         "meta",
                         "version",
                         "revision",
                         "required_fields",
                         "related_integrations",
                         "timestamp_field",
                         "event_category_override",
                         "tiebreaker_field",
                         "threshold",
                         "new_terms",
                         "new_terms_fields",
                         "history_window_start",
                         "anomaly_threshold",
                         "machine_learning_job_id",
                         "threat_index",
                         "threat_query",
                         "threat_language",
                         "threat_filters",
                         "threat_indicator_path",
                         "threat_mapping",
                         "saved_id",
                         "concurrent_searches",
                         "items_per_search"});
  }

  void warn_of_what_is_not_applied() {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kIgnored = {
        {{"alert_suppression", "signals are not suppressed; every row is a signal"},
         {"exceptions_list", "exceptions live outside the file; use --exclude"},
         {"max_signals", "the number of signals is not capped"},
         {"severity_mapping", "the rule's severity stands"},
         {"risk_score_mapping", "the rule's risk score stands"},
         {"rule_name_override", "the rule's name stands"},
         {"index", "an ES|QL rule names its source in FROM"}}};
    for (const auto& [key, reason] : kIgnored) {
      const Node* node = rule_.find(key);
      if (node == nullptr || (node->is(Node::Kind::list) && node->items.empty())) continue;
      rule_.warning("TH4201", key, std::string(key) + " is not applied: " + std::string(reason));
    }
    if (const auto field = rule_.text("timestamp_override");
        field && *field != "event.ingested" && *field != "@timestamp") {
      rule_.warning("TH4201", "timestamp_override", "run windows are cut by @timestamp, not by " + *field);
    }
  }

  // ---- what decides about signals
  esql::LoweringOptions read_schedule() {
    esql::LoweringOptions options;
    const auto point = [&](const std::string& key, const std::string& otherwise) -> Duration {
      const std::string text = rule_.text(key).value_or(otherwise);
      const auto before = parse_before_now(text);
      if (!before) {
        rule_.error("TH4104", key, "cannot read \"" + text + "\" as a point of time before the run",
                    "now-6m, now-1h or now-7d, for example; rounding and months are not supported");
      }
      return before.value_or(Duration{});
    };
    const Duration from = point("from", "now-6m");
    const Duration to = point("to", "now");
    if (to.micros != 0)
      rule_.error("TH4105", "to", "windows that end before the run are not supported yet", "to = \"now\"");
    if (from <= to && !rule_.rule().diagnostics->has_errors()) {
      rule_.error("TH4104", "from", "the window is empty: from must lie before the run");
    }
    options.look_back = {from.micros - to.micros};
    const std::string interval = rule_.text("interval").value_or("5m");
    if (const auto duration = parse_interval(interval)) {
      options.interval = *duration;
    } else {
      rule_.error("TH4104", "interval", "cannot read \"" + interval + "\" as an interval",
                  "5m, 1h or 24h, for example");
    }
    if (options.look_back.micros > 0 && options.look_back < options.interval) {
      rule_.warning("TH4202", "from",
                    "the rule looks back " + format_duration(options.look_back) + " every " +
                        format_duration(options.interval) + ": events between the windows are never seen");
    }
    return options;
  }

  bool is_supported(const Rule& rule) {
    if (rule.type == "esql" && rule.language == "esql") return true;
    if (!is_one_of(rule.type, kTypes)) {
      rule_.error("TH4103", "type", "\"" + rule.type + "\" is no type of rule", "supported here: esql");
    } else if (!rule.language.empty() && !is_one_of(rule.language, kLanguages)) {
      rule_.error("TH4103", "language", "\"" + rule.language + "\" is no query language", "supported here: esql");
    } else if ((rule.type == "esql") != (rule.language == "esql")) {
      rule_.error("TH4103", "language",
                  "type \"" + rule.type + "\" and language \"" + rule.language + "\" do not go together");
    } else {
      const std::string language = rule.language.empty() ? "" : " (" + rule.language + ")";
      rule_.error("TH4102", "type", rule.type + language + " rules are not supported yet");
    }
    return false;
  }

  void read_query(Rule& rule, const esql::LoweringOptions& options) {
    const Node* node = rule_.find("query");
    const auto text = required("query");
    if (!text || node == nullptr) return;
    if (!rule_.texts("filters").empty()) rule_.error("TH4103", "filters", "an ES|QL rule must not have filters");
    esql::Origin origin;
    origin.file = rule_.rule().path;
    origin.rule = rule.id;
    origin.key = rule_.path_of("query");
    origin.file_text = rule_.rule().file_text;
    // Where the text is not contiguous in the file the best that can be said is where it begins.
    origin.to_file = [node](LineColumn inside) {
      const LineColumn at = position_in(*node, inside);
      return at.line > 0 ? at : node->at;
    };
    esql::Reporter reporter(*text, origin, *rule_.rule().diagnostics);
    const esql::Query query = esql::parse(*text, reporter);
    if (reporter.errors() > 0) return;
    const esql::CatalogSchema schema(catalog_);
    const auto bound = esql::bind(*text, query, schema, reporter);
    if (!bound) return;
    if (auto plan = esql::lower(*bound, options, reporter)) rule.plan = *std::move(plan);
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
  const event::Catalog& catalog_;
};

}  // namespace

void load_elastic_rule(const Node& root, const std::string& path, std::string_view file_text,
                       const event::Catalog& catalog, LoadedRules& loaded) {
  Outcome outcome;
  RuleText text{.path = path, .rule = {}, .file_text = file_text, .diagnostics = &outcome.diagnostics};
  const Payload document(root, "", text);
  const Payload rule = document.table("rule");
  outcome.path = path;
  outcome.name = rule.text("name").value_or("");
  outcome.id = rule.text("rule_id").value_or("");
  outcome.type = rule.text("type").value_or("");
  outcome.language = rule.text("language").value_or("");
  text.rule = outcome.id.empty() ? outcome.name : outcome.id;
  const auto require = [&](const char* key, const std::string& value) {
    if (value.empty()) rule.error("TH4101", key, "the rule has no " + std::string(key));
  };
  require("name", outcome.name);
  require("rule_id", outcome.id);
  require("type", outcome.type);
  if (outcome.type != "machine_learning") require("language", outcome.language);
  if (outcome.id.empty()) outcome.id = slug(outcome.name);
  if (const auto enabled = rule.boolean("enabled"); enabled && !*enabled) {
    rule.warning("TH4205", "enabled", "the rule is switched off and was not loaded", "set enabled to true");
  } else if (auto read = ElasticReader(document, rule, catalog).read(outcome)) {
    outcome.needs = needs_of(*read);
    outcome.loads = true;
    loaded.rules.push_back(std::make_shared<const Rule>(*std::move(read)));
  }
  loaded.outcomes.push_back(std::move(outcome));
}

}  // namespace trailhound::rule
