#pragma once
/// A copy of the public rules (TRAILHOUND_ELASTIC_RULES) and the case files, loaded once for the tests of a suite.
/// Without a copy the tests are skipped.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "event/catalog.h"
#include "public_rules/case_files.h"
#include "public_rules/networks.h"
#include "rule/loader.h"

namespace trailhound {

class PublicRules : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const char* folder = std::getenv("TRAILHOUND_ELASTIC_RULES");
    if (folder == nullptr) return;
    auto geo = open_networks(TRAILHOUND_SOURCE_DIR "/tests/public_rules/networks.txt");
    ASSERT_TRUE(geo) << geo.error().text();
    catalog = std::make_unique<event::Catalog>(*geo);
    Diagnostics diagnostics;
    rules = rule::load_rules({folder}, *catalog, diagnostics);
    for (const rule::RuleRef& rule : rules.rules) by_id.emplace(rule->id, rule);
    files = read_case_files();
  }
  static void TearDownTestSuite() {
    rules = {};
    by_id.clear();
    files.clear();
    catalog.reset();
  }
  void SetUp() override {
    if (!catalog) GTEST_SKIP() << "TRAILHOUND_ELASTIC_RULES is not set: no copy of the public rules to test";
  }

  /// The file's rule; null if the copy does not have it, or it does not run.
  static rule::RuleRef rule_of(const run::RuleCaseFile& file) {
    const auto found = by_id.find(file.rule_id);
    return found == by_id.end() ? nullptr : found->second;
  }

  static inline std::unique_ptr<event::Catalog> catalog;
  static inline rule::LoadedRules rules;
  static inline std::map<std::string, rule::RuleRef> by_id;
  static inline std::vector<run::RuleCaseFile> files;
};

}  // namespace trailhound
