// New-value rules against their definition written out over all earlier hits. What single rules do stands as text in
// tests/run/datadog.

#include "engine/new_value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/state_testing.h"

namespace trailhound::engine::testing {
namespace {

std::shared_ptr<rule::Rule> new_value_rule(const plan::NewValue& op, int keep_alive) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "new";
  rule->plan.queries = {query_named("a")};
  rule->plan.op = op;
  rule->plan.episode.keep_alive = Duration::seconds(keep_alive);
  rule->plan.episode.max_duration = Duration::seconds(keep_alive > 0 ? 86400 : 0);
  return rule;
}

/// Event keys of the hits that fire; hits are in total order.
std::set<std::string> naive(const plan::NewValue& op, const std::vector<Hit>& hits) {
  std::set<std::string> fired;
  for (auto hit = hits.begin(); hit != hits.end(); ++hit) {
    if (hit->arguments[0].empty()) continue;
    std::vector<const Hit*> before;  // of the group
    for (auto other = hits.begin(); other != hit; ++other) {
      if (other->group == hit->group && !other->arguments[0].empty()) before.push_back(&*other);
    }
    const bool known = std::ranges::any_of(before, [&](const Hit* other) {
      return other->arguments == hit->arguments && hit->time - other->time <= op.forget_after;
    });
    const bool learning =
        before.empty() ? op.learns_first || op.learning > Duration{} : hit->time - before[0]->time < op.learning;
    if (!known && !learning) fired.insert(hit->event_key);
  }
  return fired;
}

TEST(NewValueTwin, AgreesWithLookingAtAllEarlierHits) {
  std::mt19937_64 random(5);
  std::size_t fired = 0;
  for (int round = 0; round < 500; ++round) {
    const plan::NewValue op{.learning = Duration::seconds(static_cast<int>(random() % 3) * 100),
                            .learns_first = random() % 2 == 0,
                            .forget_after = Duration::seconds(50 + static_cast<int>(random() % 300)),
                            .case_name = {},
                            .severity = plan::Severity::low};
    Hits hits;
    int t = 0;
    for (int i = 0; i < 60; ++i) {
      t += static_cast<int>(random() % 4 ? random() % 12 : random() % 200);
      const std::string value = random() % 10 ? std::string(1, static_cast<char>('p' + random() % 5)) : "";
      hits.add(t, random() % 2 ? "u" : "v", value);
    }
    const Outcome each =
        run({new_value_rule(op, 0)}, hits.all(), {.shuffle = true, .duplicates = 0.2, .seed = random()});
    std::set<std::string> found;
    for (const EpisodeRecord& episode : each.episodes) found.insert(episode.trigger_key);
    EXPECT_EQ(found.size(), each.episodes.size());
    ASSERT_EQ(found, naive(op, hits.all())) << "round " << round;
    std::uint64_t events = 0;
    for (const EpisodeRecord& episode : run({new_value_rule(op, 60)}, hits.all()).episodes) {
      events += episode.event_count;
    }
    EXPECT_EQ(events, found.size()) << "round " << round;
    fired += found.size();
  }
  EXPECT_GT(fired, 3000u);
}

TEST(NewValue, ValuesOfOneEventAreSignalsOfTheirOwn) {
  Hits hits;
  hits.add(0, "u", "p").add(10, "u", "q");
  std::vector<Hit> all = hits.all();
  all[1].arguments[0] = {std::string("r"), std::string("q"), std::string("p"), std::string("q")};
  const plan::NewValue op{Duration{}, true, Duration::seconds(100), {}, plan::Severity::low};
  const Outcome outcome = run({new_value_rule(op, 0)}, all);
  ASSERT_EQ(outcome.episodes.size(), 2u);
  EXPECT_EQ(outcome.episodes[0].values[0].second, Values{std::string("q")});
  EXPECT_EQ(outcome.episodes[1].values[0].second, Values{std::string("r")});
  EXPECT_NE(outcome.episodes[0].expansion, outcome.episodes[1].expansion) << "their ids must differ";
  const Outcome together = run({new_value_rule(op, 60)}, all);
  ASSERT_EQ(together.episodes.size(), 1u);
  EXPECT_EQ(together.episodes[0].event_count, 1u);
  EXPECT_EQ(together.episodes[0].values[0].second, (Values{std::string("q"), std::string("r")}));
}

TEST(NewValue, AnEventOfTooManyValuesIsCounted) {
  Hits hits;
  hits.add(0, "u", "p").add(10, "u", "q").add(20, "u", "q");
  std::vector<Hit> all = hits.all();
  const auto numbers = [](std::size_t count) {
    Values values;
    for (std::size_t i = 0; i < count; ++i) values.emplace_back("n" + std::to_string(10'000 + i));
    return values;
  };
  all[1].arguments[0] = numbers(NewValueOperator::kMaxValues);
  const plan::NewValue op{Duration{}, true, Duration::seconds(100), {}, plan::Severity::low};
  const auto whole = run({new_value_rule(op, 60)}, all);
  EXPECT_EQ(whole.reports[0].capped_events, 0u);
  all[1].arguments[0] = numbers(NewValueOperator::kMaxValues + 1);
  const auto capped = run({new_value_rule(op, 60)}, all);
  EXPECT_EQ(capped.reports[0].capped_events, 1u);
  ASSERT_EQ(capped.episodes.size(), 1u);
  EXPECT_EQ(capped.episodes[0].values, whole.episodes[0].values);
}

}  // namespace
}  // namespace trailhound::engine::testing
