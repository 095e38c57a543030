#include "lang/esql/lowering.h"

#include <gtest/gtest.h>

#include <random>

#include "esql_testing.h"
#include "lang/esql/like_pattern.h"

namespace trailhound::esql {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* expected;
};
std::string name_of_case(const testing::TestParamInfo<Case>& test) { return test.param.name; }

class EsqlFilter : public testing::TestWithParam<Case> {};
TEST_P(EsqlFilter, Plan) {
  const auto compiled = compile_where(GetParam().text);
  EXPECT_EQ(compiled.filter(), GetParam().expected) << compiled.messages();
}
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlFilter,
    testing::Values(
        // A column meets a scalar operator through single(); the time of the event always has one value.
        Case{"Equality", "a == \"x\"", "(= (single ecs:a) \"x\")"},
        Case{"Inequality", "a != \"x\"", "(!= (single ecs:a) \"x\")"},
        Case{"NotKeepsUnknown", "NOT a == \"x\"", "(not (= (single ecs:a) \"x\"))"},
        Case{"DoubleNotCancels", "NOT NOT a == \"x\"", "(= (single ecs:a) \"x\")"},
        Case{"FieldAgainstField", "a == b", "(= (single ecs:a) (single ecs:b))"},
        Case{"OpenColumnsCompareAsText", "open.x == \"5\"", "(=:text (single ecs:open.x) \"5\")"},
        Case{"FlagAlone", "flag", "(= (single ecs:flag) true)"},
        Case{"FlagAsText", "flag == \"true\"", "(= (single ecs:flag) true)"},
        Case{"ConditionAgainstTrue", "(a == \"x\") == true", "(= (single ecs:a) \"x\")"},
        Case{"ConditionAgainstFalse", "false == (a == \"x\")", "(not (= (single ecs:a) \"x\"))"},
        // IS NULL sees the whole cell: several values are not null.
        Case{"IsNull", "a IS NULL", "(not (present value ecs:a))"},
        Case{"IsNotNull", "a IS NOT NULL", "(present value ecs:a)"},
        Case{"InConstants", "a IN (\"y\", \"x\", \"y\", null)", "(one_of (single ecs:a) [\"x\" \"y\"] or_null)"},
        Case{"InColumns", "\"x\" IN (a, b)", "(or (= \"x\" (single ecs:a)) (= \"x\" (single ecs:b)))"},
        Case{"TrueInCalls", "true IN (STARTS_WITH(a, \"x\"), STARTS_WITH(a, \"y\"))",
             "(or (starts_with (single ecs:a) \"x\")::boolean (starts_with (single ecs:a) \"y\")::boolean)"},
        Case{"NotIn", "a NOT IN (\"x\")", "(not (one_of (single ecs:a) [\"x\"]))"},
        Case{"Like", "a LIKE \"x*\"", "(match (single ecs:a) \"x\" *)"},
        Case{"LikeList", "a LIKE (\"x*\", \"y\")", "(or (match (single ecs:a) \"x\" *) (match (single ecs:a) \"y\"))"},
        Case{"NotLikeEverything", "a NOT LIKE (\"*\")", "(not (present value ecs:a))"},
        Case{"Cidr", "CIDR_MATCH(ip, \"10.0.0.0/8\", \"::1\")",
             "(in_network (single ecs:ip) [\"10.0.0.0/8\" \"::1/128\"])"},
        Case{"Arithmetic", "i + 1 > l * 2",
             "(> (add (single ecs:i) 1::integer)::integer (multiply (single ecs:l) 2::integer)::long)"},
        Case{"DateLiteral", "@timestamp >= \"1970-01-01T00:00:01Z\"", "(>= ecs:@timestamp 1000000::datetime)"},
        Case{"Coalesce", "COALESCE(a, \"\") == \"x\"", "(= (single (coalesce ecs:a \"\")::keyword) \"x\")"},
        Case{"Lower", "TO_LOWER(a) == \"x\"", "(= (single (to_lower ecs:a)::keyword) \"x\")"},
        Case{"Case", "CASE(flag, a, b) == \"x\"",
             "(= (single (case_when (= (single ecs:flag) true) ecs:a ecs:b)::keyword) \"x\")"},
        Case{"NullCondition", "null", "null"},
        Case{"DateSpan", "@timestamp - 1 day > @timestamp",
             "(> (subtract ecs:@timestamp 86400000000::time_duration)::datetime ecs:@timestamp)"},
        Case{"Months", "@timestamp - 1 month > @timestamp",
             "(> (add_months ecs:@timestamp -1)::datetime ecs:@timestamp)"},
        Case{"Version", "v > \"1.2\"", "(>:version (single ecs:v) \"1.2\"::version)"},
        Case{"UnsignedLongs", "big == TO_UL(1)", "(=:unsigned (single ecs:big) 1::unsigned_long)"},
        Case{"Negation", "-i < 0", "(< (negate (single ecs:i))::integer 0::integer)"},
        Case{"OpenColumnAsArgument", "LENGTH(open.x) > 1",
             "(> (length (to_text (single ecs:open.x))::keyword)::integer 1::integer)"},
        Case{"CaseWidens", "CASE(flag, i, 1.5) > 1",
             "(> (single (case_when (= (single ecs:flag) true) (to_double ecs:i)::double 1.5)::double) 1::integer)"},
        Case{"BlocksOfColumns", "CIDR_MATCH(ip, a)", "(cidr_match (single ecs:ip) (single ecs:a))::boolean"},
        Case{"MvCount", "MV_COUNT(a) > 1", "(> (mv_count ecs:a)::integer 1::integer)"},
        Case{"Rlike", "a RLIKE \"x.*|y\"", "(match_regex (single ecs:a) \"x.*|y\")"},
        Case{"RlikeThatIsAPrefix", "a RLIKE \"x.*\"", "(match (single ecs:a) \"x\" *)"},
        Case{"MvRlike", "MV_RLIKE(a, \"[xy]+\")", "(exists ecs:a (match_regex %0::keyword \"[xy]+\"))"},
        Case{"MvLike", "MV_LIKE(a, \"x*\")", "(exists ecs:a (match %0::keyword \"x\" *))"},
        Case{"MvInRange", "MV_IN_RANGE(i, 1, 5)",
             "(exists ecs:i (and (>= %0::integer 1::integer) (<= %0::integer 5::integer)))"},
        Case{"MatchOperator", "a : \"x\"", "(exists ecs:a (= %0 \"x\"::any))"},
        Case{"MatchFunction", "MATCH(i, \"5\")", "(exists ecs:i (= %0 5::any))"}),
    name_of_case);

class EsqlRefused : public testing::TestWithParam<Case> {};
TEST_P(EsqlRefused, ByNameAndPlace) {
  const auto compiled = compile(GetParam().text);
  EXPECT_FALSE(compiled.plan);
  EXPECT_EQ(compiled.findings(), GetParam().expected) << compiled.messages();
}
INSTANTIATE_TEST_SUITE_P(
    Facts, EsqlRefused,
    testing::Values(
        Case{"Function", "FROM x | STATS n = COUNT(*) BY q = CATEGORIZE(a) | KEEP q", "TH3201@1:36"},
        Case{"Rlike", "FROM x | WHERE a RLIKE \"x(\" | KEEP a", "TH3110@1:24"},
        Case{"RlikeTooComplex", "FROM x | WHERE a RLIKE \".*[ab].{200}b.*\" | KEEP a", "TH3110@1:24"},
        Case{"Replace", "FROM x | EVAL q = REPLACE(a, \"x(\", \"y\") | KEEP q", "TH3110@1:30"},
        Case{"Split", "FROM x | EVAL q = SPLIT(a, \"::\") | KEEP q", "TH3115@1:28"},
        Case{"MvSlice", "FROM x | EVAL q = MV_SLICE(a, 2, 1) | KEEP q", "TH3115@1:31"},
        Case{"MvAppendTypes", "FROM x | EVAL q = MV_APPEND(a, i) | KEEP q", "TH3104@1:19"},
        Case{"JsonPath", "FROM x | EVAL q = JSON_EXTRACT(a, \"x..y\") | KEEP q", "TH3110@1:35"},
        Case{"MatchComputed", "FROM x | EVAL q = CONCAT(a, b) | WHERE q : \"b\" | KEEP a", "TH3117@1:40"},
        Case{"Kql", "FROM x | WHERE KQL(\"a:(b\") | KEEP a", "TH3110@1:20"},
        Case{"KqlOverRows", "FROM x | STATS n = COUNT(*) BY a | WHERE KQL(\"a:b\")", "TH3117@1:42"},
        Case{"Row", "ROW q = 1", "TH3201@1:1"},
        Case{"BucketOfText", "FROM x | STATS n = COUNT(*) BY q = BUCKET(a, 5) | KEEP q", "TH3104@1:43"},
        Case{"FunctionOptions", "FROM x | EVAL q = DATE_PARSE(a, {\"locale\": \"de\"}) | KEEP q", "TH3201@1:19"},
        Case{"SetAndSubquery", "SET time_zone = \"UTC\"; FROM x | WHERE a IN (FROM y | KEEP b) | KEEP a",
             "TH3201@1:39"},
        Case{"Parameter", "FROM x | WHERE a LIKE \"x\\\\y\" | KEEP a", "TH3110@1:23"},
        Case{"ZeroSpan", "FROM x | EVAL q = DATE_TRUNC(0 minutes, @timestamp) | KEEP q", "TH3115@1:30"},
        Case{"SeveralAtOnce", "FROM x | WHERE a RLIKE \"x(\" AND b RLIKE \"y(\" | EVAL q = HASH(\"md5\", a) | KEEP q",
             "TH3110@1:24 TH3110@1:41"}),
    name_of_case);

TEST(EsqlLowering, RowRulesFireForEachHit) {
  const auto compiled =
      compile("FROM x METADATA _id, _index | WHERE a == \"x\" | EVAL q = TO_LOWER(b) | KEEP _id, q, a, _index");
  ASSERT_TRUE(compiled.plan) << compiled.messages();
  EXPECT_TRUE(std::holds_alternative<plan::EachHit>(compiled.plan->op));
  const auto& query = compiled.plan->queries.front();
  EXPECT_TRUE(query.key.empty());
  std::string arguments;
  for (const auto& argument : query.arguments)
    arguments += argument.name + "=" + plan::print(argument.expression) + " ";
  EXPECT_EQ(arguments, "_id=raw:eventID q=(to_lower ecs:b)::keyword a=ecs:a _index=\"logs-aws.cloudtrail-default\" ");
}

// Without KEEP a rule would show hundreds of columns: only those that the query names or computes are taken.
TEST(EsqlLowering, WideRowsShowWhatTheQueryNames) {
  const auto compiled = compile("FROM x | WHERE a == \"x\" | EVAL q = 1", {.max_outputs = 5});
  ASSERT_TRUE(compiled.plan) << compiled.messages();
  EXPECT_EQ(compiled.findings(), "TH3202@1:1");
  std::string names;
  for (const auto& argument : compiled.plan->queries.front().arguments) names += argument.name + " ";
  EXPECT_EQ(names, "a q ");
}

TEST(EsqlLowering, AggregatesBecomeMeasuresOverDistinctArguments) {
  const auto compiled = compile(
      "FROM x | WHERE flag | STATS n = COUNT_DISTINCT(a), v = VALUES(a), c = COUNT(*) WHERE b == \"y\", "
      "d = MAX(i) - MIN(i), e = COUNT(*) WHERE b == \"y\" BY k = TO_LOWER(b) "
      "| WHERE n > 3 AND d >= 2 | EVAL twice = n * 2 | KEEP twice, k, v");
  ASSERT_TRUE(compiled.plan) << compiled.messages();
  const auto& query = compiled.plan->queries.front();
  EXPECT_EQ(query.missing, plan::MissingKey::null_group);
  ASSERT_EQ(query.key.size(), 1u);
  EXPECT_EQ(query.key[0].name, "k");
  EXPECT_EQ(plan::print(query.key[0].expression), "(to_lower ecs:b)::keyword");
  std::string arguments;
  for (const auto& argument : query.arguments) arguments += plan::print(argument.expression) + "; ";
  EXPECT_EQ(arguments, "ecs:a; (is_true (= (single ecs:b) \"y\")); ecs:i; ");
  const auto& run = compiled.run();
  std::string measures;
  for (const auto& measure : run.measures) measures += measure.name + " ";
  EXPECT_EQ(measures, "n v c MAX(i) MIN(i) ") << "the second COUNT(*) with the same filter is the same measure";
  EXPECT_EQ(run.measures[2].filter, 1u);
  EXPECT_FALSE(run.bucket_key);
  EXPECT_NE(plan::print(run.having).find("(slot 0 \"n\")"), std::string::npos);
  ASSERT_EQ(run.outputs.size(), 3u);
  EXPECT_EQ(run.outputs[0].name, "twice");
  EXPECT_EQ(run.outputs[1].name, "k");
  EXPECT_EQ(std::get<plan::Slot>(run.outputs[1].expression->node).index, 5u) << "keys stand behind the measures";
}

// VALUES may give several values: a scalar operator over it needs single(), others do not.
TEST(EsqlLowering, SlotsOfValuesAreWholeCells) {
  const auto compiled =
      compile("FROM x | STATS v = VALUES(a), n = COUNT(*) BY b | WHERE v == \"x\" AND n > 1 AND b == \"y\"");
  ASSERT_TRUE(compiled.plan) << compiled.messages();
  const std::string having = plan::print(compiled.run().having);
  EXPECT_NE(having.find("(single (slot 0 \"v\")"), std::string::npos) << having;
  EXPECT_EQ(having.find("(single (slot 1"), std::string::npos) << having;
  EXPECT_EQ(having.find("(single (slot 2"), std::string::npos) << having;
}

struct BucketCase {
  const char* name;
  const char* keys;
  int index;  ///< -1: none
  std::int64_t seconds;
};
class EsqlBucket : public testing::TestWithParam<BucketCase> {};
TEST_P(EsqlBucket, IsFound) {
  const auto compiled = compile(
      std::string("FROM x | EVAL w = DATE_TRUNC(10 seconds, @timestamp) | STATS n = COUNT(*) BY ") + GetParam().keys);
  ASSERT_TRUE(compiled.plan) << compiled.messages();
  const auto& run = compiled.run();
  EXPECT_EQ(run.bucket_key ? static_cast<int>(*run.bucket_key) : -1, GetParam().index);
  EXPECT_EQ(run.bucket, Duration::seconds(GetParam().seconds));
}
INSTANTIATE_TEST_SUITE_P(Facts, EsqlBucket,
                         testing::Values(BucketCase{"ThroughEval", "a, w", 1, 10},
                                         BucketCase{"InPlace", "DATE_TRUNC(1 minute, @timestamp)", 0, 60},
                                         BucketCase{"Days", "d = DATE_TRUNC(1 day, @timestamp)", 0, 86400},
                                         BucketCase{"WeeksAreCalendar", "DATE_TRUNC(1 week, @timestamp)", -1, 0},
                                         BucketCase{"MonthsAreCalendar", "DATE_TRUNC(1 month, @timestamp)", -1, 0},
                                         BucketCase{"NoTime", "a", -1, 0}),
                         [](const auto& test) { return test.param.name; });

TEST(EsqlLowering, NowIsTheTimeOfTheRunAfterStats) {
  const auto compiled = compile("FROM x | STATS seen = MAX(@timestamp) BY a | WHERE seen >= NOW() - 10 minutes");
  ASSERT_TRUE(compiled.plan) << compiled.messages();
  EXPECT_NE(plan::print(compiled.run().having).find("now"), std::string::npos);
}

TEST(EsqlLowering, SortAtTheEndIsSaid) {
  const auto compiled = compile("FROM x | STATS n = COUNT(*) BY a | SORT n DESC");
  EXPECT_TRUE(compiled.plan);
  EXPECT_EQ(compiled.findings(), "TH3202@1:36");
  EXPECT_FALSE(compiled.diagnostics.has_errors());
}

// Definitions are put in where they are used: doubling ones must not eat the machine.
TEST(EsqlLowering, DoublingDefinitionsAreBounded) {
  std::string text = "FROM x | EVAL c0 = CONCAT(a, b)";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "c" + std::to_string(i - 1);
    text += ", c" + std::to_string(i) + " = CONCAT(" + before + ", " + before + ")";
  }
  const auto compiled = compile(text + " | KEEP c59");
  EXPECT_FALSE(compiled.plan);
  EXPECT_NE(compiled.findings().find("TH3003"), std::string::npos) << compiled.findings();
}

// Everything that lowers must survive the plan's text form.
TEST(EsqlLowering, PlansSurvivePrinting) {
  for (const char* text :
       {"FROM x | WHERE a IN (\"x\", null) OR i IN (1, 2) OR ip == \"10.0.0.1\" | KEEP a, ip",
        "FROM x | WHERE a LIKE \"x*y?\" AND CIDR_MATCH(ip, \"10.0.0.0/8\") AND NOT flag | EVAL q = i / 2.5 | KEEP q",
        "FROM x | STATS n = COUNT(a) WHERE flag, SUM(CASE(flag, 1, 0)), MAX(CASE(flag, @timestamp, null)) "
        "BY DATE_TRUNC(3 months, @timestamp), COALESCE(a, b) | WHERE n > 3 OR TO_DOUBLE(n) / 2 > 1.5"}) {
    const auto compiled = compile(text);
    ASSERT_TRUE(compiled.plan) << compiled.messages();
    const auto read = plan::parse_plan(plan::print(*compiled.plan), fake_schema());
    ASSERT_TRUE(read) << read.error().text() << "\n" << plan::print(*compiled.plan);
    EXPECT_TRUE(plan::equal(*compiled.plan, *read)) << plan::print(*compiled.plan);
  }
}

// Mutated queries must be answered with a plan or with findings, never with a crash, and plans must survive printing.
TEST(EsqlLowering, MutatedQueriesAreAnswered) {
  const std::string seeds[] = {
      "FROM x-* METADATA _id, _index | EVAL w = DATE_TRUNC(10 seconds, @timestamp) | WHERE a == \"x\" AND ip IS NOT "
      "NULL "
      "AND true IN (STARTS_WITH(a, \"D\"), flag) AND b NOT IN (\"p\", \"q\", null) | KEEP w, a, b*, i | STATS n = "
      "COUNT_DISTINCT(a), VALUES(b), m = MAX(i) - MIN(i) WHERE a LIKE \"x*\" BY w, b | WHERE n > 5 | SORT n DESC | "
      "LIMIT 10",
      "FROM x | RENAME a AS q, r = i | DROP t, open.* | EVAL z = CASE(flag, 1, r > 2, 2.5), y = [1, 2]::string | WHERE "
      "z "
      "/ 2 >= 1 OR CIDR_MATCH(ip, \"10.0.0.0/8\") OR (@timestamp - 5m > \"2024-01-01\" AND NOT COALESCE(q, \"\") == "
      "\"\") "
      "| GROK q \"%{WORD:g}\" | INLINE STATS c = COUNT(*) BY g | FORK (WHERE c > 1) (LIMIT 1) /* x */ // y"};
  const std::string pieces[] = {"(",   ")",      "|",     ",",  "*", "`",    "\"",    " BY ", " null ",
                                " 5 ", "::",     " NOT ", "a",  "[", "]",    "1 day", "{",    "}",
                                "/*",  "\"\"\"", " IN (", "\n", "?", "\xC3", ".",     "=",    "-"};
  std::mt19937 random(20240607);
  int plans = 0;
  int refusals = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = seeds[random() % std::size(seeds)];
    for (auto edits = random() % 4; edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text.erase(at, 1 + random() % 12);
          break;
        case 1:
          text.insert(at, pieces[random() % std::size(pieces)]);
          break;
        default:
          text.insert(random() % text.size(), text.substr(at, random() % 30));
          break;
      }
      if (text.empty()) text = "F";
    }
    const auto compiled = compile(text);
    ASSERT_NE(compiled.plan.has_value(), compiled.diagnostics.has_errors()) << text << compiled.messages();
    for (const auto& finding : compiled.diagnostics.all()) {
      ASSERT_GT(finding.place.at.line, 0) << text;
      ASSERT_FALSE(finding.message.empty());
    }
    compiled.plan ? ++plans : ++refusals;
    if (!compiled.plan) continue;
    const auto read = plan::parse_plan(plan::print(*compiled.plan), fake_schema());
    ASSERT_TRUE(read) << text << "\n" << read.error().text();
    ASSERT_TRUE(plan::equal(*compiled.plan, *read)) << text;
  }
  EXPECT_GT(plans, 100);
  EXPECT_GT(refusals, 1000);
}

TEST(LikePattern, EscapesAndWildcards) {
  const auto matches = [](std::string_view pattern, std::string_view text) {
    const auto made = like_pattern(pattern);
    return made && made->matches(text);
  };
  EXPECT_TRUE(matches("a*c", "abbc"));
  EXPECT_TRUE(matches("a?c",
                      "a\xC3\xA4"
                      "c"));
  EXPECT_FALSE(matches("a?c", "ac"));
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("a\\*", "a*"));
  EXPECT_FALSE(matches("a\\*", "ab"));
  EXPECT_TRUE(matches("C:\\\\*", "C:\\x"));
  EXPECT_TRUE(matches("50%_", "50%_")) << "% and _ are ordinary";
  EXPECT_FALSE(matches("A", "a")) << "case matters";
  EXPECT_FALSE(like_pattern("a\\b"));
  EXPECT_FALSE(like_pattern("a\\"));
}

}  // namespace
}  // namespace trailhound::esql
