/// ES|QL rules are lowered into filters, groups and measures; their queries, asked as they are, go another way. Both
/// must see the same.

#include "public_rules/query_twin.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "public_rules/loaded_rules.h"
#include "rule/document.h"

namespace trailhound {
namespace {

std::string query_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Diagnostics diagnostics;
  const auto documents = rule::read_documents(text, path, diagnostics);
  const rule::Node* rule = documents.empty() ? nullptr : documents.front().find("rule");
  const rule::Node* query = rule == nullptr ? nullptr : rule->find("query");
  return query == nullptr ? "" : query->text;
}

TEST_F(PublicRules, RowsComeWhereTheQueryGivesThem) {
  std::size_t asked = 0, rows = 0;
  for (const run::RuleCaseFile& file : files) {
    const rule::RuleRef rule = rule_of(file);
    if (!rule || rule->language != "esql") continue;
    const auto outcome = std::ranges::find(rules.outcomes, rule->id, &rule::Outcome::id);
    const std::string query = query_of(outcome->path);
    ASSERT_NE(query, "") << outcome->path;
    ++asked;
    for (const run::RuleCase& c : file.cases) {
      const Comparison comparison = compare_with_query(rule, query, c.records, *catalog);
      EXPECT_EQ(comparison.differences, "") << file.path << ":" << c.line << ": " << c.name;
      rows += comparison.signals;
    }
  }
  std::cout << asked << " ES|QL rules agree with their queries in " << rows << " rows\n";
}

}  // namespace
}  // namespace trailhound
