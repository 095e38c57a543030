// How conditions read for people.

#include "plan/describe.h"

#include <gtest/gtest.h>

#include "event/catalog.h"

namespace trailhound::plan {
namespace {

Expr any_of_column(std::string_view name, Expr body) {
  const event::Catalog catalog;
  return make(Exists{column(*catalog.find(event::View::ecs, name)), std::move(body)});
}
Expr element() { return make(Variable{0}); }
Expr text(std::string value) { return literal(Value(std::move(value)), LogicalType::keyword); }

TEST(Describe, SpansAreWrittenAsPeopleDo) {
  const auto span = [](std::int64_t micros) { return literal(micros, LogicalType::time_duration); };
  EXPECT_EQ(describe(span(300'000'000)), "5 min");
  EXPECT_EQ(describe(span(-3'600'000'000)), "-1 h");
}

TEST(Describe, ElementsOfALiftReadAsTheirField) {
  const Expr is =
      any_of_column("event.action", make(Compare{ComparisonOp::equal, Domain::native, element(), text("A")}));
  EXPECT_EQ(describe(is), "event.action = \"A\"");
  EXPECT_EQ(describe(negate(is)), "not event.action = \"A\"");
  EXPECT_EQ(describe(any_of({is, negate(all_of({is, is}))})),
            "event.action = \"A\" or not (event.action = \"A\" and event.action = \"A\")");
}

TEST(Describe, AlternativesInALiftStayTogether) {
  const auto is = [](const char* value) {
    return make(Compare{ComparisonOp::equal, Domain::native, element(), text(value)});
  };
  const Expr either = any_of_column("user.name", any_of({is("a"), is("b")}));
  EXPECT_EQ(describe(negate(either)), "not (user.name = \"a\" or user.name = \"b\")");
  EXPECT_EQ(describe(all_of({make(IsTrue{either}), any_of_column("event.action", is("C"))})),
            "(user.name = \"a\" or user.name = \"b\") and event.action = \"C\"");
}

TEST(Describe, NumbersBesideDatesAreDates) {
  const event::Catalog catalog;
  const Expr time = column(*catalog.find(event::View::ecs, "@timestamp"));
  EXPECT_EQ(describe(make(Compare{ComparisonOp::less, Domain::native, time,
                                  literal(std::int64_t{1'777'888'800'000'000}, LogicalType::any)})),
            "@timestamp < 2026-05-04T10:00:00Z");
}

TEST(Describe, PatternsListsAndLetterCase) {
  const Pattern pattern({{Pattern::Piece::Kind::literal, "svc-"}, {Pattern::Piece::Kind::any_run, ""}},
                        Pattern::Fold::ascii);
  EXPECT_EQ(describe(any_of_column("user.name", make(Match{element(), pattern}))),
            "user.name like \"svc-*\" (any letter case)");
  Values many;
  for (int i = 0; i < 20; ++i) many.emplace_back(std::int64_t{i});
  EXPECT_EQ(describe(any_of_column("source.as.number", make(OneOf{element(), Domain::native, many}))),
            "source.as.number in (0, 1, 2, 3, 4, 5, 6, 7, ... 12 more)");
}

TEST(Describe, RegularExpressionsAreShown) {
  const auto pattern = Pattern::regular("Get.*|List.+", Pattern::Fold::none);
  ASSERT_TRUE(pattern.has_value());
  EXPECT_EQ(describe(make(Match{text("a"), *pattern})), R"("a" matches "Get.*|List.+")");
}

TEST(Describe, ValuesAsShownBesideThem) {
  EXPECT_EQ(describe(Values{}), "null");
  EXPECT_EQ(describe(Values{Value(std::string("a"))}), "\"a\"");
  EXPECT_EQ(describe(Values{Value(std::int64_t{1}), Value(true)}), "[1, true]");
}

TEST(Describe, DeepExpressionsEnd) {
  Expr deep = constant(true);
  for (int i = 0; i < 1000; ++i) deep = make(Not{deep});
  EXPECT_NE(describe(deep).find("..."), std::string::npos);
}

}  // namespace
}  // namespace trailhound::plan
