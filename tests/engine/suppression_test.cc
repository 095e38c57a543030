// Alert suppression for each operator that takes it: which firings join, which stand alone, what is counted.

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

#include "engine/state_testing.h"

namespace trailhound::engine::testing {
namespace {

using By = plan::Suppression::By;

plan::Suppression suppression(int duration, int interval = 300, By by = By::key) {
  plan::Suppression out;
  out.by = by;
  out.parts = {0};
  if (duration >= 0) out.duration = Duration::seconds(duration);
  out.interval = Duration::seconds(interval);
  return out;
}

std::shared_ptr<rule::Rule> query_rule(const plan::Suppression& suppressed) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "query";
  rule->plan.queries = {query_named("events")};
  rule->plan.queries[0].missing = plan::MissingKey::null_group;
  rule->plan.op = plan::EachHit{};
  rule->plan.episode.suppression = suppressed;
  return rule;
}

// "10 +2" : opened at 10 s, two more suppressed.
std::string alerts(const Outcome& outcome) {
  std::ostringstream out;
  for (const EpisodeRecord& e : outcome.episodes) {
    out << (out.tellp() > 0 ? ", " : "") << after_start(e.trigger_time);
    for (const auto& [name, values] : e.values) {
      if (name == "suppressed") out << " +" << trailhound::to_text(values[0]);
    }
  }
  return out.str();
}

TEST(Suppression, WithoutADurationARunHasOneAlertAGroup) {
  Hits hits;
  hits.lines("10 u\n20 u\n300 u\n301 u\n30 v");
  EXPECT_EQ(alerts(run(query_rule(suppression(-1)), hits)), "10 +2, 301 +0, 30 +0");
}

TEST(Suppression, TheSpanStartsWithTheCreationAndDoesNotSlide) {
  // Created by the run at 300; runs up to 900 join, that at 1200 does not, though 900 is near it.
  Hits hits;
  hits.lines("10 u\n590 u\n890 u\n910 u\n1100 u");
  const Outcome outcome = run(query_rule(suppression(600)), hits);
  EXPECT_EQ(alerts(outcome), "10 +2, 910 +1");
  EXPECT_EQ(after_start(outcome.episodes[0].first_seen), 10);
  EXPECT_EQ(after_start(outcome.episodes[0].last_seen), 890);
  EXPECT_EQ(outcome.episodes[0].event_count, 3u);
  EXPECT_EQ(outcome.episodes[0].evidence.size(), 3u);
}

TEST(Suppression, AbsenceIsAGroupOrStandsAlone) {
  Hits hits;
  for (int i = 0; i < 3; ++i) {
    hits.add(10 + i, "x");
    hits.back().group = {Value{}};
  }
  EXPECT_EQ(alerts(run(query_rule(suppression(600)), hits)), "10 +2");
  auto alone = suppression(600);
  alone.missing_alone = true;
  EXPECT_EQ(alerts(run(query_rule(alone), hits)), "10 +0, 11 +0, 12 +0");
}

TEST(Suppression, CellsAreWholeLists) {
  auto rule = query_rule(suppression(600, 300, By::cells));
  rule->plan.queries[0].key.clear();
  Hits hits;
  const std::vector<Values> cells{{std::string("a")},
                                  {std::string("a"), std::string("b")},
                                  {std::string("a")},
                                  {},
                                  {std::string("a"), std::string("b")},
                                  {}};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    hits.add(10 + static_cast<double>(i), "x");
    hits.back().group.clear();
    hits.back().arguments = {cells[i]};
  }
  EXPECT_EQ(alerts(run(rule, hits)), "10 +1, 11 +1, 13 +1");
  rule->plan.episode.suppression->missing_alone = true;
  EXPECT_EQ(alerts(run(rule, hits)), "10 +1, 11 +1, 13 +0, 15 +0");
}

TEST(Suppression, WithoutPartsThereIsOneGroup) {
  auto rule = query_rule(suppression(600));
  rule->plan.episode.suppression->parts.clear();
  rule->plan.episode.project = true;
  Hits hits;
  hits.lines("10 u\n20 v");
  EXPECT_EQ(alerts(run(rule, hits)), "10 +1");
}

TEST(Suppression, OfThresholdAlertsTheSuppressedOnesCountNotTheirEvents) {
  auto rule = query_rule(suppression(600));
  plan::RunThreshold op;
  op.least = 2;
  op.look_back = Duration::seconds(300);
  op.interval = Duration::seconds(300);
  rule->plan.op = op;
  Hits hits;
  hits.lines("10 u\n20 u\n310 u\n320 u\n330 u\n340 u\n910 u\n920 u");
  const Outcome outcome = run(rule, hits);
  EXPECT_EQ(alerts(outcome), "300 +1, 1200 +0");
  EXPECT_EQ(outcome.episodes[0].event_count, 6u);
}

TEST(Suppression, NewTermsOfOneGroupShareAnAlert) {
  auto rule = query_rule(suppression(600, 300, By::cells));
  rule->plan.op = plan::NewTerms{Duration::seconds(86400), Duration::seconds(360), Duration::seconds(300)};
  rule->plan.episode.project = true;
  Hits hits;
  hits.lines("10 term1 host1\n20 term2 host1\n30 term3 host2\n40 term1 host1\n2000 term4 host1");
  const Outcome outcome = run(rule, hits);
  EXPECT_EQ(alerts(outcome), "10 +1, 30 +0, 2000 +0");
  EXPECT_EQ(outcome.episodes[0].expansion, std::vector<Value>{std::string("term1")});
  const decltype(EpisodeRecord::values) told = {{"@userIdentity.arn", {std::string("term1")}},
                                                {"@argument0", {std::string("host1")}},
                                                {"suppressed", {std::int64_t{1}}}};
  EXPECT_EQ(outcome.episodes[0].values, told);
}

TEST(Suppression, SequencesAreGroupedByWhatTheirEventsShare) {
  auto rule = query_rule(suppression(600, 300, By::cells));
  rule->plan.queries.push_back(query_named("second"));
  plan::Sequence op;
  op.stages = {{0, false}, {1, false}};
  op.max_span = Duration::seconds(60);
  rule->plan.op = op;
  rule->plan.episode.project = true;
  Hits hits;
  hits.lines("10 k same 0\n11 k same 1\n20 k same 0\n21 k same 1\n30 k one 0\n31 k other 1");
  const Outcome outcome = run(rule, hits);
  EXPECT_EQ(alerts(outcome), "11 +1, 31 +0");
  EXPECT_EQ(outcome.episodes[0].event_count, 4u);
}

std::shared_ptr<rule::Rule> counting_rule(int look_back, const plan::Suppression& suppressed) {
  auto rule = query_rule(suppressed);
  plan::RunAggregate op;
  op.measures = {{.name = "n", .filter = {}, .type = plan::LogicalType::long_integer}};
  op.look_back = Duration::seconds(look_back);
  op.interval = Duration::seconds(300);
  op.outputs = {{"n", plan::make(plan::Slot{0, "n"}, plan::LogicalType::long_integer)}};
  rule->plan.op = op;
  return rule;
}

TEST(Suppression, RowsOfARunAreFirings) {
  Hits hits;
  hits.lines("10 u\n20 u\n1300 u");
  const Instant frontier = kStart + Duration::seconds(2400);
  const Outcome outcome = run({counting_rule(600, suppression(600))}, hits.all(), {}, frontier);
  EXPECT_EQ(alerts(outcome), "300 +1, 1500 +1");
  EXPECT_EQ(outcome.episodes[0].event_count, 2u);
  EXPECT_EQ(outcome.episodes[1].event_count, 1u);
  // A row that stays opens an alert each time the last one's span is over, with what it sees then.
  Hits one;
  one.lines("10 u");
  const Outcome again = run({counting_rule(1800, suppression(300))}, one.all(), {}, frontier);
  EXPECT_EQ(alerts(again), "300 +1, 900 +1, 1500 +1");
  EXPECT_EQ(again.episodes[2].event_count, 1u);
}

TEST(Suppression, RowsOfSeveralKeysMayShareAGroup) {
  auto rule = counting_rule(300, suppression(600, 300, By::cells));  // by the number of rows
  rule->plan.episode.project = true;
  Hits hits;
  hits.lines("10 u\n20 v\n30 v\n310 w\n320 x\n321 x\n322 x");
  const Outcome outcome = run(rule, hits);
  EXPECT_EQ(alerts(outcome), "300 +1, 300 +0, 600 +0");
  EXPECT_EQ(outcome.episodes[0].event_count, 2u);
}

// As the rule type does it: run by run, the group's newest alert that was created recently enough takes the run's hits.
TEST(SuppressionTwin, AgreesWithGoingRunByRun) {
  std::mt19937_64 random(41);
  for (int round = 0; round < 500; ++round) {
    const int interval = static_cast<int>(std::vector{60, 300}[random() % 2]);
    const int duration = static_cast<int>(random() % 6) * interval / 2;
    const auto rule = query_rule(suppression(duration, interval));
    Hits hits;
    int t = 0;
    for (int i = 0; i < 40; ++i) {
      t += static_cast<int>(random() % 3 ? random() % 20 : random() % 300);
      hits.add(t, std::string(1, static_cast<char>('u' + random() % 2)));
    }
    std::map<std::string, std::vector<std::pair<Instant, std::uint64_t>>> expected;  // created, hits
    for (Instant at = kStart; at <= ceil_to(hits.all().back().time, Duration::seconds(interval));
         at = at + Duration::seconds(interval)) {
      for (const std::string group : {"u", "v"}) {
        std::uint64_t count = 0;
        for (const Hit& hit : hits.all()) {
          if (trailhound::to_text(hit.group[0]) == group && hit.time <= at &&
              hit.time > at - Duration::seconds(interval)) {
            ++count;
          }
        }
        if (count == 0) continue;
        auto& list = expected[group];
        if (list.empty() || list.back().first < at - Duration::seconds(duration)) list.emplace_back(at, 0);
        list.back().second += count;
      }
    }
    std::map<std::string, std::vector<std::pair<Instant, std::uint64_t>>> found;
    for (const EpisodeRecord& e : run({rule}, hits.all(), {.shuffle = true, .seed = random()}).episodes) {
      found[trailhound::to_text(e.signal_key[0])].emplace_back(ceil_to(e.trigger_time, Duration::seconds(interval)),
                                                               e.event_count);
    }
    ASSERT_EQ(found, expected) << "round " << round;
  }
}

}  // namespace
}  // namespace trailhound::engine::testing
