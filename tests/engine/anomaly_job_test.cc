// The anomaly jobs' estimators: learning, calibration, what fires and what it says.

#include "engine/anomaly_job.h"

#include <gtest/gtest.h>

#include "engine/state_testing.h"

namespace trailhound::engine::testing {
namespace {

using Detector = plan::AnomalyJob::Detector;

std::shared_ptr<rule::Rule> job(Detector detector, double threshold) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "job";
  rule->plan.queries = {query_named("events")};
  rule->plan.op = plan::AnomalyJob{detector, 0, Duration::seconds(3600), threshold};
  return rule;
}

// `usual` in each of so many hours.
Hits hours(int count, const std::string& usual = "usual", const std::string& group = "u") {
  Hits hits;
  for (int hour = 0; hour < count; ++hour) hits.add(hour * 3600 + 60, group, usual);
  return hits;
}

std::string value(const EpisodeRecord& e, std::size_t at) { return trailhound::to_text(e.values[at].second[0]); }

TEST(RareScore, IsCalibrated) {
  EXPECT_GT(rare_score(0, 21), 75);
  EXPECT_LT(rare_score(0, 20), 75);
  EXPECT_NEAR(rare_score(0, 21), 75.9, 0.05);
  EXPECT_NEAR(rare_score(0, 31), 82.8, 0.05);
  EXPECT_NEAR(rare_score(0, 100), 94.2, 0.05);
  EXPECT_NEAR(rare_score(1, 40), 63.9, 0.05);
  EXPECT_NEAR(rare_score(5, 100), 51.1, 0.05);
  EXPECT_NEAR(rare_score(100, 1000), 28.1, 0.05);
  EXPECT_NEAR(rare_score(1000, 1000), 0, 0.05);
  for (std::uint64_t n = 0; n < 100; ++n) EXPECT_GT(rare_score(n, 100), rare_score(n + 1, 100));
}

TEST(HighCountScore, IsCalibrated) {
  EXPECT_EQ(high_count_score(4, 4, 1), 0);
  EXPECT_EQ(high_count_score(3, 4, 1), 0);
  EXPECT_NEAR(high_count_score(10, 4, 2), 50, 0.01);    // z = 3
  EXPECT_NEAR(high_count_score(12, 4, 2), 76.0, 0.05);  // z = 4
  EXPECT_NEAR(high_count_score(16, 4, 2), 94.1, 0.05);  // z = 6
  EXPECT_NEAR(high_count_score(10, 4, 0), 50, 0.01);    // never less than a Poisson count's deviation
}

TEST(RareJob, AValueNeverSeenInTwentyOneBucketsFires) {
  Hits hits = hours(21);
  hits.add(21 * 3600 + 5, "u", "new");
  const Outcome outcome = run(job(Detector::rare, 75), hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  const EpisodeRecord& e = outcome.episodes[0];
  EXPECT_EQ(value(e, 0), "new");
  EXPECT_EQ(value(e, 1), "75.89");
  EXPECT_EQ(value(e, 2), "0 of 21 buckets");
  EXPECT_EQ(e.expansion, std::vector<Value>{std::string("new")});
  EXPECT_EQ(after_start(e.trigger_time), 21 * 3600 + 5);
}

TEST(RareJob, LearnsFirst) {
  Hits hits = hours(20);
  hits.add(20 * 3600 + 5, "u", "new");
  const Outcome outcome = run(job(Detector::rare, 10), hits);
  EXPECT_TRUE(outcome.episodes.empty());
  EXPECT_EQ(outcome.reports[0].reason, "learns 21 active buckets of 1 h, the busiest group had 20");
}

TEST(RareJob, QuietHoursTeachNothing) {
  Hits hits = hours(15);
  hits.add(1000 * 3600, "u", "new");
  EXPECT_TRUE(run(job(Detector::rare, 10), hits).episodes.empty());
}

TEST(RareJob, OneFiringAValueAndBucket) {
  Hits hits = hours(40);
  hits.add(40 * 3600 + 5, "u", "new");
  hits.add(40 * 3600 + 6, "u", "usual");
  hits.add(40 * 3600 + 7, "u", "new");
  hits.add(40 * 3600 + 8, "u", "other");
  hits.add(41 * 3600 + 7, "u", "new");  // seen once in 41 by now: 64.5
  const Outcome outcome = run(job(Detector::rare, 75), hits);
  ASSERT_EQ(outcome.episodes.size(), 2u);
  EXPECT_EQ(outcome.episodes[0].event_count, 2u);
  EXPECT_EQ(after_start(outcome.episodes[0].last_seen), 40 * 3600 + 7);
  EXPECT_EQ(value(outcome.episodes[1], 0), "other");
  EXPECT_EQ(run(job(Detector::rare, 60), hits).episodes.size(), 3u);
}

TEST(RareJob, GroupsLearnApart) {
  Hits hits = hours(40);
  hits.add(40 * 3600 + 5, "v", "usual");
  EXPECT_TRUE(run(job(Detector::rare, 75), hits).episodes.empty());
}

TEST(RareJob, EachValueOfAListByItself) {
  Hits hits = hours(40);
  hits.add(40 * 3600 + 5, "u");
  hits.back().arguments = {{std::string("usual"), std::string("x"), std::string("y")}};
  EXPECT_EQ(run(job(Detector::rare, 75), hits).episodes.size(), 2u);
}

TEST(HighDistinctCount, FiresOnceABucketAndTellsItsWholeCount) {
  Hits hits = hours(30);
  for (int i = 0; i < 12; ++i) hits.add(30 * 3600 + i, "u", "m" + std::to_string(i));
  const Outcome outcome = run(job(Detector::high_distinct_count, 50), hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  const EpisodeRecord& e = outcome.episodes[0];
  EXPECT_EQ(after_start(e.trigger_time), 30 * 3600 + 3);  // the fourth: z = 3
  EXPECT_EQ(after_start(e.first_seen), 30 * 3600);
  EXPECT_EQ(e.event_count, 12u);
  EXPECT_EQ(value(e, 0), "12");
  EXPECT_EQ(value(e, 2), "1");
}

TEST(HighDistinctCount, LearnsFirst) {
  Hits hits = hours(20);
  for (int i = 0; i < 50; ++i) hits.add(20 * 3600 + i, "u", "m" + std::to_string(i));
  EXPECT_TRUE(run(job(Detector::high_distinct_count, 10), hits).episodes.empty());
}

TEST(HighDistinctCount, OneFloodDoesNotHideTheNext) {
  Hits hits = hours(30);
  for (int i = 0; i < 1000; ++i) hits.add(30 * 3600 + i, "u", "m" + std::to_string(i));
  for (int i = 0; i < 12; ++i) hits.add(31 * 3600 + i, "u", "m" + std::to_string(i));
  EXPECT_EQ(run(job(Detector::high_distinct_count, 50), hits).episodes.size(), 2u);
}

TEST(HighDistinctCount, EventsWithoutAValueAreNoValues) {
  Hits hits = hours(30);
  for (int i = 0; i < 50; ++i) hits.add(30 * 3600 + i, "u", "");
  EXPECT_TRUE(run(job(Detector::high_distinct_count, 10), hits).episodes.empty());
}

}  // namespace
}  // namespace trailhound::engine::testing
