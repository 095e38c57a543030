// Anomaly rules: the scenarios of the secrets anomaly rule, and the operator against its formulas written out over full
// arrays.

#include "engine/baseline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/state_testing.h"

namespace trailhound::engine::testing {
namespace {

constexpr double kDay = 86400;

plan::Baseline secrets_baseline() {
  return {.measure = {},
          .bucket = Duration::seconds(300),
          .learning = Duration::seconds(24 * 3600),
          .window = Duration::seconds(1800),
          .percentile = 0.995,
          .tolerance = 5,
          .learning_bound = std::nullopt,
          .case_name = {},
          .severity = plan::Severity::low};
}

std::shared_ptr<rule::Rule> baseline_rule(const plan::Baseline& baseline = secrets_baseline()) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "anomaly";
  rule->plan.queries = {query_named("denied")};
  rule->plan.op = baseline;
  rule->plan.episode.keep_alive = rule->plan.episode.max_duration = Duration::seconds(1800);
  return rule;
}

std::vector<double> triggers(const Outcome& outcome) {
  std::vector<double> times;
  for (const auto& episode : outcome.episodes) times.push_back(after_start(episode.trigger_time));
  return times;
}
using Times = std::vector<double>;

// U's first matching event was three days before.
Hits known_user() { return Hits().add(-3 * kDay, "u"); }
Hits& burst(Hits& hits, double from, int calls, double every = 1, const std::string& user = "u") {
  for (int i = 0; i < calls; ++i) hits.add(from + i * every, user);
  return hits;
}

TEST(SecretsAnomaly, TheSixthCallOfAQuietUserFires) {
  Hits hits = known_user();
  const Outcome outcome = run(baseline_rule(), burst(hits, 0, 10, 12));
  ASSERT_EQ(triggers(outcome), Times{60});
  EXPECT_EQ(outcome.episodes[0].event_count, 10u);
  EXPECT_EQ(after_start(outcome.episodes[0].first_seen), 0);
  EXPECT_EQ(outcome.episodes[0].values[0].first, "denied");
  EXPECT_EQ(outcome.episodes[0].values[0].second, Values{std::int64_t{10}});
  EXPECT_EQ(outcome.episodes[0].severity, plan::Severity::low);
}

TEST(SecretsAnomaly, SixCallsInSixAdjacentBucketsFire) {
  Hits hits = known_user();
  EXPECT_EQ(triggers(run(baseline_rule(), burst(hits, 0, 6, 300))), Times{1500});
}

TEST(SecretsAnomaly, ASteadyRateIsTheBound) {
  Hits hits;
  for (double t = -10 * kDay; t < 0; t += 300) hits.add(t, "u").add(t + 100, "u");
  EXPECT_EQ(triggers(run(baseline_rule(), burst(hits, 0, 60))), Times{12});  // the 13th: 13 - 2 = 11 > 5 * 2
}

TEST(SecretsAnomaly, ALearningPeriodBaselineJudgesNewUsers) {
  auto baseline = secrets_baseline();
  baseline.learning_bound = 3;
  Hits hits = Hits().add(-7200, "u");
  EXPECT_EQ(triggers(run(baseline_rule(baseline), burst(hits, 0, 18))), Times{});
  Hits more = Hits().add(-7200, "u");
  EXPECT_EQ(triggers(run(baseline_rule(baseline), burst(more, 0, 19))), Times{18});
}

TEST(SecretsAnomaly, AWeeklyJobIsExpectedButNotFiveTimesOfIt) {
  Hits hits = Hits().add(-20 * kDay, "u");
  burst(hits, -14 * kDay, 20);
  burst(hits, -7 * kDay, 20);
  const std::size_t before = hits.all().size();
  burst(hits, 0, 100);
  const Outcome outcome = run(baseline_rule(), hits);
  EXPECT_EQ(triggers(outcome), (Times{-14 * kDay + 5, 53}));  // the 54th: 34 > 5 * 40 / 6
  Hits usual;
  for (std::size_t i = 0; i < before + 20; ++i) usual.add(Hit(hits.all()[i]));
  EXPECT_EQ(triggers(run(baseline_rule(), usual)), Times{-14 * kDay + 5});
}

TEST(SecretsAnomaly, TwoUsersAreTwoSignals) {
  Hits hits = known_user();
  hits.add(-3 * kDay, "v");
  burst(hits, 0, 10);
  EXPECT_EQ(run(baseline_rule(), burst(hits, 0, 10, 1, "v")).episodes.size(), 2u);
}

TEST(SecretsAnomaly, NewUsersAreLearnedNotJudged) {
  Hits fresh;
  const Outcome outcome = run(baseline_rule(), burst(fresh, 0, 50));
  EXPECT_TRUE(outcome.episodes.empty());
  Hits learning = Hits().add(-23 * 3600, "u");
  const Outcome later = run(baseline_rule(), burst(learning, 0, 50, 0.1));
  EXPECT_TRUE(later.episodes.empty());
  EXPECT_EQ(later.reports[0].reason.substr(0, 7), "learns ");
  EXPECT_NE(later.reports[0].reason.find("longest group seen for 23"), std::string::npos) << later.reports[0].reason;
}

TEST(SecretsAnomaly, FiveCallsAndScatteredOnesStaySilentAndSayHowNear) {
  Hits five = known_user();
  const Outcome outcome = run(baseline_rule(), burst(five, 0, 5));
  EXPECT_TRUE(outcome.episodes.empty());
  EXPECT_EQ(outcome.reports[0].nearest, "5 against a bound of 0: 5 in excess of more than 5 needed (u)");
  EXPECT_EQ(outcome.reports[0].reason, "");
  Hits hourly = known_user();
  EXPECT_TRUE(run(baseline_rule(), burst(hourly, 0, 6, 3600)).episodes.empty());
}

TEST(SecretsAnomaly, ADropDoesNotFire) {
  Hits hits;
  for (double t = -2 * kDay; t < 0; t += 300) burst(hits, t, 50);
  EXPECT_EQ(triggers(run(baseline_rule(), hits.add(4000, "u"))), Times{});
}

TEST(Percentile, BucketsWithoutHitsAreZerosOfTheHistory) {
  auto baseline = secrets_baseline();
  baseline.window = baseline.bucket;
  baseline.learning = {};
  baseline.tolerance = 1;
  Hits hits;
  for (int bucket = 0; bucket < 5; ++bucket) burst(hits, bucket * 300, bucket + 1);
  burst(hits, 3000, 4);  // history 0 0 0 0 0 1 2 3 4 5
  const auto last_trigger = [&](double percentile) {
    baseline.percentile = percentile;
    const Outcome outcome = run(baseline_rule(baseline), hits);
    return outcome.episodes.empty() ? -1 : after_start(outcome.episodes.back().trigger_time);
  };
  EXPECT_EQ(last_trigger(0.5), 3001);  // bound 0: 2 > 1
  EXPECT_EQ(last_trigger(0.6), 3002);  // bound 1: 3 - 1 > 1
  EXPECT_EQ(last_trigger(0.65), -1);   // bound 2: 4 - 2 is not more than 2
}

TEST(NearestRank, IsExactForDecimalFractions) {
  EXPECT_EQ(nearest_rank(0.995, 4032), 4012);
  EXPECT_EQ(nearest_rank(0.95, 100), 95);
  EXPECT_EQ(nearest_rank(0.07, 100), 7);  // 0.07 * 100 is a little more than 7 in floating point
  EXPECT_EQ(nearest_rank(0, 10), 1);
  EXPECT_EQ(nearest_rank(1, 10), 10);
}

// The formulas, slowly: x over every bucket from the group's first to the current one.
struct Naive {
  const plan::Baseline& op;
  std::vector<Hit> hits;  // of one group, in order

  [[nodiscard]] std::int64_t bucket(Instant t) const { return floor_to(t, op.bucket).micros / op.bucket.micros; }

  // Whether the hit at `index` fires, and the excess.
  [[nodiscard]] bool fires(std::size_t index) const {
    const Instant first = hits[0].time;
    const Instant t = hits[index].time;
    const std::int64_t base = bucket(first);
    const std::int64_t now = bucket(t);
    std::vector<double> x(static_cast<std::size_t>(now - base + 1), 0);
    for (std::size_t i = 0; i <= index; ++i) x[static_cast<std::size_t>(bucket(hits[i].time) - base)] += 1;
    const auto at = [&](std::int64_t b) { return b < base || b > now ? 0 : x[static_cast<std::size_t>(b - base)]; };

    const std::int64_t n = std::max<std::int64_t>(1, op.window.micros / op.bucket.micros);
    const std::int64_t h0 = bucket(std::max(first, t - Duration::seconds(14 * 86400)));
    const std::int64_t h1 = now - n;
    const bool learning = t - first < op.learning;
    if (learning && !op.learning_bound) return false;
    std::vector<double> history;
    for (std::int64_t b = h0; b <= h1; ++b) history.push_back(at(b));
    std::ranges::sort(history);
    double p = 0;
    if (!history.empty()) {
      const auto rank = static_cast<std::size_t>(std::ceil(op.percentile * static_cast<double>(history.size()) - 1e-9));
      p = history[std::max<std::size_t>(rank, 1) - 1];
    }
    const auto largest = [&](std::int64_t center) {
      double value = 0;
      for (std::int64_t b = center - 1; b <= center + 1; ++b) {
        if (b >= h0 && b <= h1) value = std::max(value, at(b));
      }
      return value;
    };
    const std::int64_t day = 86'400'000'000 / op.bucket.micros;
    double excess = 0;
    double bounds = 0;
    for (std::int64_t b = now - n + 1; b <= now; ++b) {
      double bound = p;
      bound = std::max({bound, largest(b - 7 * day), largest(b - 14 * day)});
      std::vector<double> daily;
      for (int k = 1; k <= 7; ++k) {
        if (b - k * day >= h0 && b - k * day <= h1) daily.push_back(largest(b - k * day));
      }
      std::ranges::sort(daily);
      if (daily.size() >= 3) bound = std::max(bound, daily[daily.size() / 2]);
      if (learning) bound = *op.learning_bound;
      bounds += bound;
      excess += std::max(0.0, at(b) - bound);
    }
    return excess > op.tolerance * std::max(1.0, bounds / static_cast<double>(n));
  }
};

TEST(BaselineTwin, AgreesWithTheFormulasOnRandomHits) {
  std::mt19937_64 random(7);
  std::size_t fired = 0;
  for (int round = 0; round < 30; ++round) {
    plan::Baseline op = secrets_baseline();
    op.bucket = Duration::seconds(std::vector<int>{300, 1800, 10800}[random() % 3]);
    op.window = Duration::seconds(std::vector<int>{300, 1800, 10800, 86400}[random() % 4]);
    op.learning = Duration::seconds(std::vector<int>{3600, 86400, 7 * 86400}[random() % 3]);
    op.percentile = std::vector<double>{0.5, 0.95, 0.995}[random() % 3];
    op.tolerance = 1 + static_cast<double>(random() % 5);
    if (random() % 2) op.learning_bound = static_cast<double>(random() % 4);
    auto rule = baseline_rule(op);
    rule->plan.episode.keep_alive = {};  // every firing shows
    Hits hits;
    double t = 0;
    for (int i = 0; i < 220; ++i) {
      switch (random() % 6) {
        case 0:
          t += kDay;
          break;
        case 1:
          t += static_cast<double>(random() % 20000);
          break;
        case 2:
          t = std::floor(t / kDay + 1) * kDay + 100;
          break;  // the same time of day again
        default:
          t += static_cast<double>(random() % 60);
          break;
      }
      if (t > 40 * kDay) break;
      hits.add(t, "u");
    }
    const Naive naive{op, hits.all()};
    Times expected;
    for (std::size_t i = 0; i < hits.all().size(); ++i) {
      if (naive.fires(i)) expected.push_back(after_start(hits.all()[i].time));
    }
    EXPECT_EQ(triggers(run(rule, hits)), expected) << "round " << round;
    fired += expected.size();
  }
  EXPECT_GT(fired, 100u);
}

}  // namespace
}  // namespace trailhound::engine::testing
