/// The test cases beside the shipped rules, and those of variants of them that the shipped files do not use, hold.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "rule/loader.h"
#include "run/rule_cases.h"
#include "run/rule_test.h"

namespace trailhound::run {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> case_files(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(TRAILHOUND_SOURCE_DIR) / folder)) {
    if (entry.path().extension() == ".cases") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

rule::LoadedRules load(const std::string& folder, const event::Catalog& catalog) {
  Diagnostics diagnostics;
  rule::LoadedRules loaded =
      rule::load_rules({(fs::path(TRAILHOUND_SOURCE_DIR) / folder).string()}, catalog, diagnostics);
  for (const auto& outcome : loaded.outcomes) diagnostics.append(outcome.diagnostics);
  for (const Diagnostic& d : diagnostics.all()) ADD_FAILURE() << to_text(d);
  return loaded;
}

void run_folder(const std::string& folder) {
  const event::Catalog catalog;
  const rule::LoadedRules loaded = load(folder, catalog);
  ASSERT_FALSE(loaded.rules.empty());
  std::set<std::string> tested;
  for (const fs::path& path : case_files(folder)) {
    Diagnostics diagnostics;
    const auto file = parse_rule_cases(read(path), path.filename().string(), diagnostics);
    for (const Diagnostic& d : diagnostics.all()) ADD_FAILURE() << to_text(d);
    ASSERT_TRUE(file.has_value());
    const std::string id = file->rule_id.empty() ? path.stem().string() : file->rule_id;
    const auto rule =
        std::find_if(loaded.rules.begin(), loaded.rules.end(), [&](const rule::RuleRef& r) { return r->id == id; });
    ASSERT_NE(rule, loaded.rules.end()) << path << ": no rule " << id;
    tested.insert((*rule)->id);
    bool any_positive = false;
    bool any_negative = false;
    for (const RuleCase& c : file->cases) (c.expects_none ? any_negative : any_positive) = true;
    EXPECT_TRUE(any_positive && any_negative) << path << ": a rule needs cases of both kinds";
    const auto results = run_rule_cases(*file, *rule, catalog);
    ASSERT_TRUE(results.has_value()) << results.error().text();
    ASSERT_EQ(results->size(), file->cases.size());
    for (const CaseResult& result : *results) {
      EXPECT_TRUE(result.passed) << path.filename() << ":" << result.line << ": " << result.name << "\n"
                                 << ::testing::PrintToString(result.differences);
    }
  }
  for (const rule::RuleRef& rule : loaded.rules) EXPECT_TRUE(tested.contains(rule->id)) << rule->id << " has no cases";
}

TEST(ShippedCases, EveryShippedRuleHasCasesAndTheyHold) { run_folder("rules"); }

TEST(ShippedCases, VariantsOfTheShippedRulesHoldToo) { run_folder("tests/run/variants"); }

// One small rule for each thing that Elastic's reference says about types, exceptions, filters and schedules.
TEST(ElasticCases, RulesDoWhatElasticsReferenceSays) { run_folder("tests/run/elastic"); }

// The same for Datadog: windows, joins, cases, aggregations, the life of a signal.
TEST(DatadogCases, RulesDoWhatDatadogsDocumentationSays) { run_folder("tests/run/datadog"); }

}  // namespace
}  // namespace trailhound::run
