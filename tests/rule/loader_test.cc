#include "rule/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "rule/catalog_columns.h"
#include "rule/shipped_files.h"
#include "temporary_folder.h"

namespace trailhound::rule {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const event::Catalog& catalog() {
  static const event::Catalog kCatalog;
  return kCatalog;
}

std::string rule_text(const std::string& id, const std::string& condition = "a > 0") {
  return "id: " + id + "\nname: n " + id +
         "\nmessage: m\nqueries: [{query: \"*\"}]\ncases: [{status: low, condition: " + condition +
         "}]\noptions: {evaluationWindow: 0}\n";
}

/// A folder of its own for every test.
class Loader : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  LoadedRules load(const std::vector<std::string>& paths) { return load_rules(paths, catalog(), diagnostics_); }
  std::vector<std::string> ids(const LoadedRules& loaded) {
    std::vector<std::string> out;
    for (const RuleRef& rule : loaded.rules) out.push_back(rule->id);
    return out;
  }

  TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path();
  Diagnostics diagnostics_;
};

TEST_F(Loader, FoldersAreSearchedInOrderAndTestsOfRulesLeftOut) {
  write("b/two.yml", rule_text("two"));
  write("a.yaml", rule_text("one"));
  write("c.json", R"({"id":"three","name":"n","message":"m","queries":[{"query":"*"}],)"
                  R"("cases":[{"status":"low"}],"options":{"evaluationWindow":0}})");
  write("a.cases.yaml", "cases: []\n");
  write("readme.md", "no rule");
  EXPECT_THAT(ids(load({folder_.string()})), ElementsAre("one", "two", "three"));
  EXPECT_TRUE(diagnostics_.all().empty());
}

TEST_F(Loader, WhatIsNoRuleIsNotedInAFolderAndRefusedByName) {
  const std::string path = write("settings.yaml", "colour: blue\n");
  const LoadedRules in_folder = load({folder_.string()});
  EXPECT_TRUE(in_folder.outcomes.empty());
  ASSERT_EQ(diagnostics_.all().size(), 1u);
  EXPECT_EQ(diagnostics_.all()[0].code, "TH1010");
  const LoadedRules named = load({path});
  ASSERT_EQ(named.outcomes.size(), 1u);
  EXPECT_EQ(named.outcomes[0].diagnostics.all().at(0).code, "TH1007");
}

TEST_F(Loader, AWrongRuleDoesNotKeepTheOthersBack) {
  write("a.yaml", rule_text("bad", "b > 0") + "---\n" + rule_text("good"));
  write("b.yaml", "a: [\n");
  const LoadedRules loaded = load({folder_.string()});
  EXPECT_THAT(ids(loaded), ElementsAre("good"));
  ASSERT_EQ(loaded.outcomes.size(), 3u);
  EXPECT_FALSE(loaded.outcomes[0].loads);
  EXPECT_TRUE(loaded.outcomes[1].loads);
  EXPECT_EQ(loaded.outcomes[2].diagnostics.all().at(0).code, "TH1004");
}

TEST_F(Loader, TheSecondRuleOfAnIdIsAnError) {
  write("a.yaml", rule_text("x") + "---\n" + rule_text("y"));
  write("b.yaml", rule_text("x") + "---\n" + rule_text("z"));
  const LoadedRules loaded = load({folder_.string()});
  EXPECT_THAT(ids(loaded), ElementsAre("x", "y", "z"));
  ASSERT_EQ(loaded.outcomes.size(), 4u);
  EXPECT_FALSE(loaded.outcomes[2].loads);
  EXPECT_EQ(loaded.outcomes[2].diagnostics.all().at(0).code, "TH1008");
  EXPECT_THAT(loaded.outcomes[2].diagnostics.all()[0].message, HasSubstr("a.yaml"));
}

TEST_F(Loader, ShippedRulesJoinOthersByTheSameRules) {
  LoadedRules loaded = load({write("own.yaml", rule_text("aws-secrets-denied-anomaly"))});
  ASSERT_EQ(loaded.rules.size(), 1U);
  load_shipped_rules(catalog(), loaded);
  EXPECT_EQ(std::ranges::count(ids(loaded), "aws-secrets-denied-anomaly"), 1);
  EXPECT_EQ(loaded.rules.size(), load_shipped_rules(catalog()).rules.size());
  const auto twice = std::ranges::find_if(loaded.outcomes, [](const Outcome& o) { return o.diagnostics.has_errors(); });
  ASSERT_NE(twice, loaded.outcomes.end());
  EXPECT_EQ(twice->diagnostics.all()[0].code, "TH1008");
}

TEST_F(Loader, MissingFilesAndEmptyFoldersAreSaid) {
  const LoadedRules loaded = load({(folder_ / "none.yaml").string(), folder_.string()});
  ASSERT_EQ(loaded.outcomes.size(), 1u);
  EXPECT_EQ(loaded.outcomes[0].diagnostics.all().at(0).code, "TH1001");
  ASSERT_EQ(diagnostics_.all().size(), 1u);
  EXPECT_EQ(diagnostics_.all()[0].code, "TH1009");
  EXPECT_EQ(load({write("empty.yaml", "")}).outcomes.at(0).diagnostics.all().at(0).code, "TH1007");
}

TEST(ShippedRules, AreTheFilesOfTheRepository) {
  std::vector<std::string> names;
  for (const ShippedFile& file : shipped_files()) {
    names.emplace_back(file.name);
    std::ifstream stream(fs::path(TRAILHOUND_SOURCE_DIR) / "rules" / std::string(file.name), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_EQ(file.text, text) << file.name;
  }
  for (const char* name : {"aws-backup-enumeration-multi-region.yaml", "aws-bedrock-discovery-denied.yaml",
                           "aws-secrets-denied-anomaly.yaml", "aws-secrets-enumeration-and-retrieval.yaml"}) {
    EXPECT_THAT(names, testing::Contains(name));
  }
}

const Rule& shipped(const std::string& id) {
  static const LoadedRules kLoaded = load_shipped_rules(catalog());
  for (const RuleRef& rule : kLoaded.rules) {
    if (rule->id == id) return *rule;
  }
  throw std::runtime_error("not shipped: " + id);
}

TEST(ShippedRules, LoadWithoutAnyFinding) {
  const LoadedRules loaded = load_shipped_rules(catalog());
  EXPECT_GE(loaded.rules.size(), 4u);
  for (const Outcome& outcome : loaded.outcomes) {
    EXPECT_TRUE(outcome.loads) << outcome.path;
    for (const Diagnostic& finding : outcome.diagnostics.all()) ADD_FAILURE() << to_text(finding);
  }
}

TEST(ShippedRules, SayWhatTheirPagesAsk) {
  struct Wanted {
    const char* id;
    const char* tactic;
    const char* technique;
    plan::Severity severity;
    std::vector<std::string> variables;
  };
  const std::vector<Wanted> all = {
      {"aws-backup-enumeration-multi-region", "TA0007", "T1580", plan::Severity::medium, {"@userIdentity.arn"}},
      {"aws-secrets-enumeration-and-retrieval", "TA0006", "T1555", plan::Severity::medium, {"@userIdentity.arn"}},
      {"aws-bedrock-discovery-denied",
       "TA0007",
       "T1526",
       plan::Severity::high,
       {"@userIdentity.arn", "@evt.name", "@network.client.ip"}},
      {"aws-secrets-denied-anomaly", "TA0006", "T1555", plan::Severity::low, {"@userIdentity.session_name"}}};
  for (const Wanted& wanted : all) {
    const Rule& rule = shipped(wanted.id);
    EXPECT_EQ(rule.tactics.at(0).id, wanted.tactic);
    EXPECT_EQ(rule.techniques.at(0).id, wanted.technique);
    EXPECT_EQ(rule.severity, wanted.severity);
    for (const std::string& name : wanted.variables) {
      const auto named = [&](const Attribute& attribute) { return attribute.name == name; };
      EXPECT_TRUE(std::any_of(rule.attributes.begin(), rule.attributes.end(), named)) << rule.id << " " << name;
    }
    EXPECT_FALSE(rule.title.empty());
    EXPECT_FALSE(rule.triage.empty());
    EXPECT_FALSE(rule.false_positives.empty());
    EXPECT_GE(rule.references.size(), 3u);
  }
}

TEST(ShippedRules, PrintedPlansReadBack) {
  const LoadedRules loaded = load_shipped_rules(catalog());
  for (const RuleRef& rule : loaded.rules) {
    const Result<plan::Plan> again = plan::parse_plan(plan::print(rule->plan), CatalogColumns(catalog()));
    ASSERT_TRUE(again) << rule->id << ": " << again.error().text();
    EXPECT_TRUE(plan::equal(*again, rule->plan)) << rule->id;
  }
}

TEST(ShippedRules, PlansHoldTheSettledNumbers) {
  const Rule& backup = shipped("aws-backup-enumeration-multi-region");
  const auto& regions = std::get<plan::TrailingCondition>(backup.plan.op);
  EXPECT_EQ(regions.window, Duration::seconds(600));
  EXPECT_EQ(plan::print(regions.cases.at(0).condition, {backup.plan.queries[0].name}),
            "aws_backup_enumeration_multiple_regions > 3");
  const Rule& anomaly = shipped("aws-secrets-denied-anomaly");
  const auto& baseline = std::get<plan::Baseline>(anomaly.plan.op);
  EXPECT_EQ(baseline.percentile, 0.995);
  EXPECT_EQ(baseline.tolerance, 5);
  EXPECT_EQ(baseline.learning, Duration::seconds(86400));
  EXPECT_EQ(anomaly.plan.episode.keep_alive, Duration::seconds(1800));
  EXPECT_EQ(shipped("aws-bedrock-discovery-denied").plan.queries.size(), 3u);
  EXPECT_EQ(std::get<plan::TrailingCondition>(shipped("aws-bedrock-discovery-denied").plan.op).window,
            Duration::seconds(300));
}

// A rule that is missing would be a silent miss.
TEST_F(Loader, LinksThatLeadNowhereAreErrors) {
  write("one.yaml", rule_text("one"));
  fs::create_symlink("nowhere.yaml", folder_ / "two.yaml");
  fs::create_symlink("one.yaml", folder_ / "three.txt");
  const LoadedRules loaded = load({folder_.string()});
  EXPECT_THAT(ids(loaded), ElementsAre("one"));
  ASSERT_EQ(loaded.outcomes.size(), 2u);
  EXPECT_EQ(loaded.outcomes[1].diagnostics.all().at(0).code, "TH1001");
  EXPECT_THAT(loaded.outcomes[1].diagnostics.all().at(0).message, ::testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace trailhound::rule
