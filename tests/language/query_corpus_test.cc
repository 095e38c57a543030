/// Every KQL and Lucene query of the public rules, if a copy is at hand (TRAILHOUND_ELASTIC_RULES).

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "documents.h"
#include "event/catalog.h"
#include "lang/kuery/kuery.h"
#include "lang/kuery/parser.h"
#include "lang/lucene/lucene.h"
#include "lang/query_codes.h"
#include "plan/expression.h"
#include "rule/document.h"

namespace trailhound::language_test {
namespace {

struct RuleQuery {
  std::string path, language, text;
  bool aws = false;
};

std::string text_of(const rule::Node* node) { return node == nullptr ? std::string() : node->text; }

std::vector<RuleQuery> read_queries(const std::filesystem::path& root) {
  std::vector<RuleQuery> queries;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream stream(entry.path());
    std::stringstream text;
    text << stream.rdbuf();
    Diagnostics diagnostics;
    const std::string path = entry.path().string();
    for (const rule::Node& document : rule::read_documents(text.str(), path, diagnostics)) {
      const rule::Node* rule = document.find("rule");
      if (rule == nullptr) continue;
      const bool aws = path.find("/rules/integrations/aws/") != std::string::npos;
      queries.push_back({path, text_of(rule->find("language")), text_of(rule->find("query")), aws});
      const rule::Node* threat = rule->find("threat_query");
      if (threat != nullptr) queries.push_back({path, text_of(rule->find("threat_language")), threat->text, false});
    }
  }
  return queries;
}

TEST(QueryCorpus, EveryQueryOfThePublicRulesIsRead) {
  const char* root = std::getenv("TRAILHOUND_ELASTIC_RULES");
  if (root == nullptr) GTEST_SKIP() << "TRAILHOUND_ELASTIC_RULES is not set";
  const event::Catalog catalog;
  const lang::EcsFields fields(catalog);
  std::size_t read = 0, aws = 0, refused = 0;
  for (const RuleQuery& query : read_queries(root)) {
    if (query.language != "kuery" && query.language != "lucene") continue;
    Diagnostics diagnostics;
    const lang::Origin origin;
    lang::Reporter reporter(query.text, origin, diagnostics);
    const auto filter = query.language == "kuery" ? kuery::lower(query.text, fields, {}, reporter)
                                                  : lucene::lower(query.text, fields, {}, reporter);
    ++read;
    for (const Diagnostic& finding : diagnostics.all()) {
      const bool is_about_text =
          finding.code == lang::query_codes::kSyntax || finding.code == lang::query_codes::kTooComplex;
      EXPECT_FALSE(is_about_text) << query.path << ": " << to_text(finding) << "\n" << query.text;
    }
    if (query.aws) {
      ++aws;
      EXPECT_TRUE(diagnostics.all().empty())
          << query.path << ": " << findings_text(diagnostics, Diagnostic::Severity::warning)
          << findings_text(diagnostics, Diagnostic::Severity::error) << "\n"
          << query.text;
    }
    EXPECT_EQ(filter.has_value(), !diagnostics.has_errors()) << query.path;
    if (filter) {
      EXPECT_TRUE(plan::never_null(*filter)) << query.path << "\n" << plan::print(*filter);
    }
    if (!filter) {
      ++refused;
      std::cout << query.path << ": " << findings_text(diagnostics, Diagnostic::Severity::error) << "\n";
    }
  }
  EXPECT_GT(read, 700u);
  EXPECT_GT(aws, 100u);
  std::cout << read << " queries, " << aws << " of AWS, " << refused << " refused\n";
}

}  // namespace
}  // namespace trailhound::language_test
