#include "lang/datadog/condition.h"
#include "parameter_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trailhound::lang::datadog {
namespace {

const std::vector<std::string> kNames = {"lists", "reads", "c"};

struct Parsed {
  std::optional<plan::Condition> condition;
  Diagnostics diagnostics;
};

Parsed parse(std::string_view text, bool decimals = false) {
  Parsed out;
  out.condition = parse_condition(text, kNames, {.decimals = decimals}, {}, out.diagnostics);
  return out;
}

std::string printed(std::string_view text, bool decimals = false) {
  const Parsed parsed = parse(text, decimals);
  if (!parsed.condition) return parsed.diagnostics.all().front().message;
  return plan::print(*parsed.condition, kNames);
}

TEST(DatadogCondition, ReadsTheFormsOfShippedRules) {
  EXPECT_EQ(printed("lists > 3 && reads > 0"), "lists > 3 && reads > 0");
  EXPECT_EQ(printed("lists>0"), "lists > 0");
  EXPECT_EQ(printed("lists > 10 || reads > 10"), "lists > 10 || reads > 10");
  EXPECT_TRUE(parse("lists > 0.995", true).condition);
}

TEST(DatadogCondition, BothOrdersOfOperandsAreOne) {
  EXPECT_EQ(printed("3 < lists"), printed("lists > 3"));
  EXPECT_EQ(printed("3 <= lists"), printed("lists >= 3"));
  EXPECT_EQ(printed("3 > lists && reads > 0"), printed("lists < 3 && reads > 0"));
}

TEST(DatadogCondition, QueriesAreComparedAndMultiplied) {
  const Parsed parsed = parse("2*lists >= reads");
  ASSERT_TRUE(parsed.condition);
  const auto& compare = std::get<plan::ConditionCompare>((*parsed.condition)->node);
  EXPECT_EQ(compare.left, (plan::LinearTerm{0, 2}));
  EXPECT_EQ(compare.op, plan::ComparisonOp::greater_equal);
  EXPECT_EQ(compare.right, (plan::LinearTerm{1, 1}));
  EXPECT_TRUE(plan::equal(*parse("lists * 2 >= reads").condition, *parsed.condition));
}

TEST(DatadogCondition, AndBindsTighterThanOr) {
  EXPECT_TRUE(plan::equal(*parse("lists > 0 || reads > 0 && c > 0").condition,
                          *parse("lists > 0 || (reads > 0 && c > 0)").condition));
  EXPECT_FALSE(plan::equal(*parse("lists > 0 || reads > 0 && c > 0").condition,
                           *parse("(lists > 0 || reads > 0) && c > 0").condition));
}

TEST(DatadogCondition, ThenJoinsTwoWholeConditions) {
  for (const char* text : {"lists > 3 && c > 1 THEN reads > 0", "lists > 3 && c > 1 then reads > 0"}) {
    const Parsed parsed = parse(text);
    ASSERT_TRUE(parsed.condition) << text;
    const auto* then = std::get_if<plan::ConditionThen>(&(*parsed.condition)->node);
    ASSERT_NE(then, nullptr);
    EXPECT_TRUE(plan::equal(then->first, *parse("lists > 3 && c > 1").condition));
    EXPECT_TRUE(plan::equal(then->then, *parse("reads > 0").condition));
  }
}

struct Refusal {
  const char* text;
  const char* code;
  int column;
  const char* message;
};
class DatadogConditionRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(DatadogConditionRefusal, SaysWhatAndWhere) {
  Diagnostics diagnostics;
  const TextContext context{.place = {}, .file_text = {}, .in_file = [](LineColumn inside) { return inside; }};
  EXPECT_FALSE(parse_condition(GetParam().text, kNames, {}, context, diagnostics));
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all()[0].code, GetParam().code);
  EXPECT_EQ(diagnostics.all()[0].place.at.column, GetParam().column);
  EXPECT_THAT(diagnostics.all()[0].message, testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, DatadogConditionRefusal,
    testing::Values(
        Refusal{"", "TH2101", 1, "expected"}, Refusal{"lists", "TH2101", 6, "a comparison is expected"},
        Refusal{"lists >", "TH2101", 8, "expected"}, Refusal{"list > 3", "TH2102", 1, "'list'"},
        Refusal{"lists == 3", "TH2103", 7, "'='"}, Refusal{"lists != 3", "TH2103", 7, "'!='"},
        Refusal{"!(lists > 3)", "TH2103", 1, "'!'"}, Refusal{"lists + reads > 3", "TH2103", 7, "'+'"},
        Refusal{"lists > -3", "TH2103", 9, "negative"}, Refusal{"lists > 0.5", "TH2104", 9, "whole numbers"},
        Refusal{"lists & reads > 0", "TH2103", 7, "'&'"}, Refusal{"3 > 2", "TH2101", 1, "must name a query"},
        Refusal{"lists * reads > 2", "TH2103", 9, "multiplies"}, Refusal{"(lists > 3", "TH2101", 1, "never closed"},
        Refusal{"lists > 3)", "TH2101", 10, "closes"}, Refusal{"(lists > 3 THEN reads > 0)", "TH2105", 12, "THEN"},
        Refusal{"lists > 3 THEN reads > 0 THEN c > 0", "TH2105", 26, "one THEN"},
        Refusal{"lists > 3 reads > 0", "TH2101", 11, "unexpected"}),
    [](const auto& test) { return parameter_name(test.index, test.param.text); });

TEST(DatadogCondition, ANameNearlyRightIsSuggested) {
  EXPECT_EQ(parse("list > 3").diagnostics.all()[0].hint, "did you mean lists?");
}

TEST(DatadogCondition, AConditionThatHoldsOfNothingIsWarnedOf) {
  EXPECT_EQ(parse("lists < 1").diagnostics.all().size(), 1u);
  EXPECT_EQ(parse("lists < 1").diagnostics.all()[0].code, "TH2106");
  EXPECT_TRUE(parse("lists < 1 && reads > 0").diagnostics.all().empty());
  EXPECT_TRUE(parse("lists > 0 || reads >= 1").diagnostics.all().empty());
}

TEST(DatadogCondition, DepthIsBounded) {
  EXPECT_FALSE(parse(std::string(5000, '(') + "lists > 0" + std::string(5000, ')')).condition);
  EXPECT_TRUE(parse(std::string(50, '(') + "lists > 0" + std::string(50, ')')).condition);
}

}  // namespace
}  // namespace trailhound::lang::datadog
