/// Whether the near-misses are near, and whether they are all there: each condition of a rule's filter must be the only
/// one that some event lacks. (Cases name all signals that must come, so that such an event counts in none.)

#include <algorithm>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluator.h"
#include "event/records.h"
#include "plan/expression.h"
#include "public_rules/loaded_rules.h"

namespace trailhound {
namespace {

/// The conditions that all must hold.
void collect_conditions(const plan::Expr& filter, std::vector<plan::Expr>& conditions) {
  if (const auto* whole = std::get_if<plan::IsTrue>(&filter->node))
    return collect_conditions(whole->operand, conditions);
  if (const auto* all = std::get_if<plan::And>(&filter->node)) {
    for (const plan::Expr& operand : all->operands) collect_conditions(operand, conditions);
    return;
  }
  conditions.push_back(filter);
}

/// Fields that another one decides: category and type follow from the call, the outcome from the error, and what is
/// told about a login is there for that call only.
std::string source_of(const std::string& field) {
  if (field == "event.category" || field == "event.type") return "event.action";
  if (field.starts_with("aws.cloudtrail.console_login.")) return "event.action";
  if (field.starts_with("source.")) return "source.address";
  if (field == "event.outcome") return "aws.cloudtrail.error_code";
  return field;
}

bool share_a_source(const plan::Expr& a, const plan::Expr& b) {
  std::vector<event::ColumnRef> of_a, of_b;
  plan::collect_columns(a, of_a);
  plan::collect_columns(b, of_b);
  return std::ranges::any_of(of_a, [&](const event::ColumnRef& one) {
    return std::ranges::any_of(
        of_b, [&](const event::ColumnRef& other) { return source_of(one->name) == source_of(other->name); });
  });
}

bool reads(const plan::Expr& condition, std::string_view field) {
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(condition, columns);
  return std::ranges::any_of(columns, [&](const event::ColumnRef& column) { return column->name == field; });
}

/// False for what no event can lack while it satisfies the other conditions: the data set, a call, the call's category
/// beside the call itself, and that it succeeded or failed.
bool can_fail(const plan::Expr& condition, const std::vector<plan::Expr>& all) {
  if (reads(condition, "data_stream.dataset") || reads(condition, "event.dataset")) return false;
  if (reads(condition, "event.category") || reads(condition, "event.type")) {
    return std::ranges::none_of(all, [](const plan::Expr& other) { return reads(other, "event.action"); });
  }
  const std::string text = plan::print(condition);
  return text != "(present value ecs:event.action)" &&
         text != R"((exists ecs:event.outcome (one_of %0 ["failure" "success"])))";
}

/// The conditions that are the only ones to fail for some record, but for others over the same field: a missing value
/// may fail two conditions at once.
std::set<std::size_t> decisive(const std::vector<plan::Expr>& conditions, const std::string& records) {
  std::set<std::size_t> found;
  event::BatchReader reader;
  (void)event::read_window(reader, as_array(records), [&](event::Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      const event::Record record(batch, row);
      std::vector<std::size_t> failing;
      for (std::size_t i = 0; i < conditions.size(); ++i) {
        Arena arena;
        engine::EvaluationContext context{.record = &record, .arena = arena};
        if (engine::truth(conditions[i], context) != Truth::yes) failing.push_back(i);
      }
      for (const std::size_t i : failing) {
        const bool alone = std::ranges::all_of(
            failing, [&](std::size_t other) { return share_a_source(conditions[i], conditions[other]); });
        if (alone) found.insert(i);
      }
    }
  });
  return found;
}

TEST_F(PublicRules, HaveANearMissForEachCondition) {
  std::size_t all = 0;
  for (const run::RuleCaseFile& file : files) {
    const rule::RuleRef rule = rule_of(file);
    if (!rule) continue;
    for (const plan::Query& query : rule->plan.queries) {
      std::vector<plan::Expr> conditions;
      collect_conditions(query.filter, conditions);
      std::set<std::size_t> found;
      for (const run::RuleCase& c : file.cases) found.merge(decisive(conditions, c.records));
      for (std::size_t i = 0; i < conditions.size(); ++i) {
        if (!can_fail(conditions[i], conditions)) continue;
        ++all;
        EXPECT_TRUE(found.contains(i)) << file.path << ": no event lacks only " << plan::print(conditions[i]);
      }
    }
  }
  std::cout << all << " conditions have a near-miss\n";
}

}  // namespace
}  // namespace trailhound
