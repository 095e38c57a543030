#include "lang/esql/parser.h"

#include <gtest/gtest.h>

#include "esql_testing.h"

namespace trailhound::esql {
namespace {

struct Parsed {
  std::string tree;
  std::string findings;
};

Parsed parse_text(const std::string& text) {
  Compiled out;
  const Origin origin;
  Reporter reporter(text, origin, out.diagnostics);
  out.query = parse(text, reporter);
  return {out.tree(), out.findings()};
}

struct Case {
  const char* name;
  const char* text;
  const char* expected;
};

class EsqlCondition : public testing::TestWithParam<Case> {};
TEST_P(EsqlCondition, Tree) {
  const Parsed parsed = parse_text(std::string("FROM x | WHERE ") + GetParam().text);
  EXPECT_EQ(parsed.findings, "");
  EXPECT_EQ(parsed.tree, std::string("FROM x | WHERE ") + GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlCondition,
    testing::Values(
        Case{"NotBindsLooserThanComparison", "NOT a == b", "(not (== a b))"},
        Case{"NotBindsTighterThanAnd", "NOT a AND b", "(and (not a) b)"},
        Case{"AndBindsTighterThanOr", "a OR b AND c", "(or a (and b c))"},
        Case{"OrIsOneList", "a OR b OR c OR d", "(or a b c d)"},
        Case{"KeywordsInAnyCase", "a aNd NoT b", "(and a (not b))"},
        Case{"Arithmetic", "1 + 2 * 3 - 4 > 0", "(> (- (+ 1 (* 2 3)) 4) 0)"},
        Case{"LeftAssociative", "1 - 2 - 3 == 0", "(== (- (- 1 2) 3) 0)"},
        Case{"CastBindsTightest", "-x::string == a", "(== (neg (:: x string)) a)"},
        Case{"SignBelongsToTheNumber", "-1::boolean", "(:: -1 boolean)"},
        Case{"SignedInt32", "x == -2147483648", "(== x -2147483648)"},
        Case{"SignedLong", "x == -9223372036854775808", "(== x -9223372036854775808)"},
        Case{"UnsignedLong", "x == 18446744073709551615", "(== x 18446744073709551615)"},
        Case{"MinusWithoutBlanks", "a -1 == 0", "(== (- a 1) 0)"},
        Case{"ComparisonAsOperandOfIsNull", "a == b IS NULL", "(null? (== a b))"},
        Case{"IsNotNull", "a IS NOT NULL", "(set? a)"},
        Case{"DoubleNegation", "NOT x NOT LIKE \"a*\"", "(not (not (like x (one \"a*\"))))"},
        Case{"LikeList", "x LIKE (\"a*\", \"b\")", "(like x (any \"a*\" \"b\"))"},
        Case{"Rlike", "x RLIKE \"\"\"a\\d\"\"\"", "(rlike x (one \"a\\d\"))"},
        Case{"In", "x NOT IN (\"a\", b, 1 + 2)", "(not (in x (list \"a\" b (+ 1 2))))"},
        Case{"TrueInCalls", "true in (starts_with(a, \"x\"), f())", "(in true (list (starts_with a \"x\") (f)))"},
        Case{"InSubquery", "x IN (FROM y | KEEP z)", "(in x (FROM y | KEEP z))"},
        Case{"ColumnCalledFrom", "x IN (from, y)", "(in x (list from y))"},
        Case{"MatchOperator", "a.b : \"x\"", "(match a.b \"x\")"},
        Case{"CountStarAndEmpty", "count(*) > COUNT()", "(> (count *) (count))"},
        Case{"FirstIsAFunctionName", "FIRST(a, b) == LAST(a, b)", "(== (first a b) (last a b))"},
        Case{"QuotedSegments", "`a`.`b c`.d == `and`", "(== a.b c.d and)"},
        Case{"TimeSpans", "t > NOW() - 1 week + 5m - 2 mo", "(> t (- (+ (- (now) 1 week) 5 minute) 2 month))"},
        Case{"Array", "a == [1, 2.5]", "(== a [1 2.5])"},
        Case{"Options", "match(a, \"x\", {\"operator\": \"AND\"})", "(match a \"x\" {operator})"},
        Case{"Parentheses", "(a OR b) AND (c)", "(and (or a b) c)"}, Case{"Parameter", "a == ?x", "(== a ?x)"}),
    [](const auto& test) { return test.param.name; });

class EsqlCommand : public testing::TestWithParam<Case> {};
TEST_P(EsqlCommand, Tree) {
  const Parsed parsed = parse_text(GetParam().text);
  EXPECT_EQ(parsed.findings, "");
  EXPECT_EQ(parsed.tree, GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlCommand,
    testing::Values(
        Case{"FromWithMetadata", "from logs-*, -b metadata _id, _index", "FROM logs-*, -b metadata _id, _index"},
        Case{"FromCluster", "FROM c:i::data", "FROM c:i::data"},
        Case{"FromSubquery", "FROM (FROM a | WHERE x), b", "FROM (FROM a | WHERE x), b"},
        Case{"FromQuoted", "FROM \"a b\"", "FROM a b"}, Case{"Row", "ROW a = 1, 100", "ROW [a] 1, [100] 100"},
        Case{"ShowInfo", "SHOW INFO", "SHOW INFO"},
        Case{"ImplicitNameIsTheSourceText", "FROM x | EVAL a   *   3", "FROM x | EVAL [a   *   3] (* a 3)"},
        Case{"ImplicitNameKeepsParentheses", "FROM x | EVAL (a + 1)", "FROM x | EVAL [(a + 1)] (+ a 1)"},
        Case{"AColumnInParenthesesIsAnother", "FROM x | EVAL (a), b", "FROM x | EVAL [(a)] a, [b] b"},
        Case{"AKeyInParenthesesIsNot", "FROM x | STATS BY (a)", "FROM x | STATS by [a] a"},
        Case{"AggregateNameLeavesOutWhere", "FROM x | STATS COUNT( * ) WHERE a BY b",
             "FROM x | STATS [COUNT( * )] (count *) where a by [b] b"},
        Case{"StatsByOnly", "FROM x | STATS BY k = f(a)", "FROM x | STATS by [k] (f a)"},
        Case{"InlineStats", "FROM x | INLINE STATS n = COUNT(*) BY a | INLINESTATS m = MAX(b)",
             "FROM x | INLINE STATS [n] (count *) by [a] a | INLINE STATS [m] (max b)"},
        Case{"KeepTakesReservedWords", "FROM x | KEEP by, first.last*, *", "FROM x | KEEP by, first.last*, *"},
        Case{"RenameBothForms", "FROM x | RENAME a AS b, c = d.e", "FROM x | RENAME a as b, d.e as c"},
        Case{"Sort", "FROM x | SORT a DESC NULLS LAST, b + 1", "FROM x | SORT a desc nulls last, (+ b 1) asc"},
        Case{"Limit", "FROM x | LIMIT 10 BY a", "FROM x | LIMIT 10 (by a)"},
        Case{"Dissect", "FROM x | DISSECT a \"%{b}\" APPEND_SEPARATOR=\"-\"", "FROM x | DISSECT a \"%{b}\""},
        Case{"Grok", "FROM x | GROK a \"%{B:c}\", \"d\"", "FROM x | GROK a \"%{B:c}\" \"d\""},
        Case{"MvExpand", "FROM x | MV_EXPAND a.b", "FROM x | MV_EXPAND a.b"},
        Case{"Enrich", "FROM x | ENRICH _any:my-policy ON a WITH n = b, c", "FROM x | ENRICH _any:my-policy"},
        Case{"LookupJoin", "FROM x | LOOKUP JOIN assets-1 ON a, b == c",
             "FROM x | LOOKUP JOIN assets-1 (on a (== b c))"},
        Case{"Fork", "FROM x | FORK (WHERE a | LIMIT 1) (KEEP b) | FUSE rrf WITH {\"k\": 1}",
             "FROM x | FORK (WHERE a | LIMIT 1) (KEEP b) | FUSE"},
        Case{"Completion", "FROM x | COMPLETION c = CONCAT(a, b) WITH {\"inference_id\": \"y\"}",
             "FROM x | COMPLETION c (concat a b)"},
        Case{"Opaque", "FROM x | SAMPLE 0.1 | DEDUP | CHANGE_POINT a ON b AS c, d | TS_INFO | URI_PARTS p = a",
             "FROM x | SAMPLE | DEDUP | CHANGE_POINT | TS_INFO | URI_PARTS"},
        Case{"Settings", "SET time_zone = \"UTC\"; FROM x", "FROM x"},
        Case{"CommentsAnywhere", "FROM a // x\n, /* y */ b\n| // z\n KEEP /* *, */ c", "FROM a, b | KEEP c"}),
    [](const auto& test) { return test.param.name; });

class EsqlSyntaxError : public testing::TestWithParam<Case> {};
TEST_P(EsqlSyntaxError, HasItsPlace) { EXPECT_EQ(parse_text(GetParam().text).findings, GetParam().expected); }
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlSyntaxError,
    testing::Values(Case{"Empty", "", "TH3002@1:1"}, Case{"TrailingPipe", "FROM x |", "TH3002@1:9"},
                    Case{"EmptyCommand", "FROM x | | KEEP a", "TH3002@1:10"},
                    Case{"UnknownCommand", "FROM x | WERE a", "TH3002@1:10"}, Case{"NoSource", "WHERE a", "TH3002@1:1"},
                    Case{"AssignmentInCondition", "FROM x | WHERE a = 1", "TH3002@1:18"},
                    Case{"ChainedComparison", "FROM x | WHERE a < b < c", "TH3002@1:22"},
                    Case{"InsensitiveEqual", "FROM x | WHERE a =~ \"x\"", "TH3002@1:18"},
                    Case{"SingleQuotes", "FROM x | WHERE a == 'x'", "TH3001@1:21 TH3001@1:23"},
                    Case{"UnknownEscape", "FROM x | WHERE a == \"\\d\"", "TH3001@1:21"},
                    Case{"ReservedAsName", "FROM x | WHERE by == 1", "TH3002@1:16"},
                    Case{"UnknownUnit", "FROM x | WHERE t > NOW() - 5 fortnights", "TH3002@1:30"},
                    Case{"NullInArray", "FROM x | WHERE a == [1, null]", "TH3002@1:25"},
                    Case{"MixedArray", "FROM x | WHERE a == [1, \"a\"]", "TH3002@1:21"},
                    Case{"EmptyArray", "FROM x | WHERE a == []", "TH3002@1:22"},
                    Case{"TwoErrorsInTwoCommands", "FROM x\n| WHERE a ==\n| EVAL b =\n| KEEP c",
                         "TH3002@3:1 TH3002@4:1"},
                    Case{"StarInEval", "FROM x | EVAL a* = 1", "TH3002@1:18"},
                    Case{"Unclosed", "FROM x | WHERE (a", "TH3002@1:18"},
                    Case{"StatsNeedsAPart", "FROM x | STATS", "TH3002@1:15"},
                    Case{"PipeInNestedQuery", "FROM x | WHERE a IN (FROM y | ) | KEEP a", "TH3002@1:31"}),
    [](const auto& test) { return test.param.name; });

// Generated filters reach hundreds of branches: an OR list is one node however long.
TEST(EsqlParser, LongListsDoNotNest) {
  std::string text = "FROM x | WHERE a == \"0\"";
  for (int i = 1; i < 10000; ++i) text += " OR a == \"" + std::to_string(i) + "\"";
  Compiled out;
  const Origin origin;
  Reporter reporter(text, origin, out.diagnostics);
  out.query = parse(text, reporter);
  ASSERT_EQ(out.findings(), "");
  const auto& where = std::get<Where>(out.query.pipeline.commands[1].node);
  EXPECT_EQ(std::get<LogicalOr>(where.condition->node).operands.size(), 10000u);
  EXPECT_LE(where.condition->depth, 4);
}

// Depth is bounded whatever nests: hostile text must not overflow the stack.
TEST(EsqlParser, DepthIsBounded) {
  const auto repeat = [](const std::string& part, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += part;
    return out;
  };
  const std::string head = "FROM x | WHERE ";
  for (const std::string& text :
       {head + repeat("(", 100000), head + repeat("NOT ", 100000) + "a", head + repeat("- ", 100000) + "a",
        head + "a" + repeat("::string", 100000), head + "1" + repeat(" + 1", 100000) + " == 2",
        head + repeat("f(", 100000), head + repeat("a IN (FROM x | WHERE ", 100000), "FROM " + repeat("(FROM ", 100000),
        "FROM x" + repeat(" | FORK (WHERE a", 100000), "FROM x | COMPLETION a WITH " + repeat("{\"a\":", 100000)}) {
    EXPECT_NE(parse_text(text).findings.find("TH300"), std::string::npos) << text.substr(0, 60);
  }
  EXPECT_EQ(parse_text(head + repeat("(", 100) + "a" + repeat(")", 100)).findings, "") << "sane depth is fine";
}

TEST(EsqlParser, LongQueriesAreRefused) {
  EXPECT_EQ(parse_text(std::string(kMaxText + 1, ' ')).findings, "TH3003@1:1");
}

}  // namespace
}  // namespace trailhound::esql
