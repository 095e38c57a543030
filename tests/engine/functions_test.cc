/// Kernels of functions, one row a fact: an expression as plans print it, its value as ES|QL prints it, and how many
/// warnings it gives. The text suite of ES|QL covers the same functions through queries.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/evaluator.h"
#include "engine/value_text.h"
#include "plan/expression.h"

namespace trailhound::engine {
namespace {

struct NoColumns : plan::ColumnResolver {
  Result<event::ColumnRef> find(event::View, std::string_view name) const override { return fail(std::string(name)); }
};

struct Fact {
  std::string expression;
  std::string expected;
  std::uint64_t warnings = 0;
};

void expect_all(const std::vector<Fact>& facts) {
  for (const Fact& fact : facts) {
    SCOPED_TRACE(fact.expression);
    const auto expression = plan::parse_expression(fact.expression, NoColumns());
    ASSERT_TRUE(expression) << expression.error().text();
    Arena arena;
    EvaluationWarnings failures;
    EvaluationContext context{.arena = arena, .failures = &failures};
    // Twice: what a call prepared must serve again.
    (void)evaluate(*expression, context);
    const std::uint64_t before = context.warnings;
    const Cell cell = evaluate(*expression, context);
    std::string found;
    for (const Scalar& value : cell.values()) {
      found += (found.empty() ? "" : ", ") + value_text(value, (*expression)->type);
    }
    EXPECT_EQ(cell.has_values() ? found : "null", fact.expected);
    EXPECT_EQ(context.warnings - before, fact.warnings);
    EXPECT_EQ(failures.entries().empty(), fact.warnings == 0);
  }
}

TEST(Functions, Texts) {
  expect_all({
      {R"((substring "hello" 2))", "ello"},
      {R"((substring "hello" 2 3))", "ell"},
      {R"((substring "hello" 0 2))", "he"},
      {R"((substring "hello" -3))", "llo"},
      {R"((substring "hello" -3 2))", "ll"},
      {R"((substring "hello" -9 2))", "he"},
      {R"((substring "hello" 9))", ""},
      {R"((substring "hello" 2 -1))", "null", 1},
      {R"((substring "h😀llo" 2 2))", "😀l"},
      {R"((substring "hello" null))", "null"},
      {R"((substring ["a" "b"] 1))", "null", 1},
      {R"((left "h😀llo" 2))", "h😀"},
      {R"((left "ab" 9))", "ab"},
      {R"((left "ab" -1))", ""},
      {R"((right "h😀llo" 4))", "😀llo"},
      {R"((right "ab" 9))", "ab"},
      {R"((locate "hello" "l"))", "3"},
      {R"((locate "hello" "l" 4))", "4"},
      {R"((locate "hello" "x"))", "0"},
      {R"((locate "h😀llo" "l"))", "3"},
      {R"((locate "hello" "h" -5))", "1"},
      {R"((trim "  a b\t"))", "a b"},
      {R"((ltrim "  a "))", "a "},
      {R"((rtrim " a  "))", " a"},
      {R"((repeat "ab" 3))", "ababab"},
      {R"((repeat "ab" 0))", ""},
      {R"((repeat "ab" -1))", "null", 1},
      {R"((repeat "ab" 1000000))", "null", 1},
      {R"((space 2))", "  "},
      {R"((reverse "h😀e"))", "e😀h"},
      {R"((reverse "e\u0301a"))", "ae\u0301"},
      {R"((length "h😀"))", "2"},
      {R"((byte_length "h😀"))", "5"},
      {R"((bit_length "h😀"))", "40"},
      {R"((concat "a" null))", "null"},
      {R"((concat "a" ["b" "c"]))", "null", 1},
  });
}

TEST(Functions, Encodings) {
  expect_all({
      {R"((to_base64 "hello"))", "aGVsbG8="},
      {R"((from_base64 "aGVsbG8="))", "hello"},
      {R"((from_base64 "aGVsbG8"))", "hello"},
      {R"((from_base64 "aGVsb*8="))", "null", 1},
      {R"((from_base64 "a"))", "null", 1},
      {R"((from_base64 ""))", ""},
      {R"((md5 "hello"))", "5d41402abc4b2a76b9719d911017c592"},
      {R"((sha1 "hello"))", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"},
      {R"((sha256 ""))", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {R"((hash "SHA-224" ""))", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"},
      {R"((hash "crc" "x"))", "null", 1},
  });
}

TEST(Functions, ArithmeticOverflowsAtTheWidthOfItsType) {
  expect_all({
      {"(add 2147483647 1)::integer", "null", 1},
      {"(add 2147483647 1)::long", "2147483648"},
      {"(add 9223372036854775807 1)::long", "null", 1},
      {"(subtract -2147483648 1)::integer", "null", 1},
      {"(multiply 65536 65536)::integer", "null", 1},
      {"(divide 7 2)::integer", "3"},
      {"(divide -7 2)::integer", "-3"},
      {"(divide 7 0)::integer", "null", 1},
      {"(divide 7.0 0)::double", "null", 1},
      {"(divide -2147483648 -1)::integer", "null", 1},
      {"(divide 7 2.0)::double", "3.5"},
      {"(modulo -7 3)::integer", "-1"},
      {"(modulo 7 0)::integer", "null", 1},
      {"(negate -2147483648)::integer", "null", 1},
      {"(negate 0.0)::double", "-0.0"},
      {"(add -1 -1)::unsigned_long", "null", 1},
      {"(divide -1 2)::unsigned_long", "9223372036854775807"},
      {"(subtract 1 2)::unsigned_long", "null", 1},
      {"(add 1 null)::integer", "null"},
      {"(add 1 [1 2])::integer", "null", 1},
  });
}

TEST(Functions, Mathematics) {
  expect_all({
      {"(abs -5)::integer", "5"},
      {"(abs -2147483648)::integer", "null", 1},
      {"(abs -2.5)::double", "2.5"},
      {"(round -2.5)::double", "-3.0"},
      {"(round 2.5)::double", "3.0"},
      {"(round 1.255 2)::double", "1.25"},
      {"(round 123.45 -1)::double", "120.0"},
      {"(round 155 -1)::long", "160"},
      {"(round 154 -2)::long", "200"},
      {"(round 5 2)::integer", "5"},
      {"(round 2.5 null)::double", "null"},
      {"(ceil 1.2)::double", "2.0"},
      {"(floor -1.2)::double", "-2.0"},
      {"(ceil 3)::integer", "3"},
      {"(signum -3)::double", "-1.0"},
      {"(sqrt -1)::double", "null", 1},
      {"(sqrt 9)::double", "3.0"},
      {"(log 0)::double", "null", 1},
      {"(log 2 8)::double", "3.0"},
      {"(log 1 8)::double", "null", 1},
      {"(log10 1000)::double", "3.0"},
      {"(pow 2 10)::double", "1024.0"},
      {"(pow -8 0.5)::double", "null", 1},
      {"(hypot 3 4)::double", "5.0"},
      {"(acos 2)::double", "null", 1},
      {"(scalb 3.0 2)::double", "12.0"},
      {"(copy_sign 5.0 -1)::double", "-5.0"},
      {"(round_to 23 10 20 30)::integer", "20"},
      {"(round_to 5 10 20)::integer", "10"},
      {"(bucket_number 27 10.0)::double", "20.0"},
      {"(bucket_number -1 10.0)::double", "-10.0"},
      {"(greatest 1 [7 3] 5)::integer", "7"},
      {"(least 1 [7 3] 5)::integer", "1"},
      {"(greatest 1 null)::integer", "null"},
      {R"((greatest "1.10" "1.9")::version)", "1.10"},
      {"(clamp 5 1 3)::integer", "3"},
      {"(clamp_min 0 1)::integer", "1"},
      {"(clamp_max 5 3)::integer", "3"},
  });
}

TEST(Functions, Conversions) {
  expect_all({
      {R"((to_integer "7.4")::integer)", "7"},
      {R"((to_integer "7.5")::integer)", "8"},
      {R"((to_integer "2147483648")::integer)", "null", 1},
      {R"((to_integer ["1" "x" "3"])::integer)", "1, 3", 1},
      {R"((to_integer ["x" "3"])::integer)", "3", 1},
      {R"((to_integer "0xff" 16)::integer)", "255"},
      {R"((to_long "zz" 36)::long)", "1295"},
      {"(to_long 2.5)::long", "3"},
      {"(to_long -2.5)::long", "-2"},
      {"(to_long 1e30)::long", "null", 1},
      {"(to_long true)::long", "1"},
      {R"((to_unsigned_long "18446744073709551615")::unsigned_long)", "18446744073709551615"},
      {"(to_unsigned_long -1)::unsigned_long", "null", 1},
      {"(to_unsigned_long 2.9)::unsigned_long", "2"},
      {"(to_long -1::unsigned_long)::long", "null", 1},
      {R"((to_double "5.2e11")::double)", "5.2E11"},
      {R"((to_double "x")::double)", "null", 1},
      {R"((to_boolean ["TRUE" "yes" ""])::boolean)", "true, false, false"},
      {"(to_boolean 0.0)::boolean", "false"},
      {R"((to_datetime "2024-02-30")::datetime)", "null", 1},
      {R"((to_datetime "2024-01-01 00:00:00")::datetime)", "null", 1},
      {R"((to_datetime "2024-01-01T10:00:00.123456+0100")::datetime)", "2024-01-01T09:00:00.123Z"},
      {"(to_datetime 1)::datetime", "1970-01-01T00:00:00.001Z"},
      {R"((to_date_nanos "2024-01-01T00:00:00.123456789Z")::date_nanos)", "2024-01-01T00:00:00.123456789Z"},
      {R"((to_date_nanos "1969-01-01")::date_nanos)", "null", 1},
      {"(to_long 1500::datetime)::long", "1"},
      {R"((to_ip "010.0.0.1")::ip)", "null", 1},
      {R"((to_ip "FE80::1")::ip)", "fe80::1"},
      {"(to_text 1e7)", "1.0E7"},
      {"(to_text 0.001)", "0.001"},
  });
}

TEST(Functions, Dates) {
  const std::string june = "1717974000123000::datetime";  // Sunday 2024-06-09T23:00:00.123Z
  expect_all({
      {R"((date_trunc_calendar "week" 1 )" + june + ")::datetime", "2024-06-03T00:00:00.000Z"},
      {R"((date_trunc_calendar "month" 3 )" + june + ")::datetime", "2024-04-01T00:00:00.000Z"},
      {R"((date_trunc_calendar "year" 5 )" + june + ")::datetime", "2021-01-01T00:00:00.000Z"},
      {"(add_months 1706659200000000::datetime 1)::datetime", "2024-02-29T00:00:00.000Z"},
      {"(add_months 1706659200000000::datetime -2)::datetime", "2023-11-30T00:00:00.000Z"},
      {R"((date_diff "months" 1705708800000000::datetime 1710806400000000::datetime))", "1"},
      {R"((date_diff "months" 1705708800000000::datetime 1710892800000000::datetime))", "2"},
      {R"((date_diff "months" 1710892800000000::datetime 1705708800000000::datetime))", "-2"},
      {R"((date_diff "D" 0::datetime 172740000000::datetime))", "1"},
      {R"((date_diff "weeks" 0::datetime 1728000000000::datetime))", "2"},
      {R"((date_diff "mcs" 0::datetime 1728000000000::datetime))", "null", 1},
      {R"((date_diff "blue" 0::datetime 1::datetime))", "null", 1},
      {R"((date_extract "DAY_OF_WEEK" )" + june + ")", "7"},
      {R"((date_extract "day_of_year" )" + june + ")", "161"},
      {R"((date_extract "milli_of_second" )" + june + ")", "123"},
      {R"((date_extract "week" )" + june + ")", "null", 1},
      {R"((date_format "yyyy-MM-dd HH:mm:ss.SSS" )" + june + ")", "2024-06-09 23:00:00.123"},
      {R"((date_format "EEE, d MMM yy h a" )" + june + ")", "Sun, 9 Jun 24 11 PM"},
      {R"((date_format "EEEE MMMM 'at' QQQ" )" + june + ")", "Sunday June at Q2"},
      {R"((date_format "yyyy-MM-dd'T'HH:mm:ssXXX" )" + june + ")", "2024-06-09T23:00:00Z"},
      {R"((date_format "b" )" + june + ")", "null", 1},
      {R"((date_parse "yyyy-MM-dd" "2024-06-09")::datetime)", "2024-06-09T00:00:00.000Z"},
      {R"((date_parse "yyyy-MM-dd" "2024-06-09x")::datetime)", "null", 1},
      {R"((date_parse "yyyy-MM-dd" "2024-06-31")::datetime)", "null", 1},
      {R"((date_parse "dd/MMM/yyyy:HH:mm:ss Z" "09/Jun/2024:10:00:00 +0200")::datetime)", "2024-06-09T08:00:00.000Z"},
      {R"((date_parse "yyyy[-MM[-dd]]" "2024-06")::datetime)", "2024-06-01T00:00:00.000Z"},
      {R"((date_parse "yyyyMMdd" "20240609")::datetime)", "2024-06-09T00:00:00.000Z"},
      {R"((date_parse null "2024")::datetime)", "null"},
      {"(day_name " + june + ")", "Sunday"},
      {"(month_name " + june + ")", "June"},
  });
}

TEST(Functions, Addresses) {
  expect_all({
      {R"((cidr_match ip"10.1.2.3" "10.0.0.0/8"))", "true"},
      {R"((cidr_match ip"10.1.2.3" "192.168.0.0/16" "10.1.2.3"))", "true"},
      {R"((cidr_match ip"10.1.2.3" "192.168.0.0/16"))", "false"},
      {R"((cidr_match ip"10.1.2.3" "nonsense"))", "null", 1},
      {R"((ip_prefix ip"10.1.2.3" 24 64)::ip)", "10.1.2.0"},
      {R"((ip_prefix ip"10.1.2.3" 0 0)::ip)", "0.0.0.0"},
      {R"((ip_prefix ip"2001:db8:1:2::9" 24 48)::ip)", "2001:db8:1::"},
      {R"((ip_prefix ip"10.1.2.3" 33 64)::ip)", "null", 1},
      {R"((network_direction ip"10.1.2.3" ip"8.8.8.8" ["private"]))", "outbound"},
      {R"((network_direction ip"8.8.8.8" ip"10.1.2.3" ["10.0.0.0/8" "loopback"]))", "inbound"},
      {R"((network_direction ip"8.8.8.8" ip"9.9.9.9" "private"))", "external"},
  });
}

TEST(Functions, VersionsAndUnsignedLongsHaveAnOrderOfTheirOwn) {
  const std::vector<std::string> versions = {"3", "3.1", "3.4.0", "3.20.0", "10.0.0-rc1", "10.0.0", "latest", "zebra"};
  std::vector<Fact> facts;
  for (std::size_t i = 1; i < versions.size(); ++i) {
    facts.push_back({"(<:version \"" + versions[i - 1] + "\" \"" + versions[i] + "\")", "true"});
    facts.push_back({"(<:version \"" + versions[i] + "\" \"" + versions[i - 1] + "\")", "false"});
  }
  facts.push_back({"(=:version \"1.0\" \"1.0\")", "true"});
  facts.push_back({"(<:unsigned 1 -1)", "true"});
  facts.push_back({"(>:unsigned 1 -1)", "false"});
  expect_all(facts);
}

TEST(Functions, WarningsSayWhereAndWhy) {
  const auto inner = plan::make(plan::Call{plan::Function::divide,
                                           {plan::literal(std::int64_t{1}, plan::LogicalType::integer),
                                            plan::literal(std::int64_t{0}, plan::LogicalType::integer)}},
                                plan::LogicalType::integer, LineColumn{3, 7}, 5);
  Arena arena;
  EvaluationWarnings failures;
  EvaluationContext context{.arena = arena, .failures = &failures};
  for (int i = 0; i < 30; ++i) (void)evaluate(inner, context);
  ASSERT_EQ(failures.entries().size(), 1U);
  const auto& entry = failures.entries().front();
  EXPECT_EQ(entry.at.line, 3);
  EXPECT_EQ(entry.at.column, 7);
  EXPECT_EQ(entry.length, 5U);
  EXPECT_EQ(entry.count, 30U);
  EXPECT_EQ(entry.messages, std::vector<std::string>{"/ by zero"});
  EXPECT_EQ(context.warnings, 30U);
}

TEST(Functions, DifferentMessagesAreBounded) {
  EvaluationWarnings failures;
  for (int i = 0; i < 50; ++i) failures.add({1, 1}, 3, Failure::conversion, "message " + std::to_string(i));
  EvaluationWarnings other;
  other.add({1, 1}, 3, Failure::conversion, "one more");
  other.add({1, 2}, 3, Failure::overflow);
  failures.append(other);
  ASSERT_EQ(failures.entries().size(), 2U);
  EXPECT_EQ(failures.entries()[0].count, 51U);
  EXPECT_EQ(failures.entries()[0].messages.size(), EvaluationWarnings::kMostMessages);
  EXPECT_EQ(failures.entries()[1].messages, std::vector<std::string>{"overflow"});
}

}  // namespace
}  // namespace trailhound::engine
