// What EQL becomes: the plan's text, and where its parts stand in the query.

#include <gtest/gtest.h>

#include <string>

#include "event/catalog.h"
#include "lang/eql/eql.h"

namespace trailhound::eql {
namespace {

std::optional<Lowered> lowered(const std::string& query, const Options& options = {}) {
  static const event::Catalog catalog;
  static const lang::EcsFields fields(catalog);
  Diagnostics diagnostics;
  const lang::Origin origin;
  lang::Reporter reporter(query, origin, diagnostics);
  auto result = lower(query, fields, options, reporter);
  for (const Diagnostic& finding : diagnostics.all()) ADD_FAILURE() << to_text(finding);
  return result;
}

/// The filter without its is_true.
plan::Expr filter_of(const std::string& query) {
  const auto result = lowered(query);
  return std::get<plan::IsTrue>(result->queries.front().filter->node).operand;
}
std::string printed(const std::string& query) { return plan::print(filter_of(query)); }

TEST(EqlLowering, TestsOfFieldsAreSearchesOfTheirValues) {
  EXPECT_EQ(printed("any where user.name == \"a\""), "(exists ecs:user.name (= %0::keyword \"a\"))");
  EXPECT_EQ(printed("any where user.name != \"a\""), "(not (exists ecs:user.name (= %0::keyword \"a\")))");
  EXPECT_EQ(printed("any where user.name == null"), "(not (has_value ecs:user.name))");
}

TEST(EqlLowering, ListsAreSetsWithoutDuplicates) {
  EXPECT_EQ(printed("any where user.name in (\"b\", \"a\", \"b\")"), printed("any where user.name in (\"a\", \"b\")"));
}

TEST(EqlLowering, CategoriesAreConjuncts) {
  EXPECT_EQ(printed("iam where true"), printed("any where event.category == \"iam\""));
  EXPECT_EQ(printed("iam where user.name == \"a\""),
            printed("any where event.category == \"iam\" and user.name == \"a\""));
}

TEST(EqlLowering, ConstantsDecide) {
  EXPECT_EQ(printed("any where true or user.name == \"a\""), printed("any where true"));
  EXPECT_EQ(printed("any where 1 > 2 and user.name == \"a\""), printed("any where false"));
  EXPECT_EQ(printed("any where true and user.name == \"a\""), printed("any where user.name == \"a\""));
}

TEST(EqlLowering, EventQueriesHitEach) {
  const auto result = lowered("any where true");
  EXPECT_TRUE(std::holds_alternative<plan::EachHit>(result->op));
  EXPECT_EQ(result->queries.size(), 1u);
  EXPECT_TRUE(result->queries.front().key.empty());
}

TEST(EqlLowering, EveryTestSaysWhereItStands) {
  const plan::Expr filter =
      filter_of("iam where user.name == \"a\"\n  and not event.action : \"x*\" or length(user.id) > 3");
  const auto* both = std::get_if<plan::And>(&filter->node);
  ASSERT_TRUE(both != nullptr);
  ASSERT_EQ(both->operands.size(), 2u);
  const auto place = [](const plan::Expr& e) {
    return std::to_string(e->at.line) + ":" + std::to_string(e->at.column);
  };
  EXPECT_EQ(place(both->operands[0]), "1:1");
  EXPECT_EQ(place(both->operands[1]), "1:11");
  const auto* either = std::get_if<plan::Or>(&both->operands[1]->node);
  ASSERT_TRUE(either != nullptr);
  const auto* first = std::get_if<plan::And>(&either->operands[0]->node);
  ASSERT_TRUE(first != nullptr);
  EXPECT_EQ(place(first->operands[0]), "1:11");
  EXPECT_EQ(place(first->operands[1]), "2:7");
  EXPECT_EQ(place(either->operands[1]), "2:34");
}

TEST(EqlLowering, PlansReadBack) {
  const auto result = lowered(
      "sequence by ?user.name with maxspan=5m [any where stringContains~(user.id, \"a*b\")] with runs=2 "
      "![iam where user.name regex \"a[bc]\"] [any where substring(user.name, 1, -1) == \"x\"] until [any where true]");
  ASSERT_TRUE(result);
  const auto* sequence = std::get_if<plan::Sequence>(&result->op);
  ASSERT_TRUE(sequence != nullptr);
  const std::vector<plan::Sequence::Stage> stages{{0, false}, {0, false}, {1, true}, {2, false}};
  EXPECT_EQ(sequence->stages, stages);
  EXPECT_EQ(sequence->until, 3u);
  EXPECT_EQ(sequence->max_span, Duration::seconds(300));
  for (const plan::Query& query : result->queries) EXPECT_EQ(query.missing, plan::MissingKey::null_group);
}

}  // namespace
}  // namespace trailhound::eql
