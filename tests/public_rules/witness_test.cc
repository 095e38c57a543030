/// A copy of the public rule repository (TRAILHOUND_ELASTIC_RULES) against the case files of this folder: what must
/// fire fires, what must not does not, and the engine agrees with its naive twins. Rules of AWS that run need a file.

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "event/batch_reader.h"
#include "event/documents.h"
#include "event/records.h"
#include "public_rules/loaded_rules.h"
#include "public_rules/slow_twin.h"
#include "rule/exclusions.h"
#include "rule/loader.h"
#include "run/rule_test.h"

namespace trailhound {
namespace {

/// Why a rule that has cases takes no part: "deprecated", "needs data set ...", or that the copy lacks it.
std::string why_not(const rule::LoadedRules& rules, const std::string& id) {
  for (const rule::Outcome& outcome : rules.outcomes) {
    if (outcome.id != id) continue;
    if (!outcome.loads) return "it does not load";
    std::string why = outcome.not_run;
    for (const std::string& need : outcome.needs) why += (why.empty() ? "needs " : ", ") + need;
    return why;
  }
  return "the copy of the rules lacks it";
}

TEST_F(PublicRules, FireOnTheirWitnessesAndNotOnNearMisses) {
  std::size_t witnessed = 0, firing = 0, silent = 0;
  for (const run::RuleCaseFile& file : files) {
    const rule::RuleRef rule = rule_of(file);
    if (!rule) {
      std::cout << "not tested: " << file.path << ": " << why_not(rules, file.rule_id) << "\n";
      continue;
    }
    const auto results = run::run_rule_cases(file, rule, *catalog);
    ASSERT_TRUE(results) << results.error().text();
    for (const run::CaseResult& result : *results) {
      for (const std::string& difference : result.differences) {
        ADD_FAILURE() << file.path << ":" << result.line << ": " << result.name << "\n  " << difference;
      }
    }
    ++witnessed;
    const auto silent_here = std::ranges::count_if(file.cases, &run::RuleCase::expects_none);
    silent += static_cast<std::size_t>(silent_here);
    firing += file.cases.size() - static_cast<std::size_t>(silent_here);
  }
  std::cout << witnessed << " rules witnessed by " << firing << " cases that fire and " << silent
            << " that stay silent\n";
}

/// JSON lines: what Elastic's integration makes of the records, without the records.
std::string documents_of(const std::string& records, const event::Geo* geo) {
  event::BatchReader reader;
  std::string documents;
  (void)event::read_window(reader, as_array(records), [&](event::Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      event::append_ecs_document(documents, event::Record(batch, row), geo);
      documents += '\n';
    }
  });
  return documents;
}

TEST_F(PublicRules, FindInTheDocumentsOfTheirWitnessesWhatTheyFindInTheRecords) {
  for (run::RuleCaseFile file : files) {
    const rule::RuleRef rule = rule_of(file);
    if (!rule) continue;
    for (run::RuleCase& c : file.cases) c.records = documents_of(c.records, catalog->geo().get());
    const auto results = run::run_rule_cases(file, rule, *catalog);
    ASSERT_TRUE(results) << results.error().text();
    for (const run::CaseResult& result : *results) {
      for (const std::string& difference : result.differences) {
        ADD_FAILURE() << file.path << ":" << result.line << ": " << result.name << "\n  " << difference;
      }
    }
  }
}

TEST_F(PublicRules, AgreeWithTheSlowTwin) {
  std::size_t signals = 0;
  for (const run::RuleCaseFile& file : files) {
    if (!rule_of(file)) continue;
    for (const run::RuleCase& c : file.cases) {
      std::vector<rule::RuleRef> rule{rule_of(file)};
      Diagnostics diagnostics;
      rule::apply_exclusions(rule, c.exclusions, *catalog, file.path, diagnostics);
      const Comparison comparison = compare_with_slow_twin(rule.front(), c.records);
      EXPECT_EQ(comparison.differences, "") << file.path << ":" << c.line << ": " << c.name;
      signals += comparison.signals;
    }
  }
  std::cout << signals << " signals in which the engine agrees with its twins\n";
}

/// Conditions are shared between rules: what a rule sees must not depend on the others.
TEST_F(PublicRules, TogetherMatchAsEachAlone) {
  std::size_t hits = 0;
  for (const run::RuleCaseFile& file : files) {
    std::string records;
    for (const run::RuleCase& c : file.cases) records += c.records;
    const Comparison comparison = compare_hits(rules.rules, records);
    EXPECT_EQ(comparison.differences, "") << file.path;
    hits += comparison.signals;
  }
  std::cout << hits << " hits of " << rules.rules.size() << " rules\n";
}

/// Rules over the signals of other rules are tested where they are built: a case file holds the events of one rule.
bool reads_signals(const rule::Outcome& outcome) {
  return std::ranges::any_of(outcome.fields, [](const std::string& name) { return name.starts_with("kibana.alert."); });
}

TEST_F(PublicRules, OfAwsThatRunHaveCases) {
  std::size_t running = 0;
  for (const rule::Outcome& outcome : rules.outcomes) {
    if (outcome.path.find("rules/integrations/aws/") == std::string::npos || !outcome.runs) continue;
    if (reads_signals(outcome)) continue;
    ++running;
    const bool has_file = std::ranges::find(files, outcome.id, &run::RuleCaseFile::rule_id) != files.end();
    EXPECT_TRUE(has_file) << outcome.path << ": no case file names " << outcome.id;
  }
  std::cout << running << " rules of AWS run\n";
  EXPECT_GT(running, 0u) << "no rules/integrations/aws in TRAILHOUND_ELASTIC_RULES";
}

}  // namespace
}  // namespace trailhound
