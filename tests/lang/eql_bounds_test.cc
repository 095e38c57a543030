// What a hostile query may not do: be too long, too deep, too wide.

#include <gtest/gtest.h>

#include <string>

#include "event/catalog.h"
#include "lang/eql/eql.h"
#include "lang/eql/syntax.h"

namespace trailhound::eql {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

/// The first finding, "TH3703"; "" if the query lowers.
std::string finding(const std::string& query) {
  static const event::Catalog catalog;
  static const lang::EcsFields fields(catalog);
  Diagnostics diagnostics;
  const lang::Origin origin;
  lang::Reporter reporter(query, origin, diagnostics);
  const auto lowered = lower(query, fields, {}, reporter);
  EXPECT_EQ(lowered.has_value(), diagnostics.errors() == 0) << query.substr(0, 100);
  return diagnostics.all().empty() ? "" : diagnostics.all().front().code;
}

TEST(EqlBounds, LengthIsBounded) {
  const std::string comment = "/*" + std::string(kMaxLength, ' ') + "*/";
  EXPECT_EQ(finding("any where true " + comment), "TH3703");
  EXPECT_EQ(finding("any where true /*" + std::string(kMaxLength - 100, ' ') + "*/"), "");
}

TEST(EqlBounds, DepthIsBoundedInEveryConstruct) {
  const auto nested = [](const std::string& open, const std::string& inside, const std::string& close, int times) {
    return "any where " + repeated(open, times) + inside + repeated(close, times);
  };
  EXPECT_EQ(finding(nested("(", "true", ")", 100)), "");
  EXPECT_EQ(finding(nested("(", "true", ")", 100'000)), "TH3703");
  EXPECT_EQ(finding(nested("not ", "true", "", 100)), "");
  EXPECT_EQ(finding(nested("not ", "true", "", 50'000)), "TH3703");
  EXPECT_EQ(finding(nested("- ", "1 == 1", "", 50'000)), "TH3703");
  EXPECT_EQ(finding("any where " + repeated("1 + ", 50'000) + "1 == 1"), "TH3703");
  EXPECT_EQ(finding(nested("string(", "user.name", ")", 10'000) + " == \"a\""), "TH3703");
  EXPECT_EQ(finding(nested("string(", "user.name", ")", 100) + " == \"a\""), "");
}

TEST(EqlBounds, LongChainsAreNotDeep) {
  EXPECT_EQ(finding("any where true" + repeated(" and user.name != \"a\"", 5'000)), "");
  EXPECT_EQ(finding("any where user.name in (\"a\"" + repeated(", \"b\"", 20'000) + ")"), "");
}

TEST(EqlBounds, TermsOfASequenceAreBounded) {
  const std::string term = "[any where true]";
  EXPECT_EQ(finding("sequence " + repeated(term, static_cast<int>(kMaxTerms))), "");
  EXPECT_EQ(finding("sequence " + repeated(term, static_cast<int>(kMaxTerms) + 1)), "TH3703");
  EXPECT_EQ(finding("sample by user.name " + repeated(term, static_cast<int>(kMaxTerms) + 1)), "TH3703");
}

TEST(EqlBounds, FieldsOfOneScriptAreBounded) {
  EXPECT_EQ(finding("any where concat(user.name" + repeated(", user.name", 15) + ") == \"a\""), "");
  EXPECT_EQ(finding("any where concat(user.name" + repeated(", user.name", 16) + ") == \"a\""), "TH3703");
  EXPECT_EQ(finding("any where concat(user.name" + repeated(", user.name", 4) + ") == null"), "");
  EXPECT_EQ(finding("any where concat(user.name" + repeated(", user.name", 5) + ") == null"), "TH3703");
}

TEST(EqlBounds, HugeExpressionsAreRefusedNotBuilt) {
  EXPECT_EQ(finding("any where user.name regex \"(a{1,1000}){1,1000}\""), "TH3717");
}

}  // namespace
}  // namespace trailhound::eql
