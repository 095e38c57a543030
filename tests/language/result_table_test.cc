#include "result_table.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace trailhound::language_test {
namespace {

using event::LogicalType;

TEST(ResultTable, ReadsColumnsAndRows) {
  const ResultTable table = parse_result_table({"a:long, LEFT(s,, 1):keyword, d:double", R"([[1, 2], "x,\"y", 1])"});
  EXPECT_EQ(table.columns, (std::vector<std::string>{"a:long", "LEFT(s, 1):keyword", "d:double"}));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0], (std::vector<std::string>{"[1, 2]", R"("x,\"y")", "1"}));
}

TEST(ResultTable, RefusesWhatIsNoTable) {
  EXPECT_THROW((void)parse_result_table({}), std::runtime_error);
  EXPECT_THROW((void)parse_result_table({"a"}), std::runtime_error);
  EXPECT_THROW((void)parse_result_table({"a:long", "[1, 2]"}), std::runtime_error);
  EXPECT_THROW((void)parse_result_table({"a:long", "1"}), std::runtime_error);
}

TEST(ResultTable, PrintsResultsByType) {
  run::QueryResult result;
  result.columns = {{"t", LogicalType::date}, {"n", LogicalType::date_nanos}, {"u", LogicalType::unsigned_long},
                    {"d", LogicalType::real}, {"k", LogicalType::any},        {"x", LogicalType::long_integer}};
  result.rows = {{{Value(std::int64_t{1'500'000})},
                  {Value(std::int64_t{-1})},
                  {Value(std::int64_t{-1})},
                  {Value(0.1 + 0.2), Value(-0.0)},
                  {},
                  {Value(1.5)}}};
  EXPECT_EQ(to_result_table(result).text(),
            "t:date, n:date_nanos, u:unsigned_long, d:double, k:keyword, x:long\n"
            "[\"1970-01-01T00:00:01.500Z\", \"1969-12-31T23:59:59.999999999Z\", 18446744073709551615, [0.3, 0], null, "
            "double 1.5]");
}

TEST(ResultTable, SortsRowsAndValues) {
  ResultTable table = parse_result_table({"a:keyword", R"(["z"])", R"([["b", "a, c", "a"]])"});
  table.sort_values();
  table.sort_rows();
  EXPECT_EQ(table.text(), "a:keyword\n[\"z\"]\n[[\"a\", \"a, c\", \"b\"]]");
}

}  // namespace
}  // namespace trailhound::language_test
