#include <gtest/gtest.h>

#include "documents.h"
#include "lang/kuery/kuery.h"

namespace trailhound::language_test {
namespace {

class Kql : public ::testing::TestWithParam<TextCase> {};

TEST_P(Kql, Case) {
  const TextCase& one = GetParam();
  EXPECT_FALSE(one.value("fact").empty()) << "a case names its fact";
  const kuery::Options options{.case_insensitive = one.value("option") == "case_insensitive"};
  EXPECT_EQ(
      check_filter_case(one, [&](std::string_view query, const lang::Fields& fields,
                                 lang::Reporter& reporter) { return kuery::lower(query, fields, options, reporter); }),
      "")
      << "tests/language/" << one.file << ":" << one.line << "\n"
      << one.value("query");
}

INSTANTIATE_TEST_SUITE_P(Suite, Kql, ::testing::ValuesIn(read_cases("kql")),
                         [](const auto& one) { return test_name(one.param); });

}  // namespace
}  // namespace trailhound::language_test
