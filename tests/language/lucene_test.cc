#include <gtest/gtest.h>

#include "documents.h"
#include "lang/lucene/lucene.h"

namespace trailhound::language_test {
namespace {

class Lucene : public ::testing::TestWithParam<TextCase> {};

TEST_P(Lucene, Case) {
  const TextCase& one = GetParam();
  EXPECT_FALSE(one.value("fact").empty()) << "a case names its fact";
  const lucene::Options options{.default_field = std::string(one.value("field")),
                                .all_terms = one.value("option") == "all_terms"};
  EXPECT_EQ(
      check_filter_case(one, [&](std::string_view query, const lang::Fields& fields,
                                 lang::Reporter& reporter) { return lucene::lower(query, fields, options, reporter); }),
      "")
      << "tests/language/" << one.file << ":" << one.line << "\n"
      << one.value("query");
}

INSTANTIATE_TEST_SUITE_P(Suite, Lucene, ::testing::ValuesIn(read_cases("lucene")),
                         [](const auto& one) { return test_name(one.param); });

}  // namespace
}  // namespace trailhound::language_test
