#include "rule/datadog_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parameter_name.h"
#include "rule/catalog_columns.h"
#include "rule/document.h"
#include "rule/rule_reading.h"

namespace trailhound::rule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const event::Catalog& catalog() {
  static const event::Catalog kCatalog;
  return kCatalog;
}

LoadedRules load(const std::string& text, const std::string& path = "r.yaml") {
  LoadedRules loaded;
  load_rule_text(text, path, catalog(), loaded);
  return loaded;
}

// A rule that loads; tests replace parts of it.
std::string payload() {
  return R"yaml(
name: Secrets listed
message: "{{@userIdentity.arn}} called {{@evt.name}}"
isEnabled: true
queries:
  - name: lists
    query: source:cloudtrail @evt.name:ListSecrets
    aggregation: cardinality
    distinctFields: ["@awsRegion"]
    groupByFields: ["@userIdentity.arn"]
  - name: reads
    query: "@evt.name:GetSecretValue"
    groupByFields: ["@userIdentity.arn"]
cases:
  - status: high
    condition: lists > 3 && reads > 0
  - status: low
    name: quiet
options:
  detectionMethod: threshold
  evaluationWindow: 600
  keepAlive: 3600
  maxSignalDuration: 86400
tags: ["tactic:TA0006-credential-access", "technique:T1555.006-cloud-secrets-management-stores",
       "technique:T1555-credentials-from-password-stores", "source:cloudtrail"]
)yaml";
}

std::string with(const std::string& from, const std::string& to, std::string text = payload()) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::invalid_argument("not in the payload: " + from);
  return text.replace(at, from.size(), to);
}

const Rule& only_rule(const LoadedRules& loaded) {
  if (loaded.rules.size() != 1) {
    for (const Outcome& outcome : loaded.outcomes) {
      for (const Diagnostic& finding : outcome.diagnostics.all()) ADD_FAILURE() << to_text(finding);
    }
    throw std::runtime_error("one rule must load");
  }
  return *loaded.rules.front();
}

TEST(DatadogRule, ReadsAThresholdRule) {
  const LoadedRules loaded = load(payload());
  const Rule& rule = only_rule(loaded);
  EXPECT_EQ(rule.id, "secrets-listed");
  EXPECT_EQ(rule.type, "threshold");
  EXPECT_EQ(rule.language, "datadog");
  EXPECT_EQ(rule.severity, plan::Severity::high);
  EXPECT_EQ(rule.risk_score, 73);
  EXPECT_EQ(rule.file, "r.yaml");
  ASSERT_EQ(rule.plan.queries.size(), 2u);
  EXPECT_EQ(rule.plan.queries[0].name, "lists");
  EXPECT_EQ(rule.plan.queries[0].key.at(0).name, "@userIdentity.arn");
  EXPECT_EQ(rule.plan.queries[0].missing, plan::MissingKey::drop);
  EXPECT_TRUE(std::holds_alternative<plan::IsTrue>(rule.plan.queries[0].filter->node));
  const auto& op = std::get<plan::TrailingCondition>(rule.plan.op);
  EXPECT_EQ(op.window, Duration::seconds(600));
  EXPECT_EQ(op.measures[0].aggregation, plan::TrailingCondition::Aggregation::cardinality);
  EXPECT_THAT(op.measures[0].arguments, ElementsAre(0u));
  EXPECT_EQ(op.measures[1].aggregation, plan::TrailingCondition::Aggregation::count);
  ASSERT_EQ(op.cases.size(), 2u);
  EXPECT_EQ(plan::print(op.cases[0].condition, {"lists", "reads"}), "lists > 3 && reads > 0");
  EXPECT_EQ(op.cases[1].condition, nullptr) << "no condition: any query";
  EXPECT_EQ(op.cases[1].name, "quiet");
  EXPECT_EQ(rule.plan.episode.keep_alive, Duration::seconds(3600));
  EXPECT_EQ(rule.plan.episode.max_duration, Duration::seconds(86400));
  EXPECT_FALSE(rule.plan.episode.project);
}

TEST(DatadogRule, TagsNameTacticsAndTechniques) {
  const LoadedRules loaded = load(payload());
  const Rule& rule = only_rule(loaded);
  ASSERT_EQ(rule.tactics.size(), 1u);
  EXPECT_EQ(rule.tactics[0].id, "TA0006");
  EXPECT_EQ(rule.tactics[0].name, "Credential Access");
  ASSERT_EQ(rule.techniques.size(), 2u);
  EXPECT_EQ(rule.techniques[0].id, "T1555") << "sub-techniques after their technique";
  EXPECT_EQ(rule.techniques[0].name, "Credentials from Password Stores");
  EXPECT_EQ(rule.techniques[1].id, "T1555.006");
  EXPECT_EQ(rule.tags.size(), 4u);
}

TEST(DatadogRule, TemplateVariablesBecomeAttributes) {
  const LoadedRules loaded = load(with("\"{{@userIdentity.arn}} called {{@evt.name}}\"",
                                       "\"{{@@userIdentity.arn}} {{lists}} {{severity}} {{nonsense.name}}\""));
  const Rule& rule = only_rule(loaded);
  ASSERT_EQ(rule.attributes.size(), 1u);
  EXPECT_EQ(rule.attributes[0].name, "@@userIdentity.arn") << "named as the text has it";
  EXPECT_EQ(std::get<plan::Column>(rule.attributes[0].expression->node).column->name, "@userIdentity.arn");
  ASSERT_EQ(loaded.outcomes[0].diagnostics.all().size(), 1u);
  EXPECT_EQ(loaded.outcomes[0].diagnostics.all()[0].code, "TH2214");
}

TEST(DatadogRule, FieldsAreTheNamesThatTheRuleReads) {
  EXPECT_THAT(only_rule(load(payload())).fields, ElementsAre("@awsRegion", "@evt.name", "@userIdentity.arn", "source"));
}

TEST(DatadogRule, OwnTableGivesTitleReferencesAndScore) {
  const LoadedRules loaded = load(payload() + R"yaml(
trailhound:
  title: "{{lists}} regions from {{@network.client.ip}}"
  references: ["https://a", "https://b"]
  falsePositives: ["audits"]
  riskScore: 60
)yaml");
  const Rule& rule = only_rule(loaded);
  EXPECT_EQ(rule.title, "{{lists}} regions from {{@network.client.ip}}");
  EXPECT_THAT(rule.references, ElementsAre("https://a", "https://b"));
  EXPECT_THAT(rule.false_positives, ElementsAre("audits"));
  EXPECT_EQ(rule.risk_score, 60);
  EXPECT_EQ(rule.attributes.front().name, "@network.client.ip");
}

TEST(DatadogRule, AnAnswerOfTheApiLoadsLikeAPayload) {
  const std::string attributes =
      R"({"name": "n", "message": "m", "isEnabled": true, "createdAt": 1, "creator": {"name": "x"}, "metric": "",
          "version": 7, "filters": [], "customName": "Mine",
          "queries": [{"query": "*", "metric": "", "metrics": [], "distinctFields": [], "groupByFields": []}],
          "cases": [{"status": "info", "condition": "a > 0", "name": "", "notifications": []}],
          "options": {"evaluationWindow": "300", "keepAlive": "3600", "maxSignalDuration": 86400}})";
  const LoadedRules one =
      load("{\"data\": {\"id\": \"abc-def-ghi\", \"type\": \"rule\", \"attributes\": " + attributes + "}}", "r.json");
  const Rule& rule = only_rule(one);
  EXPECT_EQ(rule.id, "abc-def-ghi");
  EXPECT_EQ(rule.name, "Mine");
  EXPECT_EQ(rule.version, 7);
  EXPECT_TRUE(one.outcomes[0].diagnostics.all().empty());
  EXPECT_EQ(std::get<plan::TrailingCondition>(rule.plan.op).window, Duration::seconds(300)) << "numbers as texts";
  const LoadedRules list = load("{\"data\": [{\"id\": \"a\", \"attributes\": " + attributes +
                                    "}, {\"id\": \"b\", \"attributes\": " + attributes + "}], \"meta\": {}}",
                                "r.json");
  EXPECT_EQ(list.rules.size(), 2u);
  const LoadedRules bare = load("[" + attributes + "]", "r.json");
  EXPECT_EQ(only_rule(bare).id, "mine");
}

TEST(DatadogRule, FiltersAndExtensionsJoinEveryQuery) {
  const LoadedRules plain =
      load(with("source:cloudtrail @evt.name:ListSecrets", "(@evt.name:ListSecrets) (@awsRegion:x*) @a:1 -(@b:2)"));
  const LoadedRules joined =
      load(with("    query: source:cloudtrail @evt.name:ListSecrets",
                "    query: \"@evt.name:ListSecrets\"\n    customQueryExtension: \"@awsRegion:x*\"",
                payload() + "filters: [{action: require, query: \"@a:1\"}, {action: suppress, query: \"@b:2\"}]\n"));
  EXPECT_EQ(plan::print(only_rule(joined).plan.queries[0].filter),
            plan::print(only_rule(plain).plan.queries[0].filter));
  EXPECT_THAT(plan::print(only_rule(joined).plan.queries[1].filter), HasSubstr("@b"));
}

TEST(DatadogRule, OptionalGroupingAndProjection) {
  const LoadedRules loaded =
      load(with("    groupByFields: [\"@userIdentity.arn\"]\n  - name: reads",
                "    groupByFields: [\"@awsRegion\", \"@userIdentity.arn\"]\n    hasOptionalGroupByFields: true\n"
                "  - name: reads",
                with("\"@evt.name:GetSecretValue\"\n    groupByFields: [\"@userIdentity.arn\"]",
                     "\"@evt.name:GetSecretValue\"\n    groupByFields: [\"@awsRegion\", \"@userIdentity.arn\"]")) +
           "groupSignalsBy: [\"@userIdentity.arn\"]\n");
  const Rule& rule = only_rule(loaded);
  EXPECT_EQ(rule.plan.queries[0].missing, plan::MissingKey::not_available);
  EXPECT_EQ(rule.plan.queries[1].missing, plan::MissingKey::drop);
  EXPECT_TRUE(rule.plan.episode.project);
  EXPECT_THAT(rule.plan.episode.key_parts, ElementsAre(1u));
}

std::string anomaly() {
  return R"yaml(
name: Denied
message: m
queries:
  - {query: "@error.kind:AccessDenied", groupByFields: ["@userIdentity.arn"]}
cases:
  - {status: low, condition: a > 0.99}
options:
  detectionMethod: anomaly_detection
  evaluationWindow: 1800
  keepAlive: 1800
  maxSignalDuration: 1800
  anomalyDetectionOptions: {bucketDuration: 600, learningDuration: 48, detectionTolerance: 3, learningPeriodBaseline: 7}
)yaml";
}

TEST(DatadogRule, ForeignTagsAreAbsentWithAWarning) {
  const LoadedRules loaded =
      load(with("@evt.name:ListSecrets", "@evt.name:ListSecrets -account_name:sandbox",
                with("groupByFields: [\"@userIdentity.arn\"]\n  - name", "groupByFields: [project_id]\n  - name")));
  only_rule(loaded);
  std::vector<std::string> warned;
  for (const Diagnostic& finding : loaded.outcomes[0].diagnostics.all()) {
    if (finding.code == "TH2012") warned.push_back(finding.message);
  }
  EXPECT_EQ(warned.size(), 2U);
}

TEST(DatadogRule, ANewValueRuleNeedsNoWindow) {
  const LoadedRules loaded = load(R"yaml(
name: n
message: m
queries:
  - query: "@evt.name:ListSecrets"
    aggregation: new_value
    metrics: ["@userIdentity.arn"]
cases: [{status: low}]
options: {detectionMethod: new_value, keepAlive: 300, maxSignalDuration: 600, newValueOptions: {forgetAfter: 7}}
)yaml");
  EXPECT_EQ(only_rule(loaded).type, "new_value");
}

TEST(DatadogRule, AMethodOfNullIsTheUsualOne) {
  EXPECT_EQ(only_rule(load(with("detectionMethod: threshold", "detectionMethod: null"))).type, "threshold");
}

// Group keys join by position, so a field that stands elsewhere in another query would project another value.
TEST(DatadogRule, SignalsAreGroupedByAFieldOfOnePlace) {
  const std::string two = with("groupByFields: [\"@userIdentity.arn\"]\n  - name",
                               "groupByFields: [\"@awsRegion\", \"@userIdentity.arn\"]\n  - name",
                               with("isEnabled: true", "groupSignalsBy: [\"@userIdentity.arn\"]"));
  const std::string last = "groupByFields: [\"@userIdentity.arn\"]\ncases";
  const auto loads = [&](const std::string& fields) {
    return load(with(last, "groupByFields: " + fields + "\ncases", two)).rules.size();
  };
  EXPECT_EQ(loads("[\"@awsRegion\", \"@userIdentity.arn\"]"), 1U);
  EXPECT_EQ(loads("[\"@evt.name\", \"@userIdentity.arn\"]"), 1U);
  EXPECT_EQ(loads("[\"@userIdentity.arn\", \"@awsRegion\"]"), 0U);
}

TEST(DatadogRule, AnAnomalyMayBeAtLeastThePercentile) {
  const LoadedRules loaded = load(with("a > 0.99", "a >= 0.99", anomaly()));
  EXPECT_EQ(std::get<plan::Baseline>(only_rule(loaded).plan.op).percentile, 0.99);
}

TEST(DatadogRule, ReadsAnAnomalyRule) {
  const LoadedRules loaded = load(anomaly());
  const Rule& rule = only_rule(loaded);
  EXPECT_EQ(rule.type, "anomaly_detection");
  EXPECT_EQ(rule.severity, plan::Severity::low);
  const auto& op = std::get<plan::Baseline>(rule.plan.op);
  EXPECT_EQ(op.percentile, 0.99);
  EXPECT_EQ(op.bucket, Duration::seconds(600));
  EXPECT_EQ(op.learning, Duration::seconds(48 * 3600));
  EXPECT_EQ(op.window, Duration::seconds(1800));
  EXPECT_EQ(op.tolerance, 3);
  EXPECT_EQ(op.learning_bound, 7);
  const LoadedRules without_options =
      load(with("condition: a > 0.99", "condition: \"\"",
                with("  anomalyDetectionOptions: {bucketDuration: 600, learningDuration: 48, "
                     "detectionTolerance: 3, learningPeriodBaseline: 7}\n",
                     "", anomaly())));
  const auto& plain = std::get<plan::Baseline>(only_rule(without_options).plan.op);
  EXPECT_EQ(plain.percentile, 0.995);
  EXPECT_EQ(plain.bucket, Duration::seconds(300));
  EXPECT_EQ(plain.learning, Duration::seconds(24 * 3600));
  EXPECT_EQ(plain.tolerance, 5);
  EXPECT_EQ(plain.learning_bound, std::nullopt);
}

TEST(DatadogRule, ASwitchedOffRuleIsSkippedAloud) {
  const LoadedRules loaded = load(with("isEnabled: true", "isEnabled: \"false\""));
  EXPECT_TRUE(loaded.rules.empty());
  ASSERT_EQ(loaded.outcomes.size(), 1u);
  EXPECT_FALSE(loaded.outcomes[0].loads);
  EXPECT_EQ(loaded.outcomes[0].not_run, "switched off");
  EXPECT_EQ(loaded.outcomes[0].diagnostics.errors(), 0u);
  EXPECT_EQ(loaded.outcomes[0].diagnostics.all().at(0).code, "TH2211");
}

TEST(DatadogRule, ASlipOfAKnownKeyIsWarnedOf) {
  const LoadedRules loaded = load(with("    groupByFields: [\"@userIdentity.arn\"]\n  - name",
                                       "    groupByFeilds: [\"@userIdentity.arn\"]\n  - name"));
  EXPECT_EQ(loaded.rules.size(), 1u);
  const Diagnostic& finding = loaded.outcomes[0].diagnostics.all().at(0);
  EXPECT_EQ(finding.code, "TH2210");
  EXPECT_EQ(finding.place.key, "queries[0].groupByFeilds");
  EXPECT_THAT(finding.hint, HasSubstr("groupByFields"));
}

struct Refusal {
  const char* from;
  const char* to;
  const char* code;
  const char* key;
  const char* message;
};
class DatadogRuleRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(DatadogRuleRefusal, NamesCodeKeyPlaceAndReason) {
  const Refusal& wanted = GetParam();
  const LoadedRules loaded = load(with(wanted.from, wanted.to));
  EXPECT_TRUE(loaded.rules.empty());
  ASSERT_EQ(loaded.outcomes.size(), 1u);
  EXPECT_FALSE(loaded.outcomes[0].loads);
  const Diagnostic* found = nullptr;
  for (const Diagnostic& finding : loaded.outcomes[0].diagnostics.all()) {
    if (found == nullptr && finding.severity == Diagnostic::Severity::error) found = &finding;
  }
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->code, wanted.code);
  EXPECT_EQ(found->place.key, wanted.key);
  EXPECT_THAT(found->message, HasSubstr(wanted.message));
  EXPECT_EQ(found->place.file, "r.yaml");
  EXPECT_EQ(found->place.rule, loaded.outcomes[0].id);
  EXPECT_GT(found->place.at.line, 1);
  EXPECT_FALSE(found->snippet.empty());
}

const char* const kMethod = "detectionMethod: threshold";
INSTANTIATE_TEST_SUITE_P(
    All, DatadogRuleRefusal,
    testing::Values(
        Refusal{kMethod, "detectionMethod: new_value", "TH2207", "queries[0].aggregation", "not cardinality"},
        Refusal{"aggregation: cardinality", "aggregation: new_value", "TH2207", "queries[0].aggregation",
                "belongs to the detection method"},
        Refusal{kMethod, "detectionMethod: impossible_travel", "TH2209", "options.detectionMethod",
                "impossible_travel"},
        Refusal{kMethod, "detectionMethod: third_party", "TH2209", "options.detectionMethod", "third_party"},
        Refusal{kMethod, "detectionMethod: sequence_detection", "TH2209", "options.detectionMethod", "sequence"},
        Refusal{kMethod, "detectionMethod: hardcoded", "TH2209", "options.detectionMethod", "hardcoded"},
        Refusal{kMethod, "detectionMethod: treshold", "TH2203", "options.detectionMethod", "treshold"},
        Refusal{"isEnabled: true", "type: signal_correlation", "TH2209", "type", "signal_correlation"},
        Refusal{"isEnabled: true", "referenceTables: [{tableName: t}]", "TH2209", "referenceTables", "not supported"},
        Refusal{"isEnabled: true", "calculatedFields: [{name: a, expression: b}]", "TH2212", "calculatedFields",
                "schedulingOptions"},
        Refusal{"isEnabled: true", "isEnabled: perhaps", "TH2202", "isEnabled", "true or false"},
        Refusal{"isEnabled: true", "filters: [{action: drop, query: x}]", "TH2203", "filters[0].action", "drop"},
        Refusal{"isEnabled: true", "groupSignalsBy: [\"@awsRegion\"]", "TH2208", "groupSignalsBy", "@awsRegion"},
        Refusal{"source:cloudtrail @evt.name:ListSecrets", "\"\"", "TH2001", "queries[0].query", "empty"},
        Refusal{"query: source:cloudtrail @evt.name:ListSecrets", "nope: 1", "TH2201", "queries[0].query", "missing"},
        Refusal{"source:cloudtrail @evt", "sorce:cloudtrail @evt", "TH2003", "queries[0].query", "sorce"},
        Refusal{"name: reads", "name: lists", "TH2206", "queries[1].name", "two queries"},
        Refusal{"name: lists", "name: my lists", "TH2215", "queries[0].name", "my lists"},
        Refusal{"distinctFields: [\"@awsRegion\"]", "distinctFields: []", "TH2207", "queries[0].distinctFields",
                "distinct values"},
        Refusal{"aggregation: cardinality", "aggregation: sum", "TH2207", "queries[0].metrics", "exactly one"},
        Refusal{"aggregation: cardinality", "aggregation: geo_data", "TH2207", "queries[0].aggregation", "geo_data"},
        Refusal{"aggregation: cardinality", "aggregation: cardinalty", "TH2203", "queries[0].aggregation",
                "cardinalty"},
        Refusal{"aggregation: cardinality", "dataSource: audit", "TH2209", "queries[0].dataSource", "audit"},
        Refusal{"groupByFields: [\"@userIdentity.arn\"]", "groupByFields: [userIdentity]", "TH2003",
                "queries[0].groupByFields[0]", "userIdentity"},
        Refusal{"groupByFields: [\"@userIdentity.arn\"]", "groupByFields: \"@userIdentity.arn\"", "TH2202",
                "queries[0].groupByFields", "a list"},
        Refusal{"status: high", "status: urgent", "TH2203", "cases[0].status", "urgent"},
        Refusal{"status: high", "name: x", "TH2201", "cases[0].status", "no status"},
        Refusal{"lists > 3 && reads > 0", "list > 3", "TH2102", "cases[0].condition", "'list'"},
        Refusal{"lists > 3 && reads > 0", "lists > 0.5", "TH2104", "cases[0].condition", "whole numbers"},
        Refusal{"evaluationWindow: 600", "evaluationWindow: 601", "TH2203", "options.evaluationWindow", "601"},
        Refusal{"evaluationWindow: 600", "evaluationWindow: soon", "TH2202", "options.evaluationWindow",
                "whole number"},
        Refusal{"evaluationWindow: 600", "keepAliv: 60", "TH2201", "options.evaluationWindow", "missing"},
        Refusal{"keepAlive: 3600", "keepAlive: 300", "TH2204", "options.keepAlive", "shorter"},
        Refusal{"maxSignalDuration: 86400", "maxSignalDuration: 900", "TH2204", "options.maxSignalDuration", "shorter"},
        Refusal{"message: \"", "massage: \"", "TH2201", "message", "no message"}),
    [](const auto& test) { return parameter_name(test.index, test.param.message); });

/// A new-value rule with these metrics and options.
LoadedRules new_values(const std::string& metrics, const std::string& options) {
  return load(
      "name: R\ntype: log_detection\nisEnabled: true\nmessage: m\nqueries:\n  - query: \"@evt.name:A\"\n"
      "    aggregation: new_value\n    metrics: " +
      metrics +
      "\n    groupByFields: []\n"
      "cases:\n  - {name: many, status: low, condition: a > 1}\n  - {name: one, status: high}\n"
      "options: {detectionMethod: new_value, evaluationWindow: 0, keepAlive: 0, maxSignalDuration: 0, "
      "newValueOptions: {" +
      options + "}}\n");
}

std::string first_error(const LoadedRules& loaded) {
  for (const Diagnostic& finding : loaded.outcomes.at(0).diagnostics.all()) {
    if (finding.severity == Diagnostic::Severity::error) return finding.code + " " + finding.place.key;
  }
  return "";
}

TEST(DatadogRule, NewValuesAreRead) {
  const auto read = [](const std::string& options) {
    const LoadedRules loaded = new_values("[\"@network.client.ip\", \"@http.useragent\"]", options);
    EXPECT_EQ(first_error(loaded), "");
    return loaded.rules.empty() ? plan::NewValue{} : std::get<plan::NewValue>(loaded.rules[0]->plan.op);
  };
  const plan::NewValue days = read("learningDuration: 7, forgetAfter: 21");
  EXPECT_EQ(days.learning, Duration::seconds(7 * 86400));
  EXPECT_FALSE(days.learns_first);
  EXPECT_EQ(days.forget_after, Duration::seconds(21 * 86400));
  EXPECT_EQ(days.case_name, "one");
  EXPECT_EQ(days.severity, plan::Severity::high);
  EXPECT_TRUE(read("forgetAfter: 7").learns_first);
  EXPECT_EQ(read("learningDuration: 1").forget_after, Duration::seconds(28 * 86400));
  EXPECT_TRUE(read("learningMethod: threshold, learningThreshold: 1").learns_first);
  const plan::NewValue all = read("learningMethod: threshold, learningThreshold: 0, learningDuration: 7");
  EXPECT_FALSE(all.learns_first);
  EXPECT_EQ(all.learning, Duration{});
}

TEST(DatadogRule, NewValuesOutsideOfWhatDatadogAllowsAreRefused) {
  const std::string field = "[\"@network.client.ip\"]";
  EXPECT_EQ(first_error(new_values("[]", "forgetAfter: 7")), "TH2207 queries[0].metrics");
  EXPECT_EQ(first_error(new_values("[\"@a\",\"@b\",\"@c\",\"@d\",\"@e\",\"@f\"]", "forgetAfter: 7")),
            "TH2207 queries[0].metrics");
  EXPECT_EQ(first_error(new_values(field, "forgetAfter: 0")), "TH2203 options.newValueOptions.forgetAfter");
  EXPECT_EQ(first_error(new_values(field, "forgetAfter: 31")), "TH2203 options.newValueOptions.forgetAfter");
  EXPECT_EQ(first_error(new_values(field, "learningDuration: 31")), "TH2203 options.newValueOptions.learningDuration");
  EXPECT_EQ(first_error(new_values(field, "learningThreshold: 2")), "TH2203 options.newValueOptions.learningThreshold");
  EXPECT_EQ(first_error(new_values(field, "learningMethod: guess")), "TH2203 options.newValueOptions.learningMethod");
}

TEST(DatadogRule, AnErrorInAQueryPointsIntoTheFile) {
  const std::string text = with("    query: source:cloudtrail @evt.name:ListSecrets",
                                "    query: >-\n      source:cloudtrail\n      @evt.name:(ListSecrets OR");
  const LoadedRules loaded = load(text);
  const Diagnostic& finding = loaded.outcomes[0].diagnostics.all().at(0);
  EXPECT_EQ(finding.place.at.line, line_column_of(text, text.find("(ListSecrets OR")).line);
  EXPECT_THAT(finding.snippet, HasSubstr("(ListSecrets OR"));
}

TEST(DatadogRule, AllErrorsOfARuleComeAtOnce) {
  const LoadedRules loaded = load(
      with("status: high", "status: urgent", with("lists > 3", "list > 3", with("keepAlive: 3600", "keepAlive: 1"))));
  EXPECT_GE(loaded.outcomes[0].diagnostics.errors(), 3u);
}

TEST(DatadogRule, OnlyOneCaseMayHaveThen) {
  const std::string twice = with("    name: quiet", "    condition: lists > 0 THEN reads > 0",
                                 with("lists > 3 && reads > 0", "lists > 3 THEN reads > 0"));
  EXPECT_EQ(load(twice).outcomes[0].diagnostics.all().at(0).code, "TH2105");
  EXPECT_EQ(load(with("lists > 3 && reads > 0", "lists > 3 THEN reads > 0")).rules.size(), 1u);
}

TEST(DatadogRule, AnomalyRulesAreCheckedOnTheirOwnTerms) {
  const auto code = [](const std::string& text) {
    const LoadedRules loaded = load(text);
    for (const Diagnostic& finding : loaded.outcomes.at(0).diagnostics.all()) {
      if (finding.severity == Diagnostic::Severity::error) return finding.code;
    }
    return std::string("none");
  };
  EXPECT_EQ(code(with("a > 0.99", "a > 99", anomaly())), "TH2203");
  EXPECT_EQ(code(with("a > 0.99", "a < 0.99", anomaly())), "TH2103");
  EXPECT_EQ(code(with("a > 0.99", "a > 0.99 && a > 0.5", anomaly())), "TH2103");
  EXPECT_EQ(code(with("bucketDuration: 600", "bucketDuration: 60", anomaly())), "TH2203");
  EXPECT_EQ(code(with("detectionTolerance: 3", "detectionTolerance: 9", anomaly())), "TH2203");
}

TEST(RuleReading, TheTriagePartIsTheSectionOfThatHeading) {
  EXPECT_EQ(triage_part("## Goal\nx\n## Triage & Response\n\n1. a\n### If\nb\n\n## Changelog\nc\n"), "1. a\n### If\nb");
  EXPECT_EQ(triage_part("no heading: triage\n"), "");
}

TEST(RuleReading, SlugsAreStableNames) {
  EXPECT_EQ(slug("User enumerated AWS Secrets Manager - Anomaly"), "user-enumerated-aws-secrets-manager-anomaly");
  EXPECT_EQ(slug("  --  "), "");
}

}  // namespace
}  // namespace trailhound::rule
