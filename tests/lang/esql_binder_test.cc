#include "lang/esql/binder.h"

#include <gtest/gtest.h>

#include "esql_testing.h"

namespace trailhound::esql {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* expected;
};
std::string name_of_case(const testing::TestParamInfo<Case>& test) { return test.param.name; }

/// Queries over the columns x y z ..., given by ROW so that order and types are in the test itself.
class EsqlColumns : public testing::TestWithParam<Case> {};
TEST_P(EsqlColumns, Order) { EXPECT_EQ(compile(GetParam().text).names(), GetParam().expected); }
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlColumns,
    testing::Values(
        // KEEP: exact name over partial wildcard over *, among equals the rightmost.
        Case{"KeepOrdersByList", "ROW x = 1, y = 2, z = 3 | KEEP z, x", "z x"},
        Case{"KeepStarTakesTheRest", "ROW t = 1, src1 = 2, u = 3, src2 = 4 | KEEP src*, *", "src1 src2 t u"},
        Case{"KeepExactBeatsStar", "ROW x = 1, y = 2, z = 3 | KEEP *, x", "y z x"},
        Case{"KeepExactBeatsPartial", "ROW region = 1, reason = 2, user = 3 | KEEP region, re*, user",
             "region reason user"},
        Case{"KeepExactLater", "ROW region = 1, reason = 2, user = 3 | KEEP re*, user, region", "reason user region"},
        Case{"KeepPartialDoesNotMoveExact", "ROW role_arn = 1, owner = 2 | KEEP role_arn, owner, role_arn*",
             "role_arn owner"},
        Case{"KeepRightmostPartial", "ROW role_arn = 1, owner = 2 | KEEP role_arn*, owner, role_a*", "owner role_arn"},
        Case{"KeepRightmostExact", "ROW x = 1, y = 2 | KEEP y, x, y", "x y"},
        Case{"KeepStarCrossesDots", "ROW a.b = 1, a.b.c = 2, a = 3 | KEEP a.*", "a.b a.b.c"},
        Case{"KeepQuotedStarIsLiteral", "ROW `a*` = 1, ab = 2 | KEEP `a*`", "a*"},
        // DROP keeps the order of the rest.
        Case{"Drop", "ROW a1 = 1, b = 2, a2 = 3, c = 4 | DROP a*", "b c"},
        // EVAL removes and appends.
        Case{"EvalMovesToTheEnd", "ROW x = 1, y = 2, z = 3 | EVAL x = x + 1", "y z x"},
        Case{"EvalTwiceLastWins", "ROW x = 1 | EVAL a = 1, b = a, a = 2", "x b a"},
        Case{"EvalUnnamed", "ROW a = 1 | EVAL a   *   3", "a a   *   3"},
        // RENAME keeps the position; what had the name disappears.
        Case{"RenameChain", "ROW p = 10, q = 20 | RENAME p AS r, r AS s, q AS r", "s r"},
        Case{"RenameOnto", "ROW p = 10, q = 20 | RENAME p AS r, q AS r", "r"},
        Case{"RenameReplaces", "ROW p = 10, q = 20, z = 1 | RENAME p AS q", "q z"},
        Case{"RenameSwap", "ROW p = 1, q = 7 | RENAME p AS tmp, q AS p, tmp AS q", "q p"},
        Case{"RenameAssignmentForm", "ROW p = 1, q = 7 | RENAME r = p", "r q"},
        // STATS: aggregates, then keys; the last of a name wins, a key beats an aggregate.
        Case{"StatsOrder", "ROW k = 1, v = 2 | STATS m = MAX(v), COUNT( * ) BY k, w = v + 1", "m COUNT( * ) k w"},
        Case{"StatsKeyBeatsAggregate", "ROW k = 1 | STATS k = MAX(k), n = COUNT(*) BY k", "n k"},
        Case{"StatsLastAggregateWins", "ROW k = 1 | STATS a = MAX(k), b = MIN(k), a = SUM(k)", "b a"},
        Case{"InlineStatsOrder", "ROW t = 1, user = 2, ip = 3 | INLINE STATS n = COUNT(*) BY user", "t ip n user"},
        Case{"RowLastWins", "ROW a = 1, a = 2, 100", "a 100"},
        Case{"DissectAppendsInPatternOrder", "ROW a = \"x\", c = 1 | DISSECT a \"%{c}-%{?skip}-%{+b/2}-%{}\"", "a c b"},
        Case{"GrokAppendsInNameOrder", "ROW a = \"x\" | GROK a \"%{WORD:z} (?<m.n>.) %{INT} %{INT:b:int} (?<=x)\"",
             "a b m.n z"}),
    name_of_case);

class EsqlTypes : public testing::TestWithParam<Case> {};
TEST_P(EsqlTypes, OfExpression) {
  EXPECT_EQ(compile(std::string("FROM x | EVAL q = ") + GetParam().text + " | KEEP q").columns(),
            std::string("q:") + GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlTypes,
    testing::Values(Case{"IntegerSum", "i + 1", "integer"}, Case{"LongWins", "i + l", "long"},
                    Case{"DoubleWins", "i * 1.5", "double"}, Case{"NullTakesTheOther", "null + 1", "integer"},
                    Case{"AllNull", "null", "null"}, Case{"TypedNull", "null::long", "long"},
                    Case{"TextBecomesKeyword", "t", "keyword"}, Case{"CaseWidens", "CASE(flag, 1.5, 2)", "double"},
                    Case{"CaseNull", "CASE(flag, null, \"x\")", "keyword"},
                    Case{"Coalesce", "COALESCE(null, i, l)", "long"},
                    Case{"CoalesceOfDates", "COALESCE(@timestamp, \"2024-01-01\"::datetime)", "datetime"},
                    Case{"DateMinusSpan", "@timestamp - 1 day", "datetime"},
                    Case{"LiteralDateMinusSpan", "\"2024-01-01\" - 1 day", "datetime"},
                    Case{"Truncation", "DATE_TRUNC(\"1 hour\", @timestamp)", "datetime"},
                    Case{"Comparison", "i == 1.0", "boolean"}, Case{"Length", "LENGTH(a)", "integer"},
                    Case{"OpenColumn", "open.x.y", "keyword"}, Case{"Cast", "\"7.4\"::int", "integer"},
                    Case{"DateDiff", "DATE_DIFF(\"days\", @timestamp, NOW())", "integer"}),
    name_of_case);

TEST(EsqlTypes, OfAggregates) {
  EXPECT_EQ(
      compile("FROM x | STATS COUNT(a), s = SUM(i), d = SUM(r), m = MAX(t), v = AVG(i), u = VALUES(ip), w = MIN(flag)")
          .columns(),
      "COUNT(a):long s:long d:double m:keyword v:double u:ip w:boolean");
}

/// Conditions that are wrong: code and position within `FROM x | WHERE ` (15 bytes before the condition).
class EsqlWrongCondition : public testing::TestWithParam<Case> {};
TEST_P(EsqlWrongCondition, IsReported) {
  const auto compiled = compile_where(GetParam().text);
  EXPECT_EQ(compiled.findings(), GetParam().expected) << compiled.messages();
}
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlWrongCondition,
    testing::Values(
        Case{"UnknownColumn", "event.acton == \"x\"", "TH3101@1:16"},
        Case{"NamesAreCaseSensitive", "A == \"x\"", "TH3101@1:16"},
        Case{"AllUnknownsAreFound", "x1 == \"x\" AND x2 == \"y\" OR f(x3)",
             "TH3101@1:16 TH3101@1:30 TH3102@1:43 TH3101@1:45"},
        Case{"UnknownFunction", "START_WITH(a, \"x\")", "TH3102@1:16"}, Case{"NotBoolean", "i", "TH3106@1:16"},
        Case{"NotBooleanBelowAnd", "flag AND a", "TH3106@1:25"},
        Case{"NumberAgainstText", "i == \"443\"", "TH3105@1:16"}, Case{"TextAgainstNumber", "a == 1", "TH3105@1:16"},
        Case{"UnsignedDoesNotMix", "big == 1", "TH3105@1:16"},
        Case{"BooleansHaveNoOrder", "flag > true", "TH3105@1:16"},
        Case{"BadDateLiteral", "@timestamp > \"yesterday\"", "TH3107@1:29"},
        Case{"BadIpLiteral", "ip == \"10.0.0\"", "TH3107@1:22"},
        Case{"BadBooleanLiteral", "flag == \"yes\"", "TH3107@1:24"},
        Case{"InMixesTypes", "a IN (\"x\", 1)", "TH3105@1:16"},
        Case{"InConvertsLiterals", "ip IN (\"x\")", "TH3107@1:23"},
        Case{"LikeOverNumber", "i LIKE \"1*\"", "TH3104@1:16"}, Case{"LikeNeedsConstant", "a LIKE b", "TH3108@1:23"},
        Case{"TextIsNotAdded", "a + \"x\" == \"y\"", "TH3105@1:16"},
        Case{"DateMinusDate", "@timestamp - @timestamp > 1", "TH3105@1:16"},
        Case{"SpanMinusDate", "1 day - @timestamp == @timestamp", "TH3105@1:16"},
        Case{"ArgumentCount", "LENGTH(a, b) == 1", "TH3103@1:16"},
        Case{"ArgumentType", "LENGTH(i) == 1", "TH3104@1:16"},
        Case{"BadBlock", "CIDR_MATCH(ip, \"10.0.0.0/99\")", "TH3107@1:31"},
        Case{"CidrNeedsIp", "CIDR_MATCH(a, \"10.0.0.0/8\")", "TH3104@1:16"},
        Case{"SpanMustBeConstant", "DATE_TRUNC(a, @timestamp) == @timestamp", "TH3104@1:16"},
        Case{"AggregateInWhere", "COUNT(*) > 1", "TH3109@1:16"},
        Case{"GroupingInWhere", "BUCKET(i, 5) == 1", "TH3109@1:16"},
        Case{"UnknownType", "a::strang == \"x\"", "TH3114@1:19"},
        Case{"UnsupportedColumn", "odd IS NULL", "TH3112@1:16"},
        Case{"StarOnlyInCount", "LENGTH(*) == 1", "TH3104@1:16"}, Case{"CaseCondition", "CASE(a, true)", "TH3104@1:16"},
        Case{"ParameterInRule", "a == ?x", "TH3201@1:21"}),
    name_of_case);

class EsqlWrongPipeline : public testing::TestWithParam<Case> {};
TEST_P(EsqlWrongPipeline, IsReported) {
  const auto compiled = compile(GetParam().text);
  EXPECT_EQ(compiled.findings(), GetParam().expected) << compiled.messages();
}
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlWrongPipeline,
    testing::Values(Case{"BadMetadata", "FROM x METADATA _idd", "TH3113@1:17"},
                    Case{"MetadataMustBeAskedFor", "FROM x | WHERE _id == \"a\" | KEEP a", "TH3101@1:16"},
                    Case{"EvalOfSpan", "FROM x | EVAL q = 1 hour | KEEP q", "TH3112@1:15"},
                    Case{"RowOfSpan", "ROW q = 1 day", "TH3112@1:9"},
                    Case{"KeepUnknown", "FROM x | KEEP nope", "TH3101@1:15"},
                    Case{"KeepNoMatch", "FROM x | KEEP zz*", "TH3111@1:15"},
                    Case{"DropUnknown", "FROM x | DROP nope | KEEP a", "TH3101@1:15"},
                    Case{"DroppedIsGone", "FROM x | DROP open.x | WHERE open.x == \"a\" | KEEP a", "TH3101@1:30"},
                    Case{"KeptAwayIsGone", "FROM x | KEEP a | WHERE b == \"x\"", "TH3101@1:25"},
                    Case{"OpenIsGoneAfterKeep", "FROM x | KEEP a | WHERE open.z == \"x\"", "TH3101@1:25"},
                    Case{"RenamedAway", "FROM x | RENAME a AS q, a AS w | KEEP q", "TH3111@1:25"},
                    Case{"RenameWildcard", "FROM x | RENAME a* AS q | KEEP b", "TH3111@1:17"},
                    Case{"StrayColumn", "FROM x | STATS MAX(i) + l BY a", "TH3109@1:25"},
                    Case{"OnlyAKey", "FROM x | STATS a BY a", "TH3109@1:16"},
                    Case{"OnlyAConstant", "FROM x | STATS 5 BY a", "TH3109@1:16"},
                    Case{"Nested", "FROM x | STATS MAX(MIN(i)) BY a", "TH3109@1:20"},
                    Case{"AggregateAsKey", "FROM x | STATS COUNT(*) BY MAX(i)", "TH3109@1:28"},
                    Case{"FilterWithoutAggregate", "FROM x | STATS b + 1 WHERE flag BY b", "TH3105@1:16"},
                    Case{"FilterOverKeyOnly", "FROM x | STATS i + 1 WHERE flag BY i", "TH3109@1:28"},
                    Case{"AggregateInFilter", "FROM x | STATS COUNT(*) WHERE MAX(i) > 1 BY a", "TH3109@1:31"},
                    Case{"GoneAfterStats", "FROM x | STATS n = COUNT(*) BY a | WHERE b == \"x\"", "TH3101@1:42"},
                    Case{"NegativeLimit", "FROM x | KEEP a | LIMIT -1", "TH3115@1:25"},
                    Case{"TextLimit", "FROM x | KEEP a | LIMIT \"5\"", "TH3115@1:25"},
                    Case{"DissectOfNumber", "FROM x | DISSECT i \"%{q}\" | KEEP q", "TH3104@1:18"},
                    Case{"DissectWithoutKey", "FROM x | DISSECT a \"q\" | KEEP a", "TH3110@1:20"},
                    Case{"ErrorsOfAllCommands", "FROM x\n| WHERE q1 == \"a\"\n| EVAL z = q2\n| KEEP z",
                         "TH3101@2:9 TH3101@3:12"}),
    name_of_case);

TEST(EsqlBinder, HintsNameTheNearestColumn) {
  const auto compiled = compile_where("event.acton == \"x\"");
  ASSERT_EQ(compiled.diagnostics.all().size(), 1u);
  EXPECT_EQ(compiled.diagnostics.all()[0].message, "Unknown column [event.acton], did you mean [event.action]?");
  EXPECT_NE(compiled.diagnostics.all()[0].snippet.find("event.acton"), std::string::npos);
}

// A failed definition must not make every later use of its name an error of its own.
TEST(EsqlBinder, OneMistakeIsOneFinding) {
  const auto compiled = compile("FROM x | EVAL n = LENGHT(a) | WHERE n > 5 AND n + 1 < 7 | KEEP n");
  EXPECT_EQ(compiled.findings(), "TH3102@1:19");
}

TEST(EsqlBinder, FindingsAreBounded) {
  std::string text = "FROM x | WHERE u0 == \"x\"";
  for (int i = 1; i < 500; ++i) text += " OR u" + std::to_string(i) + " == \"x\"";
  const auto compiled = compile(text);
  EXPECT_EQ(compiled.diagnostics.all().size(), Reporter::kMaxFindings + 1);
  EXPECT_FALSE(compiled.bound);
}

}  // namespace
}  // namespace trailhound::esql
