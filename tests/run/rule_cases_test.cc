#include "run/rule_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "parameter_name.h"

namespace trailhound::run {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RuleCaseFile parse_good(std::string_view text) {
  Diagnostics diagnostics;
  auto file = parse_rule_cases(text, "a.cases", diagnostics);
  for (const Diagnostic& d : diagnostics.all()) ADD_FAILURE() << to_text(d);
  return file ? *file : RuleCaseFile{};
}

/// The fields of every record of a case, by one key.
std::vector<std::string> values_of(const RuleCase& c, std::string_view key) {
  std::vector<std::string> values;
  std::string_view rest = c.records;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    json::Document document;
    const auto root = document.parse(rest.substr(0, end));
    EXPECT_TRUE(root.has_value()) << rest.substr(0, end);
    std::string text;
    if (root && root->find(key)) root->find(key).append_json(text);
    values.push_back(text);
    rest.remove_prefix(end + 1);
  }
  return values;
}

TEST(RuleCases, ReadsAFile) {
  const RuleCaseFile file = parse_good(R"(# a comment
rule some-rule
start 2026-01-01T00:00:00Z

case the first one
  +0 ListBuckets
  expect high first=+0 last=+1h30m events=12 group=user/u
case it's "quoted"
  +0 ListBuckets
  exclude @a:"b c"
  expect none
)");
  EXPECT_EQ(file.path, "a.cases");
  EXPECT_EQ(file.rule_id, "some-rule");
  ASSERT_EQ(file.cases.size(), 2u);
  EXPECT_EQ(file.cases[0].name, "the first one");
  EXPECT_EQ(file.cases[0].line, 5);
  EXPECT_FALSE(file.cases[0].expects_none);
  ASSERT_EQ(file.cases[0].expected.size(), 1u);
  const ExpectedSignal& expected = file.cases[0].expected[0];
  EXPECT_EQ(expected.line, 7);
  EXPECT_EQ(expected.severity, plan::Severity::high);
  EXPECT_EQ(expected.first_seen, parse_rfc3339("2026-01-01T00:00:00Z"));
  EXPECT_EQ(expected.last_seen, parse_rfc3339("2026-01-01T01:30:00Z"));
  EXPECT_EQ(expected.events, 12u);
  EXPECT_EQ(expected.group, "user/u");
  EXPECT_EQ(file.cases[1].name, "it's \"quoted\"");
  EXPECT_THAT(file.cases[1].exclusions, ElementsAre("@a:\"b c\""));
  EXPECT_TRUE(file.cases[1].expects_none);
}

TEST(RuleCases, TimesCountFromStart) {
  const RuleCaseFile file = parse_good(R"(start 2026-01-02T00:00:00Z
case times
  +90     A
  -1d     A
  +1h30m  A
  +2m5s   A
  expect none
)");
  EXPECT_THAT(values_of(file.cases[0], "eventTime"),
              ElementsAre("\"2026-01-02T00:01:30Z\"", "\"2026-01-01T00:00:00Z\"", "\"2026-01-02T01:30:00Z\"",
                          "\"2026-01-02T00:02:05Z\""));
}

TEST(RuleCases, RepetitionsCountTimeAndNumbers) {
  const RuleCaseFile file = parse_good(R"(start 2026-01-01T00:00:00Z
case repetitions
  +10 Describe# x3 every 2m region=eu-# agent=a\#1
  expect none
)");
  const RuleCase& c = file.cases[0];
  EXPECT_THAT(values_of(c, "eventTime"),
              ElementsAre("\"2026-01-01T00:00:10Z\"", "\"2026-01-01T00:02:10Z\"", "\"2026-01-01T00:04:10Z\""));
  EXPECT_THAT(values_of(c, "eventName"), ElementsAre("\"Describe1\"", "\"Describe2\"", "\"Describe3\""));
  EXPECT_THAT(values_of(c, "awsRegion"), ElementsAre("\"eu-1\"", "\"eu-2\"", "\"eu-3\""));
  EXPECT_THAT(values_of(c, "userAgent"), ElementsAre("\"a#1\"", "\"a#1\"", "\"a#1\""));
}

TEST(RuleCases, EveryRecordOfACaseHasItsOwnEventId) {
  const RuleCaseFile file = parse_good("case ids\n  +0 A x3\n  +0 A\n  expect none\n");
  auto ids = values_of(file.cases[0], "eventID");
  ASSERT_EQ(ids.size(), 4u);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

TEST(RuleCases, DefaultsHoldForTheFileOrForTheirCase) {
  const RuleCaseFile file = parse_good(R"(default region=r1 error=E
case one
  default region=r2
  +0 A
  +0 A region=r3 error=none
  expect none
case two
  +0 A
  expect none
)");
  EXPECT_THAT(values_of(file.cases[0], "awsRegion"), ElementsAre("\"r2\"", "\"r3\""));
  EXPECT_THAT(values_of(file.cases[0], "errorCode"), ElementsAre("\"E\"", ""));
  EXPECT_THAT(values_of(file.cases[1], "awsRegion"), ElementsAre("\"r1\""));
}

TEST(RuleCases, AValueReplacesTheDefaultsBelowItsPath) {
  const RuleCaseFile file = parse_good(R"(default tlsDetails.tlsVersion=TLSv1.3 requestParameters.a=1
case one
  +0 A
  +0 A tlsDetails=none requestParameters:='{"b":2}'
  expect none
)");
  EXPECT_THAT(values_of(file.cases[0], "tlsDetails"), ElementsAre(R"({"tlsVersion":"TLSv1.3"})", ""));
  EXPECT_THAT(values_of(file.cases[0], "requestParameters"), ElementsAre(R"({"a":"1"})", R"({"b":2})"));
}

TEST(RuleCases, QuotesKeepBlanksAndSingleQuotesKeepEverything) {
  const RuleCaseFile file = parse_good(R"(case quotes
  +0 A agent="a \"b\" it's" requestParameters:='{"a": ["x y", null, 1.5]}' readOnly:=true
  expect none
)");
  EXPECT_THAT(values_of(file.cases[0], "userAgent"), ElementsAre(R"("a \"b\" it's")"));
  EXPECT_THAT(values_of(file.cases[0], "requestParameters"), ElementsAre(R"({"a":["x y",null,1.5]})"));
  EXPECT_THAT(values_of(file.cases[0], "readOnly"), ElementsAre("true"));
}

TEST(RuleCases, WindowsLineEndsAndAMissingLastOneAreFine) {
  const RuleCaseFile file = parse_good("case a b\r\n  +0 A region=r\r\n  expect none");
  EXPECT_EQ(file.cases[0].name, "a b");
  EXPECT_THAT(values_of(file.cases[0], "awsRegion"), ElementsAre("\"r\""));
}

struct BadFile {
  std::string text;
  std::string message;  ///< part of the one finding
  int line;
};

class BadRuleCases : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadRuleCases, IsOneFindingAtItsLine) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_rule_cases(GetParam().text, "a.cases", diagnostics).has_value());
  ASSERT_EQ(diagnostics.errors(), 1u);
  const Diagnostic& found = diagnostics.all().front();
  EXPECT_EQ(found.code, "TH1301");
  EXPECT_EQ(found.place.file, "a.cases");
  EXPECT_EQ(found.place.at.line, GetParam().line);
  EXPECT_THAT(found.message, HasSubstr(GetParam().message));
}

std::string within_case(const std::string& line) { return "case c\n  expect none\n  " + line + "\n"; }

INSTANTIATE_TEST_SUITE_P(
    Lines, BadRuleCases,
    ::testing::Values(
        BadFile{"", "no case", 0}, BadFile{"# only a comment\n", "no case", 1},
        BadFile{"wait 5\ncase c\n expect none\n", "\"wait\" starts no line", 1},
        BadFile{"rule\ncase c\n expect none\n", "rule takes one id", 1},
        BadFile{"start yesterday\ncase c\n expect none\n", "start takes a time", 1},
        BadFile{"start 2026-01-01T00:00:00\ncase c\n expect none\n", "start takes a time", 1},
        BadFile{"default region\ncase c\n expect none\n", "\"region\" is no key=value", 1},
        BadFile{"+0 A\ncase c\n expect none\n", "belongs into a case", 1},
        BadFile{"exclude @a:b\ncase c\n expect none\n", "belongs into a case", 1},
        BadFile{"expect none\ncase c\n expect none\n", "belongs into a case", 1},
        BadFile{"case\n expect none\n", "needs a name", 1}, BadFile{"case c\n +0 A\n", "expects nothing", 1},
        BadFile{"case c\n expect none\n expect low\n", "expects both", 1}, BadFile{within_case("+ A"), "is no time", 3},
        BadFile{within_case("+1w A"), "is no time", 3}, BadFile{within_case("+99999999999999 A"), "is no time", 3},
        BadFile{within_case("+0"), "needs a name", 3}, BadFile{within_case("+0 A x3 every long"), "is no span", 3},
        BadFile{within_case("+0 A x100001"), "too many", 3}, BadFile{within_case("+0 A region"), "is no key=value", 3},
        BadFile{within_case("+0 A =x"), "is no key=value", 3},
        BadFile{within_case("+0 A agent=\"open"), "quote is not closed", 3},
        BadFile{within_case("+0 A readOnly:=yes"), "is no JSON value", 3},
        BadFile{within_case("+0 A user:=1"), "takes a text", 3}, BadFile{within_case("exclude"), "takes a query", 3},
        BadFile{"case c\n expect\n expect low\n", "none or a severity", 2},
        BadFile{"case c\n expect grave\n expect low\n", "none or a severity", 2},
        BadFile{"case c\n expect low events=few\n expect low\n", "nothing that can be expected", 2},
        BadFile{"case c\n expect low first=soon\n expect low\n", "nothing that can be expected", 2},
        BadFile{"case c\n expect low colour=red\n expect low\n", "nothing that can be expected", 2}),
    [](const auto& test) { return parameter_name(test.index, test.param.message); });

TEST(RuleCases, AllErrorsOfAFileAreReported) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_rule_cases("wait\nrule\ncase c\n  +x A\n  expect none\n", "a.cases", diagnostics).has_value());
  std::vector<int> lines;
  for (const Diagnostic& d : diagnostics.all()) lines.push_back(d.place.at.line);
  EXPECT_THAT(lines, ElementsAre(1, 2, 4));
}

TEST(RuleCases, NoTextMakesItFail) {
  // Every prefix of a file is either good or has findings; none crashes.
  const std::string text =
      "rule r\ndefault agent=\"a b\"\ncase c\n  +1h A x2 every 3 a:='{\"b\": 1}'\n  expect low first=+1\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    Diagnostics diagnostics;
    const auto file = parse_rule_cases(std::string_view(text).substr(0, size), "a.cases", diagnostics);
    EXPECT_NE(file.has_value(), diagnostics.has_errors()) << size;
  }
}

}  // namespace
}  // namespace trailhound::run
