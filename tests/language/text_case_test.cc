#include "text_case.h"

#include <gtest/gtest.h>

namespace trailhound::language_test {
namespace {

TEST(TextCase, ReadsDirectivesWithIndentedLines) {
  const auto cases = parse_cases("# read me\n--- one\nquery: a\n  b\n\n   c\nexpect:\n  x\n--- two\nquery: d\n", "f");
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].name, "one");
  EXPECT_EQ(cases[0].line, 2);
  EXPECT_EQ(cases[0].value("query"), "a\nb\n c");
  EXPECT_EQ(cases[0].value("expect"), "x");
  EXPECT_EQ(cases[0].lines("query").size(), 3u);
  EXPECT_TRUE(cases[1].has("query"));
  EXPECT_FALSE(cases[1].has("expect"));
}

TEST(TextCase, MalformedFilesThrow) {
  EXPECT_THROW((void)parse_cases("query: x\n", "f"), std::runtime_error);
  EXPECT_THROW((void)parse_cases("--- a\nno directive\n", "f"), std::runtime_error);
  EXPECT_THROW((void)parse_cases("--- a\nx: 1\n--- a\nx: 1\n", "f"), std::runtime_error);
}

}  // namespace
}  // namespace trailhound::language_test
