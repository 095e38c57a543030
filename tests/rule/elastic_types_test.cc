// Types of Elastic rules and what decides about their events: every rule here was written for these tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "rule/elastic_inputs.h"
#include "rule/elastic_jobs.h"
#include "rule/loader.h"

namespace trailhound::rule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const event::Catalog& catalog() {
  static const event::Catalog kCatalog;
  return kCatalog;
}

LoadedRules load(const std::string& text, const std::string& path = "r.toml") {
  LoadedRules loaded;
  load_rule_text(text, path, catalog(), loaded);
  return loaded;
}

std::string findings(const LoadedRules& loaded) {
  std::string out;
  for (const auto& outcome : loaded.outcomes) {
    for (const auto& diagnostic : outcome.diagnostics.all()) out += to_text(diagnostic) + "\n";
  }
  return out;
}

std::string rule_text(const std::string& type, const std::string& language, const std::string& query,
                      const std::string& more = "") {
  return "[metadata]\nmaturity = \"production\"\n[rule]\nrule_id = \"r1\"\nname = \"A rule\"\ntype = \"" + type +
         "\"\nlanguage = \"" + language + "\"\nseverity = \"low\"\nrisk_score = 21\nquery = '''" + query + "'''\n" +
         more;
}

const char* const kIndex = "index = [\"filebeat-*\", \"logs-aws.cloudtrail-*\"]\n";

const Rule& only_rule(const LoadedRules& loaded) {
  static const Rule kNone;
  EXPECT_EQ(loaded.rules.size(), 1u) << findings(loaded);
  return loaded.rules.empty() ? kNone : *loaded.rules[0];
}

TEST(ElasticInputs, PatternsThatCanHoldCloudTrail) {
  for (const char* pattern : {"logs-aws.cloudtrail-*", "logs-aws.cloudtrail*", "filebeat-*", "logs-aws*", "logs-*", "*",
                              "east:logs-aws*", "logs-aws.cloudtrail-prod", "filebeat-8.1", "my-cloudtrail"}) {
    EXPECT_TRUE(holds_cloudtrail(pattern)) << pattern;
  }
  for (const char* pattern : {"logs-endpoint.events.process-*", "winlogbeat-*", "auditbeat-*", "logs-azure*",
                              "logs-aws.s3access-*", "traces-*", "", "logs"}) {
    EXPECT_FALSE(holds_cloudtrail(pattern)) << pattern;
  }
  EXPECT_FALSE(judge_inputs({"logs-*", "-logs-aws.cloudtrail-*"}).cloudtrail);
  EXPECT_TRUE(judge_inputs({"logs-*", "-logs-endpoint*"}).cloudtrail);
  EXPECT_TRUE(judge_inputs({".alerts-security.*"}).alerts);
}

TEST(ElasticTypes, AQueryFiresForEachHit) {
  const LoadedRules loaded = load(rule_text("query", "kuery", "event.action: CreateUser", kIndex));
  const Rule& rule = only_rule(loaded);
  EXPECT_TRUE(std::holds_alternative<plan::EachHit>(rule.plan.op));
  EXPECT_THAT(rule.fields, ElementsAre("event.action"));
  EXPECT_TRUE(loaded.outcomes[0].runs);
  ASSERT_TRUE(loaded.outcomes[0].schedule);
  EXPECT_EQ(loaded.outcomes[0].schedule->look_back, Duration::seconds(360));
}

TEST(ElasticTypes, OtherDataSetsLoadButDoNotRun) {
  const LoadedRules by_index = load(rule_text("eql", "eql", R"q(process where process.name == "a" and foo.bar == 3)q",
                                              R"q(index = ["logs-endpoint.events.process-*"]
)q"));
  ASSERT_EQ(by_index.outcomes.size(), 1u);
  EXPECT_TRUE(by_index.outcomes[0].loads) << findings(by_index);
  EXPECT_FALSE(by_index.outcomes[0].runs);
  EXPECT_THAT(by_index.outcomes[0].needs, ElementsAre(R"q(data set "logs-endpoint.events.process-*")q"));
  const LoadedRules by_query = load(rule_text("query", "kuery", "event.dataset: okta.system", R"q(index = ["filebeat-*"]
)q"));
  EXPECT_TRUE(by_query.outcomes[0].loads) << findings(by_query);
  EXPECT_THAT(by_query.outcomes[0].needs, ElementsAre(R"q(data set "okta.system")q"));
  const LoadedRules alerts =
      load(rule_text("query", "kuery", "kibana.alert.risk_score > 70", R"q(index = [".alerts-security.*"]
)q"));
  EXPECT_THAT(alerts.outcomes[0].needs, ElementsAre("signals of other rules")) << findings(alerts);
}

TEST(ElasticTypes, CountsOfWhatIsNeverThereAreNeeds) {
  const auto load_with = [](const std::string& condition) {
    return load(
        rule_text("esql", "esql",
                  "FROM logs-aws.cloudtrail-* | STATS n = COUNT_DISTINCT(agent.id), m = COUNT_DISTINCT(user.name) "
                  "BY user.name | WHERE " +
                      condition));
  };
  for (const char* condition : {"n == 1", "n >= 2 AND m > 1", "m > 1 AND n > 0"}) {
    const LoadedRules loaded = load_with(condition);
    EXPECT_TRUE(loaded.outcomes[0].loads) << findings(loaded);
    EXPECT_FALSE(loaded.outcomes[0].runs) << condition;
    EXPECT_THAT(loaded.outcomes[0].needs, ElementsAre("events with agent.id")) << condition;
  }
  for (const char* condition : {"m == 1", "n == 0", "n >= 0", "n < 2", "n == 1 OR m == 1"}) {
    EXPECT_TRUE(load_with(condition).outcomes[0].runs) << condition;
  }
}

TEST(ElasticTypes, Threshold) {
  const LoadedRules loaded = load(rule_text("threshold", "kuery", "event.action: GetObject", std::string(kIndex) + R"(
[rule.threshold]
field = ["user.name", "source.ip"]
value = 3
[[rule.threshold.cardinality]]
field = "event.id"
value = 20
[rule.alert_suppression.duration]
value = 2
unit = "h"
)"));
  const Rule& rule = only_rule(loaded);
  const auto& op = std::get<plan::RunThreshold>(rule.plan.op);
  EXPECT_EQ(op.least, 3u);
  EXPECT_EQ(op.least_distinct, 20u);
  ASSERT_TRUE(op.distinct);
  EXPECT_EQ(rule.plan.queries[0].arguments[*op.distinct].name, "event.id");
  EXPECT_EQ(rule.plan.queries[0].key.size(), 2u);
  EXPECT_EQ(rule.plan.queries[0].missing, plan::MissingKey::drop);
  ASSERT_TRUE(rule.plan.episode.suppression);
  EXPECT_EQ(rule.plan.episode.suppression->duration, Duration::seconds(7200));
  EXPECT_THAT(rule.plan.episode.suppression->parts, ElementsAre(0u, 1u));
}

TEST(ElasticTypes, GroupFieldsThatNoDocumentHasAreWarnedOf) {
  const auto threshold = [](const std::string& field) {
    return findings(
        load(rule_text("threshold", "kuery", "event.action: A",
                       std::string(kIndex) + "[rule.threshold]\nfield = [\"" + field + "\"]\nvalue = 3\n")));
  };
  EXPECT_EQ(threshold("user.name"), "");
  EXPECT_THAT(threshold("user.nam"), HasSubstr("TH4210"));
  EXPECT_THAT(threshold("process.name"), Not(HasSubstr("TH4110")));
}

TEST(ElasticTypes, AFieldOfTheGroupHasOneValueInIt) {
  const LoadedRules loaded = load(rule_text("threshold", "kuery", "event.action: GetObject", std::string(kIndex) + R"(
[rule.threshold]
field = ["user.name"]
value = 3
[[rule.threshold.cardinality]]
field = "user.name"
value = 20
)"));
  EXPECT_FALSE(loaded.outcomes[0].loads);
  EXPECT_THAT(findings(loaded), HasSubstr("there is one value in each group"));
}

TEST(ElasticTypes, PartsOfFlattenedFieldsAreWarnedOfWhereElasticRefusesThem) {
  const std::string part = "aws.cloudtrail.flattened.request_parameters.userName";
  EXPECT_THAT(findings(load(rule_text("eql", "eql", "any where " + part + " == \"x\"", kIndex))), HasSubstr("TH4212"));
  EXPECT_THAT(findings(load(rule_text("esql", "esql",
                                      "FROM logs-aws.cloudtrail-* METADATA _id, _version, _index | WHERE " + part +
                                          " == \"x\" | KEEP _id"))),
              HasSubstr("TH4212"));
  EXPECT_THAT(findings(load(rule_text("esql", "esql",
                                      "FROM logs-aws.cloudtrail-* METADATA _id, _version, _index | WHERE "
                                      "aws.cloudtrail.flattened.request_parameters.`userName` == \"x\" | KEEP _id"))),
              HasSubstr("TH4212"));
  EXPECT_EQ(findings(load(rule_text("query", "kuery", part + ": x", kIndex))), "");
}

TEST(ElasticTypes, NewTermsInBothForms) {
  const LoadedRules nested = load(rule_text("new_terms", "kuery", "event.action: AssumeRole", std::string(kIndex) + R"(
[rule.new_terms]
field = "new_terms_fields"
value = ["cloud.account.id", "user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-10d"
)"));
  const LoadedRules flat = load(rule_text("new_terms", "kuery", "event.action: AssumeRole",
                                          std::string(kIndex) +
                                              R"q(new_terms_fields = ["cloud.account.id", "user.name"]
history_window_start = "now-10d"
)q"));
  EXPECT_TRUE(plan::equal(only_rule(nested).plan, only_rule(flat).plan));
  const auto& op = std::get<plan::NewTerms>(only_rule(flat).plan.op);
  EXPECT_EQ(op.history, Duration::seconds(10 * 86400));
  EXPECT_EQ(only_rule(flat).plan.queries[0].key.size(), 2u);
  const LoadedRules late = load(rule_text("new_terms", "kuery", "a: b",
                                          R"q(new_terms_fields = ["user.name"]
history_window_start = "now-1m"
)q"));
  EXPECT_THAT(findings(late), HasSubstr("TH4104"));
}

// A function of a field that is never there is never there either; one that copes with absence may give anything.
TEST(ElasticTypes, FunctionsOfAbsentFieldsCannotBeMet) {
  const auto outcome_of = [](const std::string& condition) {
    return load(rule_text("esql", "esql", "FROM logs-* METADATA _id | EVAL x = " + condition + " | KEEP _id", ""))
        .outcomes[0];
  };
  const Outcome padded = outcome_of("LOCATE(process.command_line, SPACE(9)) | WHERE x > 0");
  EXPECT_FALSE(padded.runs);
  EXPECT_THAT(padded.needs, ElementsAre("events with process.command_line"));
  EXPECT_TRUE(outcome_of("LOCATE(user.name, SPACE(9)) | WHERE x > 0").runs);
  EXPECT_TRUE(outcome_of("COALESCE(LENGTH(process.command_line), 7) | WHERE x > 0").runs);
}

TEST(ElasticTypes, WhatATypeNeedsIsAskedFor) {
  const auto wrong = [](const std::string& type, const std::string& more) {
    const LoadedRules loaded = load(rule_text(type, "kuery", "event.action: A", more));
    EXPECT_FALSE(loaded.outcomes[0].loads);
    return findings(loaded);
  };
  EXPECT_THAT(wrong("threshold", ""), HasSubstr("TH4101"));
  EXPECT_THAT(wrong("threshold", "[rule.threshold]\nfield = []\nvalue = 0\n"), HasSubstr("TH4103"));
  EXPECT_THAT(wrong("new_terms", "history_window_start = \"now-7d\"\n"), HasSubstr("one to three fields"));
  EXPECT_THAT(wrong("new_terms", "new_terms_fields = [\"user.name\"]\n"), HasSubstr("no history_window_start"));
  const LoadedRules saved = load(
      R"q({"rule_id":"s","name":"A saved one","type":"saved_query","language":"kuery","saved_id":"q7","severity":"low","risk_score":1})q",
      "s.json");
  EXPECT_THAT(findings(saved), HasSubstr("q7"));
}

TEST(ElasticTypes, MachineLearning) {
  ASSERT_NE(find_cloudtrail_job("v3_rare_error_code"), nullptr);
  EXPECT_EQ(find_cloudtrail_job("v3_linux_rare_user"), nullptr);
  const std::string head =
      R"q([rule]
rule_id = "m"
name = "ML rule"
type = "machine_learning"
severity = "low"
risk_score = 1
anomaly_threshold = 75
)q";
  const LoadedRules known = load(head + R"q(machine_learning_job_id = ["rare_method_for_a_user_id_ea"])q");
  const auto& op = std::get<plan::AnomalyJob>(only_rule(known).plan.op);
  EXPECT_EQ(op.threshold, 75);
  EXPECT_EQ(only_rule(known).plan.queries[0].key[0].name, "user.id");
  const LoadedRules other = load(head + R"q(machine_learning_job_id = "v3_linux_rare_user")q");
  EXPECT_TRUE(other.outcomes[0].loads) << findings(other);
  EXPECT_THAT(other.outcomes[0].needs, ElementsAre(R"q(machine learning job "v3_linux_rare_user")q"));
}

TEST(ElasticTypes, ThreatMatchNeedsItsIndex) {
  const LoadedRules loaded = load(rule_text("threat_match", "kuery", "source.ip: *", std::string(kIndex) + R"(
threat_index = ["logs-ti_*"]
threat_query = "x: y"
threat_language = "kuery"
[[rule.threat_mapping]]
[[rule.threat_mapping.entries]]
field = "source.ip"
type = "mapping"
value = "threat.indicator.ip"
)"));
  EXPECT_TRUE(loaded.outcomes[0].loads) << findings(loaded);
  EXPECT_THAT(loaded.outcomes[0].needs, ElementsAre(R"q(indicator index "logs-ti_*")q"));
}

// A run sees no further than its window, and so no sequence reaches further.
TEST(ElasticTypes, SequencesSpanAtMostTheWindow) {
  const auto span_of = [](const std::string& with) {
    const LoadedRules loaded = load(rule_text(
        "eql", "eql", "sequence by user.name" + with + " [any where event.action == \"A\"] [any where true]", kIndex));
    const auto* sequence = std::get_if<plan::Sequence>(&only_rule(loaded).plan.op);
    return sequence == nullptr ? std::nullopt : sequence->max_span;
  };
  EXPECT_EQ(span_of(""), Duration::seconds(360));
  EXPECT_EQ(span_of(" with maxspan=1m"), Duration::seconds(60));
}

TEST(ElasticTypes, LuceneQueriesRun) {
  const LoadedRules loaded = load(rule_text("query", "lucene", "event.action:(Create* OR \"ListUsers\")", kIndex));
  EXPECT_THAT(only_rule(loaded).fields, ElementsAre("event.action"));
  EXPECT_TRUE(loaded.outcomes[0].runs);
}

TEST(ElasticTypes, SuppressionOfEqlIsByWholeCells) {
  const LoadedRules loaded =
      load(rule_text("eql", "eql", R"q(any where event.action == "GetObject")q", std::string(kIndex) + R"(
[rule.alert_suppression]
group_by = ["user.name", "cloud.region"]
missing_fields_strategy = "doNotSuppress"
)"));
  const auto& suppression = only_rule(loaded).plan.episode.suppression;
  ASSERT_TRUE(suppression);
  EXPECT_EQ(suppression->by, plan::Suppression::By::cells);
  EXPECT_TRUE(suppression->missing_alone);
  EXPECT_FALSE(suppression->duration);
  EXPECT_EQ(only_rule(loaded).plan.queries[0].arguments.size(), 2u);
}

// What the rows are grouped by stays the group of the signal; a column that the query computes does not.
TEST(ElasticTypes, SuppressionOfEsqlIsByTheGroupWhereItCan) {
  const auto rule_by = [](const std::string& fields) {
    return load(rule_text("esql", "esql",
                          "FROM logs-aws.cloudtrail-* | STATS n = COUNT(*) BY user.name, cloud.region, event.action"
                          " | EVAL upper = TO_UPPER(user.name)",
                          "[rule.alert_suppression]\ngroup_by = [" + fields + "]\n"));
  };
  const LoadedRules by_key = rule_by(R"("event.action", "user.name")");
  const plan::Episode& grouped = only_rule(by_key).plan.episode;
  ASSERT_TRUE(grouped.suppression);
  EXPECT_EQ(grouped.suppression->by, plan::Suppression::By::key);
  EXPECT_THAT(grouped.suppression->parts, ElementsAre(2u, 0u));
  EXPECT_THAT(grouped.key_parts, ElementsAre(2u, 0u));
  EXPECT_TRUE(grouped.project);

  const LoadedRules by_column = rule_by(R"("user.name", "upper")");
  const plan::Episode& computed = only_rule(by_column).plan.episode;
  ASSERT_TRUE(computed.suppression);
  EXPECT_EQ(computed.suppression->by, plan::Suppression::By::cells);
  EXPECT_TRUE(computed.key_parts.empty());
}

TEST(ElasticTypes, FiltersNarrowTheQuery) {
  const LoadedRules loaded = load(rule_text("query", "kuery", "event.action: GetObject", std::string(kIndex) + R"(
[[rule.filters]]
meta = { negate = true }
query = { wildcard = { "user.name" = { value = "svc-?*", case_insensitive = true } } }
[[rule.filters]]
meta = { disabled = true }
query = { nothing_known = { } }
[[rule.filters]]
query = { bool = { should = [ { match_phrase = { "cloud.region" = "eu-west-1" } }, { exists = { field = "source.ip" } } ], must_not = [ { terms = { "user.id" = ["a", "b"] } } ] } }
)"));
  EXPECT_THAT(only_rule(loaded).fields,
              ElementsAre("cloud.region", "event.action", "source.ip", "user.id", "user.name"));
  const LoadedRules odd = load(rule_text("query", "kuery", "event.action: GetObject",
                                         std::string(kIndex) +
                                             R"q([[rule.filters]]
query = { script = { source = "1" } }
)q"));
  EXPECT_THAT(findings(odd), HasSubstr("TH4111"));
}

TEST(ElasticTypes, UnknownKeysAreNamedWithTheNearest) {
  const LoadedRules loaded =
      load(rule_text("query", "kuery", "event.action: A", std::string(kIndex) + R"q(intervall = "5m"
)q"));
  EXPECT_THAT(findings(loaded), HasSubstr("TH4206"));
  EXPECT_THAT(findings(loaded), HasSubstr(R"q(did you mean "interval"?)q"));
  EXPECT_TRUE(loaded.outcomes[0].loads);
}

TEST(ElasticTypes, OverridesAndHighlightsBecomeAttributes) {
  const LoadedRules loaded = load(rule_text("query", "kuery", "event.action: A", std::string(kIndex) + R"(
rule_name_override = "event.action"
building_block_type = "default"
[rule.investigation_fields]
field_names = ["user.name", "no.such.field"]
[[rule.severity_mapping]]
field = "user.name"
operator = "equals"
value = "root"
severity = "critical"
)"));
  const Rule& rule = only_rule(loaded);
  EXPECT_TRUE(rule.building_block);
  EXPECT_THAT(rule.highlights, ElementsAre("user.name", "no.such.field"));
  std::vector<std::string> attributes;
  for (const Attribute& attribute : rule.attributes) attributes.push_back(attribute.name);
  EXPECT_THAT(attributes, ElementsAre("user.name", "event.action"));
  ASSERT_EQ(rule.severity_overrides.size(), 1u);
  EXPECT_EQ(rule.severity_overrides[0].severity, plan::Severity::critical);
}

// An export of Kibana: rules, the items of their exception lists, a closing count.
TEST(ElasticTypes, ExportsCarryExceptions) {
  const LoadedRules loaded = load(
      R"({"rule_id":"a","name":"An exported rule","type":"query","language":"kuery","query":"event.action: A","index":["logs-aws*"],"severity":"low","risk_score":21,"exceptions_list":[{"id":"1","list_id":"l1","namespace_type":"single","type":"detection"}],"immutable":false}
{"list_id":"l1","name":"a list","type":"detection"}
{"list_id":"l1","item_id":"i1","type":"simple","entries":[{"field":"user.name","type":"match","operator":"included","value":"scanner"},{"field":"source.ip","type":"exists","operator":"excluded"}]}
{"exported_count":3}
)",
      "export.ndjson");
  ASSERT_EQ(loaded.outcomes.size(), 1u);
  EXPECT_THAT(only_rule(loaded).fields, ElementsAre("event.action", "source.ip", "user.name"));
  const LoadedRules apart = load(
      R"({"rule_id":"a","name":"An exported rule","type":"query","language":"kuery","query":"event.action: A","index":["logs-aws*"],"severity":"low","risk_score":21,"exceptions_list":[{"id":"1","list_id":"l1","namespace_type":"single","type":"detection"}]})",
      "one.json");
  EXPECT_THAT(findings(apart), HasSubstr("TH4208"));
}

// A copy of the public rules, which are no part of this repository.
TEST(ElasticTypes, PublicRulesLoadOrSayWhy) {
  const char* folder = std::getenv("TRAILHOUND_ELASTIC_RULES");
  if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_ELASTIC_RULES is not set";
  Diagnostics notes;
  const LoadedRules loaded = load_rules({std::string(folder)}, catalog(), notes);
  EXPECT_GT(loaded.outcomes.size(), 1000u);
  for (const Outcome& outcome : loaded.outcomes) {
    EXPECT_TRUE(outcome.loads || outcome.diagnostics.has_errors()) << outcome.path;
    EXPECT_TRUE(!outcome.loads || outcome.runs || !outcome.needs.empty() || !outcome.not_run.empty() ||
                !outcome.diagnostics.all().empty())
        << outcome.path;
    if (outcome.path.find("/integrations/aws/") != std::string::npos &&
        outcome.path.find("_deprecated") == std::string::npos) {
      EXPECT_TRUE(outcome.loads) << outcome.path << "\n"
                                 << [&] {
                                      std::string text;
                                      for (const auto& d : outcome.diagnostics.all()) text += to_text(d) + "\n";
                                      return text;
                                    }();
    }
  }
}

}  // namespace
}  // namespace trailhound::rule
