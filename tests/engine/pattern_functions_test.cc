// Kernels of patterns and multi-values, called as plans call them.

#include <gtest/gtest.h>

#include <utility>

#include "engine/evaluator.h"
#include "parameter_name.h"
#include "plan/expression.h"

namespace trailhound::engine {
namespace {

class NoColumns final : public plan::ColumnResolver {
 public:
  Result<event::ColumnRef> find(event::View, std::string_view) const override { return fail("no columns here"); }
};

// The values joined by bars, "null" for none; a "!" in front if there was a warning.
std::string value_of(const std::string& text) {
  const auto expression = plan::parse_expression(text, NoColumns());
  if (!expression) return "error: " + expression.error().text();
  Arena arena;
  EvaluationContext context{.arena = arena};
  const Cell cell = evaluate(*expression, context);
  std::string out = context.warnings > 0 ? "!" : "";
  if (!cell.has_values()) return out + "null";
  bool first = true;
  for (const Scalar& value : cell.values()) {
    if (!std::exchange(first, false)) out += '|';
    out += to_text(value);
  }
  return out;
}

struct Case {
  const char* expression;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.expression; }
class Kernels : public testing::TestWithParam<Case> {};
TEST_P(Kernels, Give) { EXPECT_EQ(value_of(GetParam().expression), GetParam().expected) << GetParam(); }

// clang-format off
INSTANTIATE_TEST_SUITE_P(Choosing, Kernels, testing::Values(
    Case{"(mv_count [1 2 2])", "3"}, Case{"(mv_count null)", "null"}, Case{"(mv_count 5)", "1"},
    Case{"(mv_first [3 1 2])", "3"}, Case{"(mv_last [3 1 2])", "2"}, Case{"(mv_first null)", "null"}, Case{"(mv_last \"x\")", "x"},
    Case{"(mv_min [3 1 2])", "1"}, Case{"(mv_max [\"a\" \"B\" \"c\"])", "c"}, Case{"(mv_min [\"a\" \"B\"])", "B"}, Case{"(mv_max [true false])", "true"},
    Case{"(mv_min null)", "null"}, Case{"(mv_max [1.5 -2.5])", "1.5"}, Case{"(mv_min [ip\"10.0.0.2\" ip\"9.0.0.1\"])", "9.0.0.1"},
    Case{"(mv_sort [3 1 2])", "1|2|3"}, Case{"(mv_sort [3 1 2] \"DESC\")", "3|2|1"}, Case{"(mv_sort null)", "null"}, Case{"(mv_sort [1 2] null)", "null"},
    Case{"(mv_dedupe [2 1 2 1])", "2|1"}, Case{"(mv_dedupe [1 1])", "1"}, Case{"(mv_dedupe null)", "null"}), [](const auto& test) { return parameter_name(test.index, test.param.expression); });

INSTANTIATE_TEST_SUITE_P(Slices, Kernels, testing::Values(
    Case{"(mv_slice [1 2 3 4] 1)", "2"}, Case{"(mv_slice [1 2 3 4] 1 2)", "2|3"}, Case{"(mv_slice [1 2 3 4] -2 -1)", "3|4"},
    Case{"(mv_slice [1 2 3 4] 2 9)", "3|4"}, Case{"(mv_slice [1 2 3 4] -9 -4)", "1"}, Case{"(mv_slice [1 2 3 4] 4)", "null"},
    Case{"(mv_slice [1 2 3 4] -5)", "null"}, Case{"(mv_slice [1 2 3 4] 2 1)", "!null"}, Case{"(mv_slice [1 2 3 4] -1 2)", "!null"},
    Case{"(mv_slice 7 0)", "7"}, Case{"(mv_slice 7 -1)", "7"}, Case{"(mv_slice null 0)", "null"}, Case{"(mv_slice [1 2] null)", "null"}), [](const auto& test) { return parameter_name(test.index, test.param.expression); });

INSTANTIATE_TEST_SUITE_P(Joining, Kernels, testing::Values(
    Case{"(mv_concat [\"a\" \"b\"] \", \")", "a, b"}, Case{"(mv_concat \"a\" \"-\")", "a"}, Case{"(mv_concat null \"-\")", "null"}, Case{"(mv_concat [\"a\" \"b\"] null)", "null"},
    Case{"(mv_append [1 2] [2 3])", "1|2|2|3"}, Case{"(mv_append 1 null)", "null"}, Case{"(mv_append null 1)", "null"}, Case{"(mv_append 1 2)", "1|2"},
    Case{"(mv_zip [\"a\" \"b\"] [\"1\" \"2\"])", "a,1|b,2"}, Case{"(mv_zip [\"a\" \"b\"] \"1\" \"-\")", "a-1|b"}, Case{"(mv_zip \"a\" [\"1\" \"2\"])", "a,1|2"},
    Case{"(mv_zip null [\"1\" \"2\"])", "1|2"}, Case{"(mv_zip \"a\" null)", "a"}, Case{"(mv_zip null null)", "null"}, Case{"(mv_zip \"a\" \"b\" null)", "null"}), [](const auto& test) { return parameter_name(test.index, test.param.expression); });

INSTANTIATE_TEST_SUITE_P(Sets, Kernels, testing::Values(
    Case{"(mv_contains [1 2 3] [3 1])", "true"}, Case{"(mv_contains [1 2] 3)", "false"}, Case{"(mv_contains null \"x\")", "false"},
    Case{"(mv_contains \"x\" null)", "true"}, Case{"(mv_contains null null)", "true"},
    Case{"(mv_intersects [1 2] [2 3])", "true"}, Case{"(mv_intersects [1 2] 3)", "false"}, Case{"(mv_intersects null 3)", "false"}, Case{"(mv_intersects null null)", "false"},
    Case{"(mv_intersection [3 1 2 1] [1 3 9])", "3|1"}, Case{"(mv_intersection 1 2)", "null"}, Case{"(mv_intersection null 2)", "null"}, Case{"(mv_intersection 2 null)", "null"},
    Case{"(mv_union [3 1] [1 2])", "3|1|2"}, Case{"(mv_union null [1 1])", "1"}, Case{"(mv_union null null)", "null"},
    Case{"(mv_difference [3 1 2 3] [1 9])", "3|2"}, Case{"(mv_difference null 1)", "null"}, Case{"(mv_difference [1 2] null)", "1|2"}, Case{"(mv_difference 1 1)", "null"}), [](const auto& test) { return parameter_name(test.index, test.param.expression); });

INSTANTIATE_TEST_SUITE_P(Numbers, Kernels, testing::Values(
    Case{"(mv_sum [1 2 3])::long", "6"}, Case{"(mv_sum [2147483647 1]::integer)::integer", "!null"}, Case{"(mv_sum [9223372036854775807 1])::long", "!null"},
    Case{"(mv_sum [0.1 0.2 0.3])::double", "0.6"}, Case{"(mv_sum null)::long", "null"}, Case{"(mv_sum [-1 -1]::unsigned_long)::unsigned_long", "!null"},
    Case{"(mv_avg [1 2])::double", "1.5"}, Case{"(mv_avg null)::double", "null"},
    Case{"(mv_median [3 1 2])::long", "2"}, Case{"(mv_median [1 2])::long", "1"}, Case{"(mv_median [-1 -2])::long", "-2"}, Case{"(mv_median [1.0 2.0])::double", "1.5"}, Case{"(mv_median 5)::long", "5"},
    Case{"(mv_median_absolute_deviation [0 2 5 6])::long", "2"}, Case{"(mv_median_absolute_deviation 7)::long", "0"}, Case{"(mv_median_absolute_deviation [1.0 2.0 4.0])::double", "1"},
    Case{"(mv_percentile [5 5 10 12 5000] 50)::long", "10"}, Case{"(mv_percentile [1 2] 25)::long", "1"}, Case{"(mv_percentile [1.0 2.0] 25)::double", "1.25"},
    Case{"(mv_percentile [1 2] 0)::long", "1"}, Case{"(mv_percentile [1 2] 100)::long", "2"}, Case{"(mv_percentile [1 2] 101)::long", "!null"}, Case{"(mv_percentile 3 50)::long", "3"},
    Case{"(mv_pseries_weighted_sum [1.0 4.0] 2.0)::double", "2"}, Case{"(mv_pseries_weighted_sum null 2.0)::double", "null"}), [](const auto& test) { return parameter_name(test.index, test.param.expression); });

INSTANTIATE_TEST_SUITE_P(Texts, Kernels, testing::Values(
    Case{"(replace \"a1b2\" \"\\\\d\" \"<$0>\")", "a<1>b<2>"}, Case{"(replace null \"a\" \"b\")", "null"}, Case{"(replace \"a\" \"(\" \"b\")", "!null"}, Case{"(replace \"a\" \"a\" \"$1\")", "!null"},
    Case{"(replace [\"a\" \"b\"] \"a\" \"c\")", "!null"},
    Case{"(split \"a;b;;c\" \";\")", "a|b||c"}, Case{"(split \"abc\" \";\")", "abc"}, Case{"(split \";\" \";\")", "|"}, Case{"(split \"\" \";\")", ""}, Case{"(split null \";\")", "null"}, Case{"(split \"a\" \"::\")", "!null"},
    Case{"(url_encode \"a b/é~\")", "a+b%2F%C3%A9~"}, Case{"(url_encode_component \"a b\")", "a%20b"}, Case{"(url_decode \"a+b%2f%C3%A9\")", "a b/é"},
    Case{"(url_decode \"%4\")", "!null"}, Case{"(url_decode \"%zz\")", "!null"}, Case{"(url_decode \"%FF\")", "\xEF\xBF\xBD"}, Case{"(url_decode null)", "null"},
    Case{"(json_extract \"{\\\"a\\\": [1, 2.50]}\" \"a[1]\")", "2.50"}, Case{"(json_extract \"{\\\"a\\\": null}\" \"a\")", "null"}, Case{"(json_extract \"{}\" \"a\")", "!null"}, Case{"(json_extract \"x\" \"a\")", "!null"},
    Case{"(grok [\"%{WORD:a} %{INT:b:int}\"] \"b\" \"x 5\")", "5"}, Case{"(grok [\"%{WORD:a}\"] \"a\" [\"x\" \"-\" \"y\"])", "x|y"}, Case{"(grok [\"%{WORD:a}\"] \"a\" null)", "null"},
    Case{"(dissect \"%{a}=%{b}\" \"\" \"b\" \"x=y\")", "y"}, Case{"(dissect \"%{a}=%{b}\" \"\" \"b\" \"xy\")", "null"}, Case{"(dissect \"%{+a} %{+a}\" \"-\" \"a\" \"x y\")", "x-y"}), [](const auto& test) { return parameter_name(test.index, test.param.expression); });
// clang-format on

}  // namespace
}  // namespace trailhound::engine
