// Which rules over signals can read which, in what order, and what they lack.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "event/catalog.h"
#include "rule/loader.h"
#include "rule/strata.h"

namespace trailhound::rule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const event::Catalog& catalog() {
  static const event::Catalog kCatalog;
  return kCatalog;
}

std::string text(const std::string& id, const std::string& query, const std::string& more = "",
                 const std::string& index = ".alerts-security.*", const std::string& type = "query",
                 const std::string& language = "kuery") {
  return "[rule]\nname = \"Rule " + id + "\"\nrule_id = \"" + id + "\"\ntype = \"" + type + "\"\nlanguage = \"" +
         language + "\"\nrisk_score = 21\nseverity = \"low\"\ndescription = \"d\"\nauthor = [\"a\"]\n" +
         (index.empty() ? "" : "index = [\"" + index + "\"]\n") + "query = '''" + query + "'''\n" + more;
}

std::string over_events(const std::string& id, const std::string& more = "") {
  return text(id, "event.action: A", more, "logs-aws.cloudtrail-*");
}

std::string esql(const std::string& id, const std::string& query) { return text(id, query, "", "", "esql", "esql"); }

LoadedRules load(const std::vector<std::string>& texts) {
  LoadedRules loaded;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    load_rule_text(texts[i], std::to_string(i) + ".toml", catalog(), loaded);
  }
  return loaded;
}

std::vector<std::string> strata(const LoadedRules& loaded) {
  std::vector<std::string> all;
  for (const RuleRef& rule : loaded.rules) all.push_back(rule->id + " " + std::to_string(rule->stratum));
  return all;
}

const Outcome& outcome_of(const LoadedRules& loaded, const std::string& id) {
  for (const Outcome& outcome : loaded.outcomes) {
    if (outcome.id == id) return outcome;
  }
  ADD_FAILURE() << "no outcome of " << id;
  return loaded.outcomes.front();
}

TEST(Strata, ARuleStandsAboveThoseThatItNames) {
  const LoadedRules loaded = load({
      text("third", "kibana.alert.rule.rule_id: second"),
      text("second", "signal.rule.name: \"Rule first\""),
      text("first", "kibana.alert.rule.name: Rule*zero"),
      over_events("zero"),
  });
  EXPECT_THAT(strata(loaded), ElementsAre("third 3", "second 2", "first 1", "zero 0"));
  for (const Outcome& outcome : loaded.outcomes) EXPECT_TRUE(outcome.runs) << outcome.id;
}

TEST(Strata, TagsAndTypesTellWhatCannotPass) {
  const std::string higher = "tags = [\"x\", \"Rule Type: Higher-Order Rule\"]\n";
  const LoadedRules loaded = load({
      over_events("zero"),
      text("all", "kibana.alert.rule.name: *", higher),
      text("not-higher", "not kibana.alert.rule.tags: \"Rule Type: Higher-Order Rule\"", higher),
      text("plain", "kibana.alert.rule.type: threshold"),
      text("counts", "event.kind: signal", "[rule.threshold]\nfield = [\"user.name\"]\nvalue = 2\n",
           ".alerts-security.*", "threshold"),
  });
  // "all" and "counts" let each other's through, so neither sees the other's; both see the one between.
  EXPECT_THAT(strata(loaded), ElementsAre("zero 0", "all 3", "not-higher 2", "counts 3"));
  // There is no other threshold rule below it.
  EXPECT_THAT(outcome_of(loaded, "plain").needs, ElementsAre("signals of other rules"));
}

TEST(Strata, ACircleOfNamesIsRefused) {
  const LoadedRules loaded = load({
      over_events("zero"),
      text("a", "kibana.alert.rule.rule_id: (b or zero)"),
      text("b", "kibana.alert.rule.rule_id: (a or zero)"),
      text("c", "kibana.alert.rule.rule_id: (a or zero)"),
  });
  EXPECT_THAT(strata(loaded), ElementsAre("zero 0", "c 1"));
  for (const char* id : {"a", "b"}) {
    const Outcome& outcome = outcome_of(loaded, id);
    EXPECT_FALSE(outcome.loads);
    ASSERT_TRUE(outcome.diagnostics.has_errors());
    EXPECT_EQ(outcome.diagnostics.all().back().code, "TH4115");
    EXPECT_THAT(outcome.diagnostics.all().back().message, HasSubstr("a, b"));
  }
}

TEST(Strata, ARuleIsNotFedByItself) {
  const LoadedRules loaded = load({over_events("zero"), text("self", "kibana.alert.rule.rule_id: self")});
  EXPECT_THAT(strata(loaded), ElementsAre("zero 0"));
  EXPECT_THAT(outcome_of(loaded, "self").needs, ElementsAre("signals of other rules", "rule \"self\""));
  EXPECT_TRUE(outcome_of(loaded, "self").loads);
}

TEST(Strata, WhatAloneCouldFeedIsMissing) {
  LoadedRules loaded =
      load({text("over", "kibana.alert.rule.rule_id: zero"), text("above", "kibana.alert.rule.rule_id: over")});
  EXPECT_THAT(loaded.rules, IsEmpty());
  EXPECT_THAT(outcome_of(loaded, "over").needs, ElementsAre("signals of other rules", "rule \"zero\""));
  EXPECT_THAT(outcome_of(loaded, "above").needs, ElementsAre("signals of other rules", "rule \"over\""));
  // Once it is there, they run.
  load_rule_text(over_events("zero"), "z.toml", catalog(), loaded);
  EXPECT_THAT(strata(loaded), ElementsAre("over 1", "above 2", "zero 0"));
  EXPECT_THAT(outcome_of(loaded, "over").needs, IsEmpty());
  EXPECT_TRUE(outcome_of(loaded, "above").runs);
  EXPECT_THAT(loaded.waiting, IsEmpty());
}

TEST(Strata, ARepeatedIdIsFoundAmongThoseThatWait) {
  LoadedRules loaded = load({text("over", "kibana.alert.rule.rule_id: zero"), text("over", "event.kind: signal")});
  EXPECT_EQ(loaded.outcomes[1].diagnostics.all().back().code, "TH1008");
}

TEST(Strata, FieldsThatNoSignalHasKeepARuleFromRunning) {
  const LoadedRules loaded = load({
      over_events("zero"),
      text("host", "host.os.type: windows and event.kind: signal"),
      esql("rows", "FROM logs-aws.cloudtrail-* | STATS n = COUNT(*) BY host.id = user.name, user.name"),
      text("over-rows", "host.id: *"),
      text("no-source", "source.ip: * and kibana.alert.rule.rule_id: rows"),
      esql("low", "FROM .alerts-security.* | WHERE kibana.alert.severity == \"critical\" | KEEP user.name"),
  });
  EXPECT_THAT(outcome_of(loaded, "host").needs, ElementsAre("signals of other rules", "events with host.os.type"));
  EXPECT_TRUE(outcome_of(loaded, "over-rows").runs);   // a column of a row is a field of its signal
  EXPECT_FALSE(outcome_of(loaded, "no-source").runs);  // and a row has no others
  EXPECT_FALSE(outcome_of(loaded, "low").runs);
}

TEST(Strata, ARuleMayReadEventsBesides) {
  const LoadedRules loaded = load({
      text("both", "(event.kind: event and event.action: A) or kibana.alert.rule.rule_id: gone", "",
           "logs-*\", \".alerts-security.*"),
      text("sequence",
           "sequence by user.name with maxspan=1m [any where event.kind == \"event\" and event.action == \"A\"] [any "
           "where kibana.alert.rule.rule_id "
           "== \"both\"]",
           "", "logs-aws.cloudtrail-*\", \".alerts-security.*", "eql", "eql"),
      text("half",
           "sequence by user.name with maxspan=1m [any where event.kind == \"event\" and event.action == \"A\"] [any "
           "where kibana.alert.rule.rule_id "
           "== \"gone\"]",
           "", "logs-aws.cloudtrail-*\", \".alerts-security.*", "eql", "eql"),
  });
  EXPECT_THAT(strata(loaded), ElementsAre("both 1", "sequence 2"));
  EXPECT_TRUE(loaded.rules[0]->reads_events && loaded.rules[0]->reads_signals);
  EXPECT_THAT(outcome_of(loaded, "half").needs, ElementsAre("signals of other rules", "rule \"gone\""));
}

TEST(Strata, WhatAQueryCannotSayKeepsItsRuleFromRunningOnly) {
  const LoadedRules loaded = load({
      over_events("zero"),
      esql("model",
           "FROM .alerts-security.* | KEEP user.name | COMPLETION x = user.name WITH {\"inference_id\": \"i\"}"),
      esql("slip", "FROM .alerts-security.* | WHERE kibana.alert.risk_score > 3 | STAT x"),
  });
  const Outcome& model = outcome_of(loaded, "model");
  EXPECT_TRUE(model.loads && !model.runs);
  EXPECT_THAT(model.needs, ElementsAre(HasSubstr("what is not supported: ")));
  EXPECT_FALSE(outcome_of(loaded, "slip").loads);
}

TEST(Strata, CanFeedLooksAtTheRuleAlone) {
  const LoadedRules loaded = load({over_events("zero"), over_events("one"),
                                   text("over", "kibana.alert.rule.rule_id: zero and kibana.alert.severity: low")});
  EXPECT_TRUE(can_feed(*loaded.rules[0], *loaded.rules[2]));
  EXPECT_FALSE(can_feed(*loaded.rules[1], *loaded.rules[2]));
}

}  // namespace
}  // namespace trailhound::rule
