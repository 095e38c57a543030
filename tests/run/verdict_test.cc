// What is said of rules that compare with a history which the data do not cover.

#include "run/verdict.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace trailhound::run
