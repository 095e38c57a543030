// What Datadog queries mean, judged by the engine's evaluator over records in Datadog's form.

#include "lang/datadog/search.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/evaluator.h"
#include "lang/datadog_testing.h"
#include "parameter_name.h"

namespace trailhound::engine {
namespace {

using lang::datadog::test::FakeColumns;
using lang::datadog::test::OneRecord;

bool holds(std::string_view query, const OneRecord& event) {
  Diagnostics diagnostics;
  const std::optional<plan::Expr> filter = lang::datadog::parse_search(query, FakeColumns(), {}, diagnostics);
  if (!filter) {
    ADD_FAILURE() << query << ": " << to_text(diagnostics.all().front());
    return false;
  }
  const event::Record record = event.record();
  Arena arena;
  EvaluationContext context{.record = &record, .arena = arena};
  const Truth verdict = truth(*filter, context);
  EXPECT_NE(verdict, Truth::unknown) << query << ": Datadog knows two truth values";
  return verdict == Truth::yes;
}

bool holds(std::string_view query, std::string_view json) { return holds(query, OneRecord(json)); }

const OneRecord& list_secrets() {
  static const OneRecord record(
      R"({"evt":{"name":"ListSecrets"},"awsRegion":"eu-west-1","userIdentity":{"accessKeyId":"AKIAEXAMPLE",)"
      R"("arn":"arn:aws:iam::111122223333:user/a"},"n":5,"tags":["x","y"],"items":[{"k":"a"},{"k":"b"}],)"
      R"("ip":"13.1.2.3"})");
  return record;
}

struct Vector {
  const char* query;
  bool holds;
};
class DatadogSearchVector : public testing::TestWithParam<Vector> {};

TEST_P(DatadogSearchVector, Holds) { EXPECT_EQ(holds(GetParam().query, list_secrets()), GetParam().holds); }

INSTANTIATE_TEST_SUITE_P(
    All, DatadogSearchVector,
    testing::Values(
        Vector{"source:cloudtrail @evt.name:ListSecrets", true},
        Vector{"source:CloudTrail @evt.name:(ListSecrets OR GetSecretValue)", true},
        Vector{"@evt.name:listsecrets", false}, Vector{"@evt.name:List", false}, Vector{"@evt.name:List*", true},
        Vector{"@evt.name:\"List*\"", false}, Vector{"@evt.name:List?ecrets", true}, Vector{"*:listsecrets", true},
        Vector{"@userIdentity.accessKeyId:AKIA* -@error.kind:*", true},
        Vector{"@userIdentity.arn:\"arn:aws:iam::111122223333:user/a\"", true},
        Vector{"@userIdentity.arn:arn\\:aws\\:iam\\:\\:*", true}, Vector{"@n:[1 TO 5]", true}, Vector{"@n:>5", false},
        Vector{"@n:>=5", true}, Vector{"@tags:(x y)", true}, Vector{"@tags:(x z)", false}, Vector{"-@tags:x", false},
        Vector{"@items.k:b", true}, Vector{"@items.k:(\"a\" AND \"b\")", true}, Vector{"CIDR(@ip, 13.0.0.0/8)", true},
        Vector{"NOT(CIDR(@ip, 13.0.0.0/8))", false}, Vector{"@evt.name:ListSecrets or", false},
        Vector{"-@evt.name:(GetSecretValue OR DescribeSecret) @awsRegion:eu-west-1", true},
        // Beyond the published examples.
        Vector{"*", true}, Vector{"*:*", true}, Vector{"-*", false}, Vector{"@n:[1 TO 4]", false},
        Vector{"@n:{5 TO 9]", false}, Vector{"@n:[* TO 5}", false}, Vector{"@n:[* TO *]", true},
        Vector{"@m:[* TO *]", false}, Vector{"@evt:*", true}, Vector{"@evt:x", false}, Vector{"@items:*", true},
        Vector{"@tags:(x OR z)", true}, Vector{"@tags:(NOT x)", false}, Vector{"@tags:(y -z)", true},
        Vector{"CIDR(@ip, 10.0.0.0/8, 2001:db8::/32)", false}, Vector{"CIDR(@evt.name, 0.0.0.0/0)", false},
        Vector{"@awsRegion:eu-west-1", true}, Vector{"@awsRegion:\\eu-west-1", true},
        Vector{"@evt.name:[A TO M]", true}, Vector{"@evt.name:[M TO Z]", false}, Vector{"env:*", false},
        Vector{"-env:prod", true}, Vector{"source:cloud*", true}, Vector{"source:CLOUD*", true}),
    [](const auto& test) { return parameter_name(test.index, test.param.query); });

// The rows of the matching rules, each with what must and must not match.
TEST(DatadogSearchMeaning, NumbersEqualTheirOtherSpellings) {
  for (const char* event : {R"({"a":5})", R"({"a":5.0})", R"({"a":"5"})"}) EXPECT_TRUE(holds("@a:5", event)) << event;
  EXPECT_TRUE(holds("@a:5.0", R"({"a":5})"));
  EXPECT_FALSE(holds("@a:5", R"({"a":"05"})")) << "a text is compared letter by letter";
  EXPECT_FALSE(holds("@a:5", R"({"a":50})"));
  EXPECT_TRUE(holds("@a:012345678901", R"({"a":"012345678901"})"));
  EXPECT_FALSE(holds("@a:12345678901", R"({"a":"012345678901"})"));
  EXPECT_TRUE(holds("@a:-5", R"({"a":-5})"));
}

TEST(DatadogSearchMeaning, ComparisonsReadTextsThatAreNumbers) {
  EXPECT_TRUE(holds("@a:>100", R"({"a":"250"})"));
  EXPECT_FALSE(holds("@a:>100", R"({"a":"99"})"));
  EXPECT_FALSE(holds("@a:>100", R"({"a":"many"})"));
  EXPECT_TRUE(holds("-@a:>100", R"({"a":"many"})"));
  EXPECT_TRUE(holds("@a:[400 TO 499]", R"({"a":"404"})"));
  EXPECT_TRUE(holds("@a:[-2 TO -1]", R"({"a":-1.5})"));
  EXPECT_TRUE(holds("@a:[a TO c]", R"({"a":"bee"})")) << "a bound that is no number compares texts";
}

TEST(DatadogSearchMeaning, BooleansAreTheirTexts) {
  EXPECT_TRUE(holds("@a:true", R"({"a":true})"));
  EXPECT_TRUE(holds("@a:true", R"({"a":"true"})"));
  EXPECT_FALSE(holds("@a:true", R"({"a":false})"));
}

TEST(DatadogSearchMeaning, NothingIsAbsent) {
  for (const char* event : {R"({})", R"({"a":null})", R"({"a":[]})"}) {
    EXPECT_FALSE(holds("@a:*", event)) << event;
    EXPECT_TRUE(holds("-@a:*", event)) << event;
    EXPECT_TRUE(holds("-@a:x", event)) << event;
    EXPECT_FALSE(holds("@a:x", event)) << event;
  }
  EXPECT_TRUE(holds("@a:*", R"({"a":""})")) << "an empty text is present";
  EXPECT_TRUE(holds("@a:\"\"", R"({"a":""})"));
}

TEST(DatadogSearchMeaning, ARangeNeedsOneElementInside) {
  EXPECT_FALSE(holds("@a:[4 TO 6]", R"({"a":[1,9]})"));
  EXPECT_TRUE(holds("@a:[4 TO 6]", R"({"a":[1,5]})"));
  EXPECT_TRUE(holds("@a:(>4 <2)", R"({"a":[1,9]})")) << "two values may be two elements";
}

TEST(DatadogSearchMeaning, WildcardsAreLiteralInQuotesAndBehindABackslash) {
  EXPECT_TRUE(holds("@a:\"x*\"", R"({"a":"x*"})"));
  EXPECT_TRUE(holds("@a:x\\*", R"({"a":"x*"})"));
  EXPECT_FALSE(holds("@a:x\\*", R"({"a":"xy"})"));
  EXPECT_TRUE(holds("@a:APN\\/*", R"({"a":"APN/1.0"})"));
  EXPECT_TRUE(holds("@a:x?z", R"({"a":"x z"})"));
  EXPECT_TRUE(holds("@a:x?z", "{\"a\":\"x\xC3\xA9z\"}")) << "one character, whatever its bytes";
}

TEST(DatadogSearchMeaning, CidrTakesAnyElementAndBothFamilies) {
  EXPECT_TRUE(holds("CIDR(@ip, 2001:db8::/32, 10.0.0.0/8)", R"({"ip":["1.1.1.1","2001:db8::7"]})"));
  EXPECT_FALSE(holds("CIDR(@ip, 10.0.0.0/8)", R"({"ip":"cloudformation.amazonaws.com"})"));
  EXPECT_TRUE(holds("NOT CIDR(@ip, 10.0.0.0/8)", R"({})"));
}

TEST(DatadogSearchMeaning, FreeTextLooksForWordsOfTheRecord) {
  const OneRecord denied(
      R"({"error":{"message":"User: arn:aws:iam::1:user/Bob is not authorized to perform"},"n":42})");
  EXPECT_TRUE(holds("authorized", denied));
  EXPECT_TRUE(holds("AUTHORIZED", denied)) << "case does not count";
  EXPECT_FALSE(holds("author", denied)) << "a whole word";
  EXPECT_TRUE(holds("author*", denied));
  EXPECT_TRUE(holds("a?thor*d", denied));
  EXPECT_TRUE(holds("\"not authorized to\"", denied));
  EXPECT_FALSE(holds("\"authorized not\"", denied)) << "adjacent, in order";
  EXPECT_TRUE(holds("user/bob", denied)) << "what splitting takes apart is a phrase";
  EXPECT_TRUE(holds("42", denied));
  EXPECT_TRUE(holds("-nothing", denied));
  EXPECT_TRUE(holds("\"message\"", denied)) << "names of fields are text of the record";
}

TEST(DatadogSearchMeaning, EverythingSearchesWholeValuesAndWords) {
  EXPECT_TRUE(holds("*:eu-west-1", list_secrets()));
  EXPECT_TRUE(holds("*:EU-*", list_secrets()));
  EXPECT_TRUE(holds("*:5", list_secrets()));
  EXPECT_TRUE(holds("*:west", list_secrets()));
  EXPECT_FALSE(holds("*:north", list_secrets()));
}

TEST(DatadogSearchMeaning, KeysWithDotsComeBeforePaths) {
  EXPECT_TRUE(holds("@a.b:whole", R"({"a.b":"whole","a":{"b":"path"}})"));
  EXPECT_TRUE(holds("@requestParameters.x-amz-acl:private", R"({"requestParameters":{"x-amz-acl":"private"}})"));
}

// A set of alternatives must mean what its alternatives mean one by one.
TEST(DatadogSearchMeaning, ASetEqualsItsAlternatives) {
  const std::vector<std::string> values = {"a", "B", "\"c d\"", "5", "a*", "true"};
  const std::vector<std::string> events = {R"({"v":"a"})", R"({"v":"B"})",  R"({"v":"c d"})",     R"({"v":5})",
                                           R"({"v":"b"})", R"({"v":true})", R"({"v":["x","a"]})", R"({})"};
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string set = "@v:(", alternatives;
    for (std::size_t i = 0, n = 1 + random() % 4; i < n; ++i) {
      const std::string& value = values[random() % values.size()];
      set += (i > 0 ? " OR " : "") + value;
      alternatives += (i > 0 ? " OR @v:" : "@v:") + value;
    }
    set += ")";
    const std::string& event = events[random() % events.size()];
    EXPECT_EQ(holds(set, event), holds(alternatives, event)) << set << " over " << event;
  }
}

}  // namespace
}  // namespace trailhound::engine
