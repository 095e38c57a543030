// What the search parser makes of a query: its shape, and its findings with their places. What a query means is tested
// with the evaluator, in tests/engine/datadog_search_test.cc.

#include "lang/datadog/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "lang/datadog/text_columns.h"
#include "lang/datadog_testing.h"
#include "parameter_name.h"

namespace trailhound::lang::datadog {
namespace {

using plan::Expr;

struct Parsed {
  std::optional<Expr> expression;
  Diagnostics diagnostics;

  const Diagnostic& only() const {
    EXPECT_EQ(diagnostics.all().size(), 1u);
    static const Diagnostic kNone;
    return diagnostics.all().empty() ? kNone : diagnostics.all().front();
  }
};

Parsed parse(std::string_view text) {
  Parsed out;
  const TextContext context{
      .place = {.file = "r.yaml", .rule = "r", .key = "queries[0].query", .at = {}},
      .file_text = {},
      .in_file = [](LineColumn inside) { return LineColumn{inside.line + 10, inside.column + 100}; }};
  out.expression = parse_search(text, test::FakeColumns(), context, out.diagnostics);
  return out;
}

std::string printed(std::string_view text) {
  const Parsed parsed = parse(text);
  if (!parsed.expression) return parsed.diagnostics.all().front().message;
  return plan::print(*parsed.expression);
}

TEST(DatadogSearch, JuxtapositionIsAnd) {
  EXPECT_EQ(printed("@a:x @b:y"), printed("@a:x AND @b:y"));
  EXPECT_EQ(printed("  @a:x \n\t @b:y  "), printed("@a:x AND @b:y"));
}

TEST(DatadogSearch, NotBindsTighterThanAndThanOr) {
  EXPECT_EQ(printed("@a:x OR @b:y @c:z"), printed("@a:x OR (@b:y AND @c:z)"));
  EXPECT_EQ(printed("NOT @a:x OR @b:y"), printed("(-@a:x) OR @b:y"));
  EXPECT_NE(printed("@a:x OR @b:y @c:z"), printed("(@a:x OR @b:y) @c:z"));
}

TEST(DatadogSearch, MinusAndNotAreOne) {
  EXPECT_EQ(printed("-@a:x"), printed("NOT @a:x"));
  EXPECT_EQ(printed("-(@a:x OR @b:y)"), printed("NOT(@a:x OR @b:y)"));
  EXPECT_EQ(printed("NOT NOT @a:x"), printed("@a:x"));
}

TEST(DatadogSearch, BlanksInsideParenthesesDoNotCount) {
  EXPECT_EQ(printed("@a:( x  OR  y )"), printed("@a:(x OR y)"));
  EXPECT_EQ(printed("( @a:x )"), printed("@a:x"));
}

TEST(DatadogSearch, AlternativesBecomeOneSet) {
  const Parsed parsed = parse("@evt.name:(B OR A OR \"C D\" OR A)");
  ASSERT_TRUE(parsed.expression);
  const auto* exists = std::get_if<plan::Exists>(&(*parsed.expression)->node);
  ASSERT_NE(exists, nullptr);
  const auto* one_of = std::get_if<plan::OneOf>(&exists->body->node);
  ASSERT_NE(one_of, nullptr);
  EXPECT_EQ(one_of->domain, plan::Domain::text);
  EXPECT_EQ(one_of->values, (Values{std::string("A"), std::string("B"), std::string("C D")}));
}

TEST(DatadogSearch, TagsAreComparedWithoutCase) {
  const Parsed parsed = parse("source:CloudTrail");
  ASSERT_TRUE(parsed.expression);
  const auto& exists = std::get<plan::Exists>((*parsed.expression)->node);
  const auto& compare = std::get<plan::Compare>(exists.body->node);
  EXPECT_EQ(compare.domain, plan::Domain::folded);
}

TEST(DatadogSearch, ExistenceAsksForALeaf) {
  const Parsed parsed = parse("@a:*");
  ASSERT_TRUE(parsed.expression);
  EXPECT_EQ(std::get<plan::Present>((*parsed.expression)->node).need, plan::Present::Need::leaf);
}

TEST(DatadogSearch, EveryFilterIsTwoValued) {
  for (const char* query : {"@a:x", "-@a:x", "@a:*", "@a:[1 TO 5]", "@a:>5", "CIDR(@a, 10.0.0.0/8)", "word", "*:x", "*",
                            "source:cloudtrail @a:(x OR 5) -@b:y*"}) {
    const Parsed parsed = parse(query);
    ASSERT_TRUE(parsed.expression) << query;
    EXPECT_TRUE(plan::never_null(*parsed.expression)) << query;
  }
}

TEST(DatadogSearch, PrintedFiltersReadBack) {
  class Columns final : public plan::ColumnResolver {
   public:
    Result<event::ColumnRef> find(event::View view, std::string_view name) const override {
      if (event::ColumnRef text = text_column_named(name)) return text;
      return test::FakeColumns().find(view, name);
    }
  };
  for (const char* query : {"source:cloudtrail @evt.name:(A OR \"B \\\" C\") -@x-y/z:*", "@a:5 @b:[1 TO 5.5} @c:>=x",
                            "word \"two words\" *:x* w?rd", "CIDR(@a, 10.0.0.0/8, 2001:db8::/32)", "*", "-*",
                            "@a:(x* AND -y) OR NOT(@b:z OR @c:true)"}) {
    const Parsed parsed = parse(query);
    ASSERT_TRUE(parsed.expression) << query;
    const Result<Expr> again = plan::parse_expression(plan::print(*parsed.expression), Columns());
    ASSERT_TRUE(again) << query << ": " << again.error().text();
    EXPECT_TRUE(plan::equal(*again, *parsed.expression)) << query;
  }
}

TEST(DatadogSearch, AnErrorNamesItsPlaceInTheFile) {
  const Parsed parsed = parse("@a:x\n@b:");
  EXPECT_FALSE(parsed.expression);
  const Diagnostic& finding = parsed.only();
  EXPECT_EQ(finding.code, "TH2002");
  EXPECT_EQ(finding.place.at.line, 12);
  EXPECT_EQ(finding.place.at.column, 104);
  EXPECT_EQ(finding.place.file, "r.yaml");
  EXPECT_EQ(finding.place.key, "queries[0].query");
  EXPECT_THAT(finding.snippet, testing::HasSubstr("@b:"));
}

struct Refusal {
  const char* query;
  const char* code;
  int column;  // in the query
  const char* message;
};

class DatadogSearchRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(DatadogSearchRefusal, SaysWhatAndWhere) {
  const Refusal& wanted = GetParam();
  const Parsed parsed = parse(wanted.query);
  EXPECT_FALSE(parsed.expression);
  ASSERT_FALSE(parsed.diagnostics.all().empty());
  const Diagnostic& finding = parsed.diagnostics.all().front();
  EXPECT_EQ(finding.code, wanted.code);
  EXPECT_EQ(finding.place.at.column, wanted.column + 100);
  EXPECT_THAT(finding.message, testing::HasSubstr(wanted.message));
}

INSTANTIATE_TEST_SUITE_P(
    All, DatadogSearchRefusal,
    testing::Values(Refusal{"", "TH2001", 1, "empty"}, Refusal{"   ", "TH2001", 1, "empty"},
                    Refusal{"@a", "TH2002", 3, "':' and a value"}, Refusal{"@a: x", "TH2002", 4, "without a blank"},
                    Refusal{"(@a:x", "TH2005", 1, "never closed"}, Refusal{"@a:x)", "TH2005", 5, "closes nothing"},
                    Refusal{"@a:(x OR y", "TH2005", 4, "never closed"}, Refusal{"()", "TH2002", 1, "nothing between"},
                    Refusal{"@a:\"x", "TH2004", 4, "quote"}, Refusal{"@a:OR", "TH2002", 4, "OR has nothing to join"},
                    Refusal{"AND @a:x", "TH2002", 1, "AND has nothing to join"},
                    Refusal{"@a:x OR", "TH2002", 8, "a term is expected"},
                    Refusal{"@a:(x OR )", "TH2002", 10, "a value is expected"},
                    Refusal{"@a:x && @b:y", "TH2002", 6, "'&&' is no operator"},
                    Refusal{"!@a:x", "TH2002", 1, "'!' is no operator"}, Refusal{"- @a:x", "TH2002", 1, "must touch"},
                    Refusal{"@a:[1 TO", "TH2006", 4, "not complete"}, Refusal{"@a:[1 5]", "TH2006", 4, "not complete"},
                    Refusal{"@a:[1 to 5]", "TH2006", 4, "not complete"},
                    Refusal{"CIDR(@ip, 10.0.0.0/99)", "TH2007", 11, "no block"},
                    Refusal{"CIDR(@ip)", "TH2007", 1, "at least one block"},
                    Refusal{"CIDR(ip, 10.0.0.0/8)", "TH2007", 6, "attribute first"},
                    Refusal{"CIDR(@ip, 10.0.0.0/8", "TH2005", 1, "never closed"},
                    Refusal{"#total:>5", "TH2008", 1, "calculated fields"},
                    Refusal{"servce:x", "TH2003", 1, "no tag or reserved attribute"},
                    Refusal{"@a.*:x", "TH2003", 1, "wildcards in the name"},
                    Refusal{"@a:x\\", "TH2002", 5, "backslash"}, Refusal{"@a:x\"y\"", "TH2002", 5, "inside a word"},
                    Refusal{"@a:>", "TH2002", 5, "a number must follow"}),
    [](const auto& test) { return parameter_name(test.index, test.param.query); });

TEST(DatadogSearch, AllUnknownNamesAreReportedAtOnce) {
  const Parsed parsed = parse("foo:1 bar:(2 OR 3) CIDR(@ip, 10.0.0.0/8)");
  EXPECT_FALSE(parsed.expression);
  EXPECT_EQ(parsed.diagnostics.errors(), 2u);
}

TEST(DatadogSearch, LowerCaseOperatorsAreWarnedOf) {
  const Parsed parsed = parse("@a:x or @b:y");
  EXPECT_TRUE(parsed.expression);
  EXPECT_EQ(parsed.only().code, "TH2010");
  EXPECT_THAT(parsed.only().hint, testing::HasSubstr("OR"));
}

TEST(DatadogSearch, ABareColonInAValueIsWarnedOfAndLiteral) {
  const Parsed parsed = parse("@a:arn:aws:iam");
  ASSERT_TRUE(parsed.expression);
  EXPECT_EQ(parsed.only().code, "TH2011");
  EXPECT_EQ(plan::print(*parsed.expression), printed("@a:arn\\:aws\\:iam"));
}

TEST(DatadogSearch, DepthAndLengthAreBounded) {
  const std::string deep = std::string(100'000 / 2, '(') + "x";
  EXPECT_EQ(parse(deep).only().code, "TH2009");
  EXPECT_EQ(parse(std::string(kMaxQueryBytes + 1, 'x')).only().code, "TH2009");
  std::string nots;
  for (int i = 0; i < 10'000; ++i) nots += "NOT ";
  EXPECT_TRUE(parse(nots + "@a:x").expression);
}

// Any text gives an expression or an error, never both, never neither.
TEST(DatadogSearch, RandomTextsParseOrSayWhyNot) {
  const std::vector<std::string> parts = {"@a", ":", "(", ")",      "\"",   "*", "-", "NOT",   "OR", "AND",
                                          " ",  "x", "[", "]",      " TO ", "5", ">", "CIDR(", ",",  "10.0.0.0/8",
                                          "\\", "{", "}", "source", "<=",   "#", "?", "\n",    "é",  "=="};
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 12; i-- > 0;) text += parts[random() % parts.size()];
    const Parsed parsed = parse(text);
    ASSERT_EQ(parsed.expression.has_value(), !parsed.diagnostics.has_errors()) << text;
    if (parsed.expression) {
      ASSERT_NE(*parsed.expression, nullptr) << text;
    }
  }
}

}  // namespace
}  // namespace trailhound::lang::datadog
