/// The EQL rules of a copy of the public rule repository (TRAILHOUND_ELASTIC_RULES): every one parses, and those that
/// read CloudTrail lower.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "event/catalog.h"
#include "lang/eql/eql.h"
#include "lang/eql/parser.h"
#include "rule/document.h"

namespace trailhound {
namespace {

namespace fs = std::filesystem;

std::string text_of(const rule::Node& rule, std::string_view key) {
  const rule::Node* node = rule.find(key);
  return node == nullptr ? "" : node->text;
}

bool reads_cloudtrail(const fs::path& path, const rule::Node& rule) {
  if (path.string().find("integrations/aws/") != std::string::npos) return true;
  const rule::Node* index = rule.find("index");
  if (index == nullptr) return false;
  for (const rule::Node& pattern : index->items) {
    if (pattern.text.starts_with("logs-aws.cloudtrail")) return true;
  }
  return false;
}

std::string findings(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& finding : diagnostics.all()) text += to_text(finding) + "\n";
  return text;
}

TEST(EqlRealRules, AllParseAndThoseOfCloudTrailLower) {
  const char* folder = std::getenv("TRAILHOUND_ELASTIC_RULES");
  if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_ELASTIC_RULES is not set";
  const event::Catalog catalog;
  const lang::EcsFields fields(catalog);
  std::size_t parsed = 0;
  std::size_t lowered = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    Diagnostics diagnostics;
    const auto documents = rule::read_documents(content.str(), entry.path().string(), diagnostics);
    const rule::Node* rule = documents.empty() ? nullptr : documents.front().find("rule");
    if (rule == nullptr || text_of(*rule, "language") != "eql") continue;

    const std::string query = text_of(*rule, "query");
    const lang::Origin origin{.file = entry.path().filename(), .rule = "", .file_text = {}, .to_file = {}};
    lang::Reporter reporter(query, origin, diagnostics);
    EXPECT_TRUE(eql::parse(query, reporter)) << findings(diagnostics);
    ++parsed;
    eql::Options options;
    if (const std::string category = text_of(*rule, "event_category_override"); !category.empty()) {
      options.event_category_field = category;
    }
    const auto plan = eql::lower(query, fields, options, reporter);  // of the others: no crash, and an error or a plan
    if (!reads_cloudtrail(entry.path(), *rule)) continue;
    EXPECT_TRUE(plan) << findings(diagnostics);
    ++lowered;
  }
  EXPECT_GT(parsed, 1000u);
  EXPECT_GT(lowered, 20u);
}

}  // namespace
}  // namespace trailhound
