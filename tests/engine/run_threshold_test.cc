// Threshold rules: single facts, then random events against a twin that performs every run of the schedule.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <sstream>

#include "engine/naive_operators.h"
#include "engine/state_testing.h"
#include "one_in.h"

namespace trailhound::engine::testing {
namespace {

// kStart is a multiple of every interval used here.
std::shared_ptr<rule::Rule> run_threshold_rule(std::uint64_t least, std::uint64_t least_distinct, int look_back,
                                               int interval) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "threshold";
  rule->plan.queries = {query_named("events")};
  plan::RunThreshold op;
  op.least = least;
  if (least_distinct > 0) op.distinct = 0;
  op.least_distinct = least_distinct;
  op.look_back = Duration::seconds(look_back);
  op.interval = Duration::seconds(interval);
  rule->plan.op = op;
  return rule;
}

std::string value(const EpisodeRecord& e, const std::string& name) {
  for (const auto& [key, values] : e.values) {
    if (key == name && values.size() == 1) return trailhound::to_text(values[0]);
  }
  return "none";
}

TEST(RunThreshold, CountsAtTheNextPointOfTheGrid) {
  Hits hits;
  hits.lines("10 u\n20 u\n30 u");
  const Outcome outcome = run(run_threshold_rule(3, 0, 360, 300), hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  const EpisodeRecord& e = outcome.episodes[0];
  EXPECT_EQ(openings(outcome), "300 -");
  EXPECT_EQ(value(e, "count"), "3");
  EXPECT_EQ(value(e, "from"), "2024-03-04T09:00:10Z");
  EXPECT_EQ(value(e, "cardinality"), "none");
  EXPECT_EQ(after_start(e.first_seen), 10);
  EXPECT_EQ(after_start(e.last_seen), 30);
  EXPECT_EQ(e.event_count, 3u);
  EXPECT_EQ(e.evidence.size(), 3u);
}

TEST(RunThreshold, ABurstOverAnEdgeIsSplit) {
  Hits hits;
  hits.lines("200 u\n230 u\n310 u\n320 u");  // windows: [-60, 300] and [240, 600]
  EXPECT_EQ(openings(run(run_threshold_rule(3, 0, 360, 300), hits)), "");
  EXPECT_EQ(run(run_threshold_rule(3, 0, 360, 300), hits).reports[0].nearest, "2 of 3 events (u)");
}

TEST(RunThreshold, OverlapJoinsWhatTwoRunsSee) {
  Hits hits;
  hits.lines("240 u\n290 u\n310 u");  // the second run sees all three, its start included
  EXPECT_EQ(openings(run(run_threshold_rule(3, 0, 360, 300), hits)), "600 -");
}

TEST(RunThreshold, CountedEventsAreNotCountedAgain) {
  Hits hits;
  hits.lines("240 u\n250 u\n260 u\n310 u\n320 u");
  EXPECT_EQ(openings(run(run_threshold_rule(3, 0, 360, 300), hits)), "300 -");
  hits.lines("330 u");
  const Outcome outcome = run(run_threshold_rule(3, 0, 360, 300), hits);
  EXPECT_EQ(openings(outcome), "300 -, 600 -");
  EXPECT_EQ(value(outcome.episodes[1], "count"), "3");
}

TEST(RunThreshold, AnEventAtTheVeryStartOfAWindowIsNotCountedTwice) {
  Hits hits;
  hits.lines("240 u");  // the newest of the firing at 300 and the start of the window at 600
  EXPECT_EQ(openings(run({run_threshold_rule(1, 0, 360, 300)}, hits.all(), {}, kStart + Duration::seconds(900))),
            "300 -");
}

TEST(RunThreshold, AnEventAtAPointOfTheGridBelongsToThatRun) {
  Hits hits;
  hits.lines("299 u\n300 u");
  EXPECT_EQ(openings(run(run_threshold_rule(2, 0, 300, 300), hits)), "300 -");
}

TEST(RunThreshold, DistinctValuesAreAskedForBesides) {
  Hits hits;
  hits.lines("1 u a\n2 u a\n3 u b\n4 u -");
  const Outcome outcome = run(run_threshold_rule(1, 2, 360, 300), hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(value(outcome.episodes[0], "count"), "4");
  EXPECT_EQ(value(outcome.episodes[0], "cardinality"), "2");
  EXPECT_EQ(openings(run(run_threshold_rule(1, 3, 360, 300), hits)), "");
  EXPECT_EQ(openings(run(run_threshold_rule(5, 2, 360, 300), hits)), "");
  EXPECT_EQ(run(run_threshold_rule(1, 3, 360, 300), hits).reports[0].nearest,
            "4 of 1 events, 2 of 3 distinct values (u)");
}

TEST(RunThreshold, ValuesOfOneListAreSeveral) {
  Hits hits;
  hits.add(1, "u");
  hits.back().arguments = {{std::string("a"), std::string("b")}};
  EXPECT_EQ(openings(run(run_threshold_rule(1, 2, 360, 300), hits)), "300 -");
}

TEST(RunThreshold, GroupsCountApart) {
  Hits hits;
  hits.lines("1 u\n2 v\n3 u\n4 v\n5 u");
  const Outcome outcome = run(run_threshold_rule(3, 0, 360, 300), hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(outcome.episodes[0].signal_key, std::vector<Value>{std::string("u")});
  EXPECT_EQ(outcome.reports[0].groups, 2u);
}

TEST(RunThreshold, GroupsOfOnePartitionFireInOrderOfTheirKeys) {
  auto rule = run_threshold_rule(2, 0, 360, 300);
  rule->plan.episode.project = true;
  Hits hits;
  hits.lines("1 v\n2 u\n3 u\n4 v\n301 a\n302 a");
  const Outcome outcome = run(rule, hits);
  ASSERT_EQ(outcome.episodes.size(), 3u);
  EXPECT_EQ(outcome.episodes[0].expansion, std::vector<Value>{std::string("u")});
  EXPECT_EQ(outcome.episodes[1].expansion, std::vector<Value>{std::string("v")});
  EXPECT_EQ(outcome.episodes[2].expansion, std::vector<Value>{std::string("a")});
}

std::vector<std::string> perform_runs(const plan::RunThreshold& op, const std::vector<Hit>& hits, Instant frontier) {
  const std::vector<Hit> ordered = test::in_order(hits);
  std::vector<std::string> lines;
  for (const test::Alarm& alarm : test::count_thresholds(op, ordered, frontier)) {
    std::set<std::string> distinct;
    for (const Hit* hit : alarm.hits) {
      for (const Value& cell : hit->arguments[0]) distinct.insert(trailhound::to_text(cell));
    }
    std::ostringstream line;
    line << trailhound::to_text(alarm.group[0]) << " " << after_start(alarm.run) << " " << alarm.hits.size() << " "
         << after_start(alarm.hits.front()->time) << ".." << after_start(alarm.hits.back()->time);
    if (op.distinct) line << " " << distinct.size();
    lines.push_back(line.str());
  }
  std::ranges::sort(lines);
  return lines;
}

TEST(RunThresholdTwin, AgreesWithPerformingEveryRun) {
  std::mt19937_64 random(31);
  std::size_t fired = 0;
  for (int round = 0; round < 1500 / kOneIn; ++round) {
    const int interval = static_cast<int>(std::vector{60, 300}[random() % 2]);
    const auto rule = run_threshold_rule(
        1 + random() % 4, random() % 4,
        interval * static_cast<int>(1 + random() % 3) / static_cast<int>(1 + random() % 2) + 7, interval);
    Hits hits;
    int t = 0;
    for (int i = 0; i < 50; ++i) {
      t += static_cast<int>(random() % 3 ? random() % 20 : random() % 200);
      hits.add(t, std::string(1, static_cast<char>('u' + random() % 2)),
               random() % 5 ? std::string(1, static_cast<char>('a' + random() % 5)) : "");
    }
    const Outcome outcome = run({rule}, hits.all(), {.shuffle = true, .duplicates = 0.2, .seed = random()});
    std::vector<std::string> lines;
    for (const EpisodeRecord& e : outcome.episodes) {
      std::ostringstream line;
      line << trailhound::to_text(e.signal_key[0]) << " " << after_start(e.trigger_time) << " " << value(e, "count")
           << " " << after_start(e.first_seen) << ".." << after_start(e.last_seen);
      if (value(e, "cardinality") != "none") line << " " << value(e, "cardinality");
      EXPECT_EQ(std::to_string(e.event_count), value(e, "count"));
      lines.push_back(line.str());
    }
    std::ranges::sort(lines);
    ASSERT_EQ(lines, perform_runs(std::get<plan::RunThreshold>(rule->plan.op), hits.all(), hits.all().back().time))
        << "round " << round << "\n"
        << plan::print(rule->plan);
    fired += lines.size();
  }
  EXPECT_GT(fired, 3000u / kOneIn);
}

}  // namespace
}  // namespace trailhound::engine::testing
