// What is said of rules that compare with a history which the data do not cover.

#include "run/verdict.h"

#include <gtest/gtest.h>

#include "event/catalog.h"

namespace trailhound::run {
namespace {

constexpr std::int64_t kDay = 86'400;

RuleEntry verdict_on(plan::Operator op, Duration span, std::uint64_t hits, std::uint64_t signals) {
  rule::Rule rule;
  rule.id = "rule";
  rule.plan.queries.resize(1);
  rule.plan.op = std::move(op);
  std::vector<engine::QueryReach> reach(1);
  reach[0].hits = 1;
  engine::RuleReport report;
  report.hits = hits;
  report.episodes = signals;
  const Coverage coverage;
  return judge(rule, reach, report, {.coverage = coverage, .span = span});
}

TEST(Verdict, NewTermsOverLessThanTheirHistoryAreCold) {
  const plan::NewTerms terms{Duration::seconds(10 * kDay), Duration::seconds(360), Duration::seconds(300)};
  const RuleEntry cold = verdict_on(terms, Duration::seconds(3 * kDay), 7, 2);
  EXPECT_EQ(cold.outcome, RuleOutcome::fired);
  EXPECT_EQ(cold.reason, "looks back 10 d, the logs span 3 d: what is new here may be old");
  EXPECT_EQ(verdict_on(terms, Duration::seconds(3 * kDay), 7, 0).reason, cold.reason);
  EXPECT_EQ(verdict_on(terms, Duration::seconds(3 * kDay), 0, 0).reason, "");
  EXPECT_EQ(verdict_on(terms, Duration::seconds(10 * kDay), 7, 2).reason, "");
}

TEST(Verdict, AnomalyJobsCannotFireBeforeTheyHaveLearned) {
  const plan::AnomalyJob job{plan::AnomalyJob::Detector::rare, 0, Duration::seconds(3600), 50};
  const RuleEntry entry = verdict_on(job, Duration::seconds(5 * 3600), 7, 0);
  EXPECT_EQ(entry.outcome, RuleOutcome::cannot_fire);
  EXPECT_EQ(entry.reason, "learns 21 active buckets of 1 h, the logs span 5 h");
  EXPECT_EQ(verdict_on(job, Duration::seconds(21 * 3600), 7, 0).outcome, RuleOutcome::could_fire);
}

TEST(Verdict, TheNearestMissIsTheConditionThatTurnedMostAway) {
  rule::Rule rule;
  rule.plan.op = plan::EachHit{};
  rule.plan.queries.resize(1);
  rule.reads_events = true;
  const event::Catalog catalog;
  const auto column = *catalog.find(event::View::ecs, "user.name");
  const auto is = [&](const char* name) {
    return plan::make(
        plan::Exists{plan::column(column),
                     plan::make(plan::Compare{plan::ComparisonOp::equal, plan::Domain::native,
                                              plan::element(column->type), plan::literal(name, column->type)})});
  };
  const plan::Expr wanted = is("a"), unwanted = plan::negate(is("b"));
  rule.plan.queries[0].filter = plan::make(plan::IsTrue{plan::all_of({wanted, unwanted})});
  rule.plan.queries[0].key = {{"user.name", plan::column(column)}};
  std::vector<engine::QueryReach> reach(1);
  reach[0] = {
      .candidates = 4, .hits = 0, .keyless = 0, .conjuncts = {{wanted, true, true, 1}, {unwanted, true, true, 3}}};
  const Coverage coverage;
  const Observed observed{.coverage = coverage, .span = Duration::seconds(1)};
  EXPECT_EQ(judge(rule, reach, {}, observed).nearest,
            "4 events fit the service and call, but 3 not: not user.name = \"b\"");
  reach[0] = {.candidates = 1, .hits = 1, .keyless = 1, .conjuncts = {}};
  EXPECT_EQ(judge(rule, reach, {}, observed).nearest, "1 event matches, but without user.name");
}

}  // namespace
}  // namespace trailhound::run
