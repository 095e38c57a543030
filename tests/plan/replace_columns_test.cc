// The same expression over other columns.

#include "plan/replace_columns.h"

#include <gtest/gtest.h>

#include "event/catalog.h"

namespace trailhound::plan {
namespace {

event::ColumnRef renamed(const event::ColumnRef& column) {
  event::Column made = *column;
  made.name += ".new";
  return std::make_shared<const event::Column>(std::move(made));
}

std::vector<std::string> names(const Expr& expression) {
  std::vector<event::ColumnRef> columns;
  collect_columns(expression, columns);
  std::vector<std::string> all;
  for (const auto& column : columns) all.push_back(column->name);
  return all;
}

Expr column_of(const std::string& name) {
  const event::Catalog catalog;
  return column(*catalog.find(event::View::ecs, name), {2, 5});
}

TEST(ReplaceColumns, ReachesEveryNode) {
  const auto subject = [] { return make(Variable{0}); };
  const auto same = [&](Expr left) {
    return make(Compare{ComparisonOp::equal, Domain::native, std::move(left), literal("x", LogicalType::keyword)});
  };
  const Expr all = make(IsTrue{make(And{{
      make(Exists{column_of("user.name"), same(subject())}),
      make(Not{same(make(Single{column_of("event.action")}))}),
      make(Or{{make(Present{column_of("cloud.region")}), make(OneOf{column_of("event.outcome"), Domain::native, {}})}}),
      make(Match{column_of("user.id"), Pattern()}),
      make(InNetwork{column_of("source.ip"), {}}),
      same(make(Each{column_of("event.category"), subject()})),
      same(make(Call{Function::length, {column_of("user_agent.original")}})),
  }})});
  const std::vector<std::string> before = names(all);
  ASSERT_EQ(before.size(), 8u);
  const Expr made = replace_columns(all, renamed);
  const std::vector<std::string> after = names(made);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i], before[i] + ".new");
  EXPECT_EQ(names(all), before);  // the old one stays what it was
}

TEST(ReplaceColumns, KeepsTypesAndPlacesAndSharesWhatReadsNothing) {
  const Expr made = replace_columns(column_of("source.ip"), renamed);
  EXPECT_EQ(made->type, LogicalType::ip);
  EXPECT_EQ(made->at.line, 2);
  const Expr constant_part = constant(true);
  EXPECT_EQ(replace_columns(constant_part, renamed), constant_part);
  EXPECT_EQ(replace_columns(nullptr, renamed), nullptr);
}

}  // namespace
}  // namespace trailhound::plan
