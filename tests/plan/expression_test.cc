#include "plan/expression.h"

#include <gtest/gtest.h>

#include <set>

#include "plan/condition.h"
#include "plan/severity.h"

namespace trailhound::plan {
namespace {

event::ColumnRef column_named(std::string name) {
  event::Column column;
  column.view = event::View::ecs;
  column.name = std::move(name);
  column.type = LogicalType::keyword;
  return std::make_shared<const event::Column>(std::move(column));
}

Expr test_of(Expr scalar) {
  return make(Compare{ComparisonOp::equal, Domain::native, std::move(scalar), literal("x", LogicalType::keyword)});
}

TEST(Expression, JoiningFlattensAndKnowsItsNeutralElements) {
  const Expr a = test_of(column(column_named("a")));
  const Expr b = test_of(column(column_named("b")));
  EXPECT_EQ(all_of({a}), a);
  EXPECT_TRUE(equal(all_of({}), constant(true)));
  EXPECT_TRUE(equal(any_of({}), constant(false)));
  EXPECT_TRUE(equal(all_of({all_of({a, b}), a}), make(And{{a, b, a}})));
  EXPECT_EQ(std::get<Or>(any_of({all_of({a, b}), b})->node).operands.size(), 2u);
}

TEST(Expression, EqualOnesHaveOneHashAndOthersMostlyAnother) {
  const Expr a = column(column_named("a"), {3, 4});
  EXPECT_EQ(hash_of(test_of(a)), hash_of(test_of(column(column_named("a")))));
  const auto one = literal(std::int64_t{1}, LogicalType::any);
  EXPECT_EQ(hash_of(one), hash_of(literal(std::int64_t{1}, LogicalType::any)));
  const auto in = [&](Values values) { return make(OneOf{.needle = a, .values = std::move(values)}); };
  const Expr others[] = {a,
                         one,
                         test_of(a),
                         test_of(column(column_named("b"))),
                         negate(test_of(a)),
                         make(Single{a}),
                         make(Present{a}),
                         all_of({test_of(a), make(Present{a})}),
                         any_of({test_of(a), make(Present{a})}),
                         in({std::string("x")}),
                         in({std::string("x"), std::string("y")}),
                         make(Match{a, Pattern({{Pattern::Piece::Kind::literal, "x"}}, Pattern::Fold::none)}),
                         make(Match{a, Pattern({{Pattern::Piece::Kind::literal, "y"}}, Pattern::Fold::none)})};
  std::set<std::uint64_t> hashes;
  for (const Expr& other : others) hashes.insert(hash_of(other));
  EXPECT_EQ(hashes.size(), std::size(others));
}

TEST(Expression, EqualityLooksAtEveryPartButThePlace) {
  const Expr a = column(column_named("a"));
  EXPECT_TRUE(equal(column(column_named("a"), {3, 4}), a));
  EXPECT_FALSE(equal(column(column_named("b")), a));
  EXPECT_FALSE(equal(make(Single{a}), a));
  EXPECT_FALSE(equal(make(Single{a}, LogicalType::ip), make(Single{a})));
  EXPECT_FALSE(equal(literal("5", LogicalType::keyword), literal(std::int64_t{5}, LogicalType::keyword)));
  EXPECT_FALSE(equal(make(Present{a, Present::Need::key}), make(Present{a, Present::Need::leaf})));
  EXPECT_FALSE(equal(make(OneOf{a, Domain::text, {}, true}), make(OneOf{a, Domain::text, {}, false})));
}

TEST(Expression, CollectsEachColumnOnce) {
  const Expr a = column(column_named("a"));
  const Expr twin = column(column_named("a"));
  const Expr b = column(column_named("b"));
  std::vector<event::ColumnRef> columns;
  collect_columns(all_of({test_of(b), make(Exists{a, test_of(make(Variable{0}))}),
                          make(Call{Function::concat, {twin, b}}, LogicalType::keyword)}),
                  columns);
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns[0]->name, "b");
  EXPECT_EQ(columns[1]->name, "a");
}

TEST(Expression, NeverNullIsClaimedOnlyWhereItHolds) {
  const Expr a = column(column_named("a"));
  const Expr present = make(Present{a, Present::Need::value});
  EXPECT_TRUE(never_null(make(Exists{a, test_of(make(Variable{0}))})));
  EXPECT_TRUE(never_null(make(And{{present, make(Not{present})}})));
  EXPECT_TRUE(never_null(make(IsTrue{test_of(a)})));
  EXPECT_TRUE(never_null(constant(false)));
  EXPECT_FALSE(never_null(test_of(a)));
  EXPECT_FALSE(never_null(make(Or{{present, test_of(a)}})));
  EXPECT_FALSE(never_null(literal({}, LogicalType::null)));
  EXPECT_FALSE(never_null(make(Literal{{Value("x"), Value()}})));
  EXPECT_FALSE(never_null(a));
}

TEST(Expression, SingleValuedIsClaimedOnlyWhereItHolds) {
  const Expr a = column(column_named("a"));
  EXPECT_TRUE(single_valued(make(Single{a})));
  EXPECT_TRUE(single_valued(make(Variable{1})));
  EXPECT_TRUE(single_valued(constant(true)));
  EXPECT_TRUE(single_valued(test_of(a)));
  EXPECT_TRUE(single_valued(make(Call{Function::to_lower, {make(Single{a})}})));
  EXPECT_FALSE(single_valued(make(Call{Function::to_lower, {a}})));
  EXPECT_FALSE(single_valued(make(Call{Function::coalesce, {make(Single{a}), a}})));
  EXPECT_FALSE(single_valued(make(Each{a, make(Variable{0})})));
  EXPECT_FALSE(single_valued(make(Literal{{Value("x"), Value("y")}})));
  EXPECT_FALSE(single_valued(a));
}

Condition condition(auto node) { return std::make_shared<const ConditionNode>(ConditionNode{std::move(node)}); }
Condition compare(int left, ComparisonOp op, double right) {
  return condition(ConditionCompare{{left, 1}, op, {-1, right}});
}

TEST(Condition, PrintsAsRulesWriteIt) {
  const std::vector<std::string> names{"a", "b"};
  const Condition many = compare(0, ComparisonOp::greater, 3);
  const Condition some = compare(1, ComparisonOp::greater, 0);
  EXPECT_EQ(print(condition(ConditionAll{{many, some}}), names), "a > 3 && b > 0");
  EXPECT_EQ(print(condition(ConditionAll{{many, condition(ConditionAny{{many, some}})}}), names),
            "a > 3 && (a > 3 || b > 0)");
  EXPECT_EQ(print(condition(ConditionAny{{many, condition(ConditionAll{{many, some}})}}), names),
            "a > 3 || a > 3 && b > 0");
  EXPECT_EQ(print(condition(ConditionThen{condition(ConditionThen{many, some}), some}), names),
            "(a > 3 THEN b > 0) THEN b > 0");
  EXPECT_EQ(print(condition(ConditionCompare{{0, 2}, ComparisonOp::greater_equal, {1, 0.5}}), names), "2*a >= 0.5*b");
  EXPECT_TRUE(equal(condition(ConditionAll{{many}}), condition(ConditionAll{{compare(0, ComparisonOp::greater, 3)}})));
  EXPECT_FALSE(equal(condition(ConditionAll{{many}}), condition(ConditionAny{{many}})));
}

TEST(Severity, NamesGoBothWays) {
  for (const char* name : {"info", "low", "medium", "high", "critical"})
    EXPECT_EQ(name_of(*severity_named(name)), name);
  EXPECT_FALSE(severity_named("High"));
  EXPECT_LT(Severity::medium, Severity::high);
}

TEST(Functions, NamesGoBothWays) {
  for (int i = 0; i < static_cast<int>(function_count()); ++i) {
    const auto function = static_cast<Function>(i);
    EXPECT_EQ(function_named(info(function).name), function);
  }
  EXPECT_FALSE(function_named("drop_table"));
}

}  // namespace
}  // namespace trailhound::plan
