// Rules that run on a grid: whole buckets once, other keys as episodes of consecutive runs; against evaluating every
// run over every hit.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "engine/naive_operators.h"
#include "engine/row_aggregate.h"
#include "engine/state_testing.h"

namespace trailhound::engine::testing {
namespace {

using plan::LogicalType;
using Kind = plan::RunAggregate::Aggregation;

plan::Expr slot(std::uint32_t index, const std::string& name, LogicalType type = LogicalType::long_integer) {
  return plan::make(plan::Slot{index, name}, type);
}
plan::Expr slot_above(std::uint32_t index, const std::string& name, std::int64_t bound) {
  return plan::make(
      plan::IsTrue{plan::make(plan::Compare{plan::ComparisonOp::greater, plan::Domain::native,
                                            plan::make(plan::Single{slot(index, name)}, LogicalType::long_integer),
                                            plan::make(plan::Literal{{bound}}, LogicalType::long_integer)},
                              LogicalType::boolean)},
      LogicalType::boolean);
}

// STATS actions = COUNT_DISTINCT(argument), names = VALUES(argument) BY [bucket,] user | WHERE actions > bound
std::shared_ptr<rule::Rule> run_rule(bool bucketed, int bucket, int look_back, int interval, std::int64_t bound) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "runs";
  rule->severity = plan::Severity::low;
  rule->plan.queries = {query_named("rows")};
  plan::RunAggregate op;
  op.measures = {
      {.name = "actions", .aggregation = Kind::count_distinct, .filter = {}, .type = LogicalType::long_integer},
      {.name = "names", .aggregation = Kind::values, .filter = {}, .type = LogicalType::keyword}};
  if (bucketed) {
    rule->plan.queries[0].key.insert(rule->plan.queries[0].key.begin(), {"bucket", nullptr});
    op.bucket_key = 0;
    op.bucket = Duration::seconds(bucket);
  }
  op.look_back = Duration::seconds(look_back);
  op.interval = Duration::seconds(interval);
  op.having = slot_above(0, "actions", bound);
  op.outputs = {{"actions", slot(0, "actions")}, {"names", slot(1, "names", LogicalType::keyword)}};
  if (bucketed) op.outputs.push_back({"bucket", slot(2, "bucket", LogicalType::date)});
  rule->plan.op = op;
  return rule;
}

Hits& put_in_buckets(Hits& hits, int bucket) {
  Hits bucketed;
  for (Hit hit : hits.all()) {
    hit.group.insert(hit.group.begin(), floor_to(hit.time, Duration::seconds(bucket)).micros);
    bucketed.add(std::move(hit));
  }
  return hits = bucketed;
}

TEST(RunAggregate, AWholeBucketFiresOnceHoweverManyRunsSeeIt) {
  Hits hits;
  for (int i = 0; i < 7; ++i) hits.add(i, "u", "Call" + std::to_string(i));
  put_in_buckets(hits, 10);
  const Outcome outcome = run({run_rule(true, 10, 360, 300, 5)}, hits.all(), {}, kStart + Duration::seconds(5000));
  ASSERT_EQ(outcome.episodes.size(), 1u);
  const EpisodeRecord& e = outcome.episodes[0];
  EXPECT_EQ(after_start(e.trigger_time), 300);
  EXPECT_EQ(e.trigger_key, "");
  EXPECT_EQ(after_start(e.first_seen), 0);
  EXPECT_EQ(after_start(e.last_seen), 6);
  EXPECT_EQ(e.event_count, 7u);
  EXPECT_EQ(e.values[0].second, Values{std::int64_t{7}});
  EXPECT_EQ(e.values[1].second.size(), 7u);
  EXPECT_EQ(e.values[2].second, Values{std::string("2024-03-04T09:00:00Z")});
  EXPECT_EQ(e.key_names, (std::vector<std::string>{"bucket", "@userIdentity.arn"}));
}

TEST(RunAggregate, ABurstOverABucketsEdgeIsNotOne) {
  Hits hits;
  for (int i = 0; i < 6; ++i) hits.add(7 + i, "u", "Call" + std::to_string(i));
  put_in_buckets(hits, 10);
  const Outcome outcome = run({run_rule(true, 10, 360, 300, 5)}, hits.all());
  EXPECT_TRUE(outcome.episodes.empty());
  EXPECT_EQ(outcome.reports[0].nearest, "3 of 6 actions (2024-03-04T09:00:00Z, u)");
}

TEST(RunAggregate, TheRunAtTheFrontierIsTheLast) {
  Hits hits;
  for (int i = 0; i < 6; ++i) hits.add(290 + i, "u", "Call" + std::to_string(i));
  put_in_buckets(hits, 10);
  EXPECT_EQ(run({run_rule(true, 10, 360, 300, 5)}, hits.all()).episodes.size(), 1u);  // bucket ends at the run
  Hits late;
  for (int i = 0; i < 6; ++i) late.add(300, "u", "Call" + std::to_string(i));
  put_in_buckets(late, 10);
  const Outcome outcome = run({run_rule(true, 10, 360, 300, 5)}, late.all());  // frontier 300: no run at 600
  ASSERT_EQ(outcome.episodes.size(), 1u);                                      // the run at 300 sees all six
  EXPECT_EQ(after_start(outcome.episodes[0].trigger_time), 600);
  EXPECT_EQ(outcome.reports[0].open_windows, 0u);
}

TEST(RunAggregate, ABucketThatIsNotOverAtTheFrontierIsJudgedByTheLastRun) {
  Hits hits;
  for (int i = 0; i < 6; ++i) hits.add(20 + i, "u", "Call" + std::to_string(i));
  put_in_buckets(hits, 1800);
  const auto rule = run_rule(true, 1800, 3600, 300, 5);
  const Outcome early = run({rule}, hits.all());  // the last run stands at 300, the bucket's at 1800
  ASSERT_EQ(early.episodes.size(), 1u);
  const Outcome full = run({rule}, hits.all(), {}, kStart + Duration::seconds(1800));
  ASSERT_EQ(full.episodes.size(), 1u);
  EXPECT_EQ(early.episodes[0].trigger_time, full.episodes[0].trigger_time);
  Hits fewer;
  for (int i = 0; i < 5; ++i) fewer.add(20 + i, "u", "Call" + std::to_string(i));
  put_in_buckets(fewer, 1800);
  const Outcome open = run({rule}, fewer.all());
  EXPECT_TRUE(open.episodes.empty());
  EXPECT_EQ(open.reports[0].open_windows, 1u);
}

TEST(RunAggregate, ConsecutiveRunsAreOneEpisode) {
  Hits hits;
  for (int i = 0; i < 3; ++i) hits.add(10 + i, "u", "Call" + std::to_string(i));
  hits.add(700, "u", "Call9");
  const Outcome outcome = run({run_rule(false, 0, 900, 300, 2)}, hits.all(), {}, kStart + Duration::seconds(9000));
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(after_start(outcome.episodes[0].trigger_time), 300);
  EXPECT_EQ(outcome.episodes[0].event_count, 4u);
  EXPECT_EQ(outcome.episodes[0].values[0].second, Values{std::int64_t{4}});
}

TEST(RunAggregate, AGapOfOneRunEndsTheEpisode) {
  Hits hits;
  for (int i = 0; i < 3; ++i) hits.add(10 + i, "u", "Call" + std::to_string(i));
  for (int i = 0; i < 3; ++i) hits.add(610 + i, "u", "Call" + std::to_string(i));
  EXPECT_EQ(run({run_rule(false, 0, 300, 300, 2)}, hits.all()).episodes.size(), 2u);  // runs 300 and 900
  auto bridged = run_rule(false, 0, 300, 300, 2);
  bridged->plan.episode.keep_alive = Duration::seconds(600);
  bridged->plan.episode.max_duration = Duration::seconds(86400);
  EXPECT_EQ(run({bridged}, hits.all()).episodes.size(), 1u);
}

TEST(RunAggregate, BothEndsOfAWindowAreIn) {
  auto rule = run_rule(false, 0, 300, 300, 1);
  Hits hits;
  hits.lines("0 u a\n300 u b");
  const Outcome outcome = run({rule}, hits.all());
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(after_start(outcome.episodes[0].trigger_time), 300);
}

TEST(RunAggregate, ABucketThatNoRunCoversIsJudgedRunByRun) {
  Hits hits;
  for (int i = 0; i < 3; ++i) hits.add(10 + i, "u", "Call" + std::to_string(i));
  put_in_buckets(hits, 3600);
  const Outcome outcome = run({run_rule(true, 3600, 360, 300, 2)}, hits.all());
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(after_start(outcome.episodes[0].trigger_time), 300);
}

TEST(RunAggregate, ARuleThatReadsTheRunTimeIsComputedAtEveryRun) {
  auto rule = run_rule(false, 0, 3600, 300, 0);
  // WHERE run_time > start + 1000 s: the row itself never changes.
  std::get<plan::RunAggregate>(rule->plan.op).having = plan::make(
      plan::Compare{plan::ComparisonOp::greater, plan::Domain::native, plan::make(plan::RunTime{}, LogicalType::date),
                    plan::make(plan::Literal{{(kStart + Duration::seconds(1000)).micros}}, LogicalType::date)},
      LogicalType::boolean);
  const Outcome outcome = run({rule}, Hits().lines("0 u a").all(), {}, kStart + Duration::seconds(2000));
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(after_start(outcome.episodes[0].trigger_time), 1200);
}

TEST(RowAggregate, FollowsTheAggregatesOfTheLanguage) {
  const std::vector<std::vector<Values>> rows = {
      {{std::int64_t{3}, std::int64_t{1}}, {true}},
      {{}, {true}},
      {{std::int64_t{3}}, {}},
      {{std::int64_t{8}}, {false}},
  };
  const auto value = [&](Kind kind, bool filtered, LogicalType type = LogicalType::long_integer) {
    plan::RunAggregate::Measure measure{.name = "m", .aggregation = kind, .filter = {}, .type = type};
    if (filtered) measure.filter = 1;
    RowAggregate aggregate(measure);
    for (const auto& row : rows) aggregate.add(row);
    return aggregate.value();
  };
  EXPECT_EQ(value(Kind::count_rows, false), Values{std::int64_t{4}});
  EXPECT_EQ(value(Kind::count_rows, true), Values{std::int64_t{2}});
  EXPECT_EQ(value(Kind::count, false), Values{std::int64_t{4}});
  EXPECT_EQ(value(Kind::count_distinct, false), Values{std::int64_t{3}});
  EXPECT_EQ(value(Kind::values, false), (Values{std::int64_t{1}, std::int64_t{3}, std::int64_t{8}}));
  EXPECT_EQ(value(Kind::min, false), Values{std::int64_t{1}});
  EXPECT_EQ(value(Kind::max, true), Values{std::int64_t{3}});
  EXPECT_EQ(value(Kind::sum, false), Values{std::int64_t{15}});
  EXPECT_EQ(value(Kind::sum, false, LogicalType::real), Values{15.0});
  EXPECT_EQ(value(Kind::average, false), Values{3.75});
}

TEST(RowAggregate, NothingIsNullAndOverflowToo) {
  for (const Kind kind : {Kind::values, Kind::min, Kind::max, Kind::sum, Kind::average}) {
    const plan::RunAggregate::Measure measure{.name = "m", .aggregation = kind, .filter = {}};
    EXPECT_EQ(RowAggregate(measure).value(), Values{});
  }
  const plan::RunAggregate::Measure measure{.name = "m", .aggregation = Kind::sum, .filter = {}};
  RowAggregate sum(measure);
  const std::vector<Values> huge = {{std::int64_t{9223372036854775807}}};
  sum.add(huge);
  sum.add(huge);
  EXPECT_EQ(sum.value(), Values{});
  sum.remove(huge);
  EXPECT_EQ(sum.value(), huge[0]);
}

// What every run over every hit finds, with the most actions of a run.
std::multiset<std::string> naive_runs(const plan::RunAggregate& op, const std::vector<Hit>& hits, Instant frontier) {
  const std::vector<Hit> ordered = test::in_order(hits);
  std::multiset<std::string> firings;
  for (const test::Alarm& alarm : test::aggregate_runs(op, ordered, frontier, false)) {
    std::int64_t most = 0;
    for (const auto& row : alarm.rows) most = std::max(most, std::get<std::int64_t>(row[0][0]));
    firings.insert(std::to_string(after_start(alarm.run)) + " " + trailhound::to_text(alarm.group.back()) + " " +
                   std::to_string(most) + " " + std::to_string(alarm.hits.size()));
  }
  return firings;
}

TEST(RunAggregateTwin, AgreesWithEvaluatingEveryRun) {
  std::mt19937_64 random(11);
  std::size_t fired = 0;
  for (int round = 0; round < 150; ++round) {
    const bool bucketed = random() % 2;
    const int bucket = std::vector<int>{10, 60, 300, 450, 3600}[random() % 5];
    const int look_back = std::vector<int>{60, 300, 360, 540, 1800}[random() % 5];
    const int interval = std::vector<int>{60, 300, 480}[random() % 3];
    const auto bound = static_cast<std::int64_t>(random() % 4);
    Hits hits;
    double t = 0;
    for (int i = 0; i < 80; ++i) {
      t += static_cast<double>(random() % (random() % 8 == 0 ? 2000 : 40));
      hits.add(t, random() % 2 ? "u" : "v", "Call" + std::to_string(random() % 6));
    }
    if (bucketed) put_in_buckets(hits, bucket);
    const Instant frontier = kStart + Duration::seconds(static_cast<std::int64_t>(t) + (random() % 2 ? 0 : 5000));
    auto rule = run_rule(bucketed, bucket, look_back, interval, bound);
    const Outcome outcome = run({rule}, hits.all(), {}, frontier);
    std::multiset<std::string> found;
    for (const EpisodeRecord& e : outcome.episodes) {
      found.insert(std::to_string(after_start(e.trigger_time)) + " " + trailhound::to_text(e.signal_key.back()) + " " +
                   std::to_string(std::get<std::int64_t>(e.values[0].second[0])) + " " + std::to_string(e.event_count));
    }
    EXPECT_EQ(found, naive_runs(std::get<plan::RunAggregate>(rule->plan.op), hits.all(), frontier))
        << "round " << round;
    fired += found.size();
  }
  EXPECT_GT(fired, 500u);
}

}  // namespace
}  // namespace trailhound::engine::testing
