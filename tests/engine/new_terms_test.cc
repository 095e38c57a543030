// New terms: single facts, then random events against a twin that performs every run of the schedule; and what the
// memory of a term takes.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "engine/last_seen_table.h"
#include "engine/naive_operators.h"
#include "engine/new_terms.h"
#include "engine/state_testing.h"
#include "one_in.h"

namespace trailhound::engine::testing {
namespace {

std::shared_ptr<rule::Rule> new_terms_rule(int history, int look_back, int interval) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "new-terms";
  rule->plan.queries = {query_named("events")};
  rule->plan.op = plan::NewTerms{Duration::seconds(history), Duration::seconds(look_back), Duration::seconds(interval)};
  return rule;
}

// One partition for all combinations.
std::shared_ptr<rule::Rule> in_one_partition(std::shared_ptr<rule::Rule> rule) {
  rule->plan.episode.project = true;
  return rule;
}

TEST(NewTerms, TheFirstEventOfAGroupIsNew) {
  Hits hits;
  hits.lines("10 u\n20 u\n30 v");
  const Outcome outcome = run(new_terms_rule(3600, 360, 300), hits);
  EXPECT_EQ(openings(outcome), "10 000, 30 002");
  const EpisodeRecord& e = outcome.episodes[0];
  EXPECT_EQ(e.event_count, 1u);
  ASSERT_EQ(e.values.size(), 1u);
  EXPECT_EQ(e.values[0].first, "@userIdentity.arn");
  EXPECT_EQ(e.values[0].second, Values{std::string("u")});
}

TEST(NewTerms, NewAgainAfterTheHistory) {
  // Interval 300, history 3600: the run at 3900 no longer sees what lies before 300.
  Hits hits;
  hits.lines("100 u\n3650 u");
  EXPECT_EQ(openings(run(new_terms_rule(3600, 360, 300), hits)), "100 000, 3650 001");
  Hits seen;
  seen.lines("300 u\n3650 u");  // ... but it sees its start
  EXPECT_EQ(openings(run(new_terms_rule(3600, 360, 300), seen)), "300 000");
}

TEST(NewTerms, ALaterRunMayFindNewWhatTheFirstDidNot) {
  // At 3900 the history reaches back to 300, where u is; at 4200 it no longer does, and 3850 is still in the window.
  Hits hits;
  hits.lines("300 u\n3850 u");
  const auto rule = new_terms_rule(3600, 360, 300);
  EXPECT_EQ(openings(run({rule}, hits.all(), {}, kStart + Duration::seconds(4000))), "300 000, 3850 001");
}

TEST(NewTerms, ARunThatDoesNotTakePlaceLeavesTheWindowOpen) {
  Hits hits;
  hits.lines("300 u\n3850 u");
  const Outcome outcome = run({new_terms_rule(3600, 360, 300)}, hits.all(), {}, kStart + Duration::seconds(3890));
  EXPECT_EQ(openings(outcome), "300 000");
  EXPECT_EQ(outcome.reports[0].open_windows, 1u);
}

TEST(NewTerms, SaysHowMuchHistoryThereWas) {
  Hits hits;
  hits.lines("10 u\n7000 v");
  const auto rule = new_terms_rule(3600, 360, 300);
  const Outcome outcome = run({rule}, hits.all(), {.first_event = kStart - Duration::seconds(600)});
  ASSERT_EQ(outcome.episodes.size(), 2u);
  ASSERT_EQ(outcome.episodes[0].values.size(), 2u);
  EXPECT_EQ(outcome.episodes[0].values[1].first, "history");
  EXPECT_EQ(outcome.episodes[0].values[1].second, Values{std::string("15 min of 1 h")});
  EXPECT_EQ(outcome.episodes[1].values.size(), 1u);
}

TEST(NewTerms, TheGroupsOfAnEventAreNewEachForItself) {
  auto rule = in_one_partition(new_terms_rule(3600, 360, 300));
  Hits hits;
  hits.lines("10 a\n20 a\n20 b");
  hits.back().event_key = hits.all()[1].event_key;  // one event with two values
  const Outcome outcome = run(rule, hits);
  EXPECT_EQ(openings(outcome), "10 000, 20 001");
  EXPECT_EQ(outcome.episodes[1].expansion, std::vector<Value>{std::string("b")});
}

std::vector<std::string> perform_runs(const plan::NewTerms& op, const std::vector<Hit>& hits, Instant frontier) {
  const std::vector<Hit> ordered = test::in_order(hits);
  std::set<std::string> fired;
  for (const test::Alarm& alarm : test::find_new_terms(op, ordered, frontier)) {
    fired.insert(trailhound::to_text(alarm.group[0]) + " " + alarm.event_key);
  }
  return {fired.begin(), fired.end()};
}

TEST(NewTermsTwin, AgreesWithPerformingEveryRun) {
  std::mt19937_64 random(37);
  std::size_t fired = 0;
  for (int round = 0; round < 1500 / kOneIn; ++round) {
    const int interval = static_cast<int>(std::vector{60, 300}[random() % 2]);
    const int look_back = interval / 2 + static_cast<int>(random() % 4) * interval / 2;
    const bool together = random() % 2 == 0;
    auto rule = new_terms_rule(look_back + 1 + static_cast<int>(random() % 4) * interval / 2, look_back, interval);
    if (together) rule = in_one_partition(rule);
    Hits hits;
    int t = 0;
    for (int i = 0; i < 50; ++i) {
      t += static_cast<int>(random() % 3 ? random() % 30 : random() % 400);
      hits.add(t, std::string(1, static_cast<char>('u' + random() % 4)));
    }
    const Outcome outcome = run({rule}, hits.all(), {.shuffle = true, .duplicates = 0.2, .seed = random()});
    std::set<std::string> lines;
    for (const EpisodeRecord& e : outcome.episodes) {
      lines.insert(trailhound::to_text(together ? e.expansion[0] : e.signal_key[0]) + " " + e.trigger_key);
    }
    EXPECT_EQ(lines.size(), outcome.episodes.size());
    const auto& op = std::get<plan::NewTerms>(rule->plan.op);
    ASSERT_EQ(std::vector<std::string>(lines.begin(), lines.end()),
              perform_runs(op, hits.all(), hits.all().back().time))
        << "round " << round << "\n"
        << plan::print(rule->plan);
    fired += lines.size();
  }
  EXPECT_GT(fired, 5000u / kOneIn);
}

TEST(LastSeenTable, TakesFewBytesATerm) {
  LastSeenTable table;
  double most = 0, least = 1e9;
  for (int i = 0; i < 2'000'000; ++i) {
    table.see("123456789012,user" + std::to_string(i), kStart);
    if (i < 1000) continue;
    const double bytes = static_cast<double>(table.bytes()) / static_cast<double>(table.size());
    most = std::max(most, bytes);
    least = std::min(least, bytes);
  }
  EXPECT_LT(most, 41);
  EXPECT_GT(least, 16);
  RecordProperty("bytes_a_term_at_most", std::to_string(most));
  RecordProperty("bytes_a_term_at_least", std::to_string(least));
  table.forget_before(kStart + Duration{1});
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace trailhound::engine::testing
