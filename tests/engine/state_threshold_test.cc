// Threshold rules: the scenarios of the backup, secrets and Bedrock rules at operator level (what the filters of those
// rules let through), the edges of windows and of the signal's life, THEN, and what is counted.

#include <gtest/gtest.h>

#include "engine/state_testing.h"

namespace trailhound::engine::testing {
namespace {

using plan::Severity;

const Measure kCount{};
const Measure kDistinct{.aggregation = Aggregation::cardinality, .arguments = {0}};

std::shared_ptr<rule::Rule> backup_rule() {
  return threshold_rule(
      {.queries = {"regions"}, .measures = {kDistinct}, .cases = {{"", Severity::medium, more_than(0, 3)}}});
}
std::shared_ptr<rule::Rule> secrets_rule() {
  return threshold_rule({.queries = {"regions", "reads"},
                         .measures = {kDistinct, kCount},
                         .cases = {{"", Severity::medium, both(more_than(0, 3), more_than(1, 0))}}});
}
std::shared_ptr<rule::Rule> bedrock_rule() {
  return threshold_rule(
      {.queries = {"a", "b", "c"},
       .measures = {kCount, kCount, kCount},
       .cases = {{"", Severity::high, either(more_than(0, 0), either(more_than(1, 0), more_than(2, 0)))}},
       .window = 300});
}
std::vector<double> triggers(const Outcome& outcome) {
  std::vector<double> times;
  for (const auto& episode : outcome.episodes) times.push_back(after_start(episode.trigger_time));
  return times;
}
using Times = std::vector<double>;

TEST(BackupRule, FourRegionsInTheWindowAreOneSignal) {
  const Outcome outcome = run(backup_rule(), Hits().lines("0 u R1\n60 u R2\n120 u R3\n180 u R4"));
  ASSERT_EQ(outcome.episodes.size(), 1u);
  const EpisodeRecord& e = outcome.episodes[0];
  EXPECT_EQ(after_start(e.trigger_time), 180);
  EXPECT_EQ(after_start(e.first_seen), 0);
  EXPECT_EQ(after_start(e.last_seen), 180);
  EXPECT_EQ(e.severity, Severity::medium);
  EXPECT_EQ(e.event_count, 4u);
  EXPECT_EQ(e.values, (std::vector<std::pair<std::string, Values>>{{"regions", {std::int64_t{4}}}}));
  EXPECT_EQ(e.regions.texts, (std::vector<std::string>{"R1", "R2", "R3", "R4"}));
  EXPECT_EQ(e.signal_key, (std::vector<Value>{std::string("u")}));
  EXPECT_EQ(e.key_names, (std::vector<std::string>{"@userIdentity.arn"}));
  EXPECT_EQ(outcome.reports[0].hits, 4u);
  EXPECT_EQ(outcome.reports[0].groups, 1u);
  EXPECT_EQ(outcome.reports[0].episodes, 1u);
}

TEST(BackupRule, TheWindowReachesTo599Seconds) {
  EXPECT_EQ(triggers(run(backup_rule(), Hits().lines("0 u R1\n200 u R2\n400 u R3\n599 u R4"))), Times{599});
}

TEST(BackupRule, AnEventExactlyAWindowOldIsOut) {
  EXPECT_EQ(triggers(run(backup_rule(), Hits().lines("0 u R1\n200 u R2\n400 u R3\n600 u R4"))), Times{});
}

TEST(BackupRule, TheWindowSlidesAndIsNoBucket) {
  const Outcome outcome = run(backup_rule(), Hits().lines("0 u R1\n500 u R2\n900 u R3\n1000 u R4\n1090 u R5"));
  ASSERT_EQ(triggers(outcome), Times{1090});
  EXPECT_EQ(after_start(outcome.episodes[0].first_seen), 500);
  EXPECT_EQ(outcome.episodes[0].event_count, 4u);
}

TEST(BackupRule, AFifthRegionUpdatesTheSignal) {
  const Outcome outcome = run(backup_rule(), Hits().lines("0 u R1\n60 u R2\n120 u R3\n180 u R4\n240 u R5"));
  ASSERT_EQ(triggers(outcome), Times{180});
  EXPECT_EQ(after_start(outcome.episodes[0].last_seen), 240);
  EXPECT_EQ(outcome.episodes[0].event_count, 5u);
  EXPECT_EQ(outcome.episodes[0].values[0].second, Values{std::int64_t{5}});
}

TEST(BackupRule, ASecondSweepAfterTheKeepAliveIsASecondSignal) {
  EXPECT_EQ(triggers(run(backup_rule(), Hits().lines("0 u R1\n60 u R2\n120 u R3\n180 u R4\n"
                                                     "3900 u R1\n3960 u R2\n4020 u R3\n4080 u R4"))),
            (Times{180, 4080}));
}

TEST(BackupRule, ThreeRegionsNeverFireHoweverManyCalls) {
  Hits hits;
  for (int i = 0; i < 500; ++i) hits.add(i * 0.1, "u", "R" + std::to_string(i % 3));
  const Outcome outcome = run(backup_rule(), hits);
  EXPECT_TRUE(outcome.episodes.empty());
  EXPECT_EQ(outcome.reports[0].nearest, "3 of 4 regions (u)");
}

TEST(BackupRule, FourRegionsNeverTogetherDoNotFire) {
  EXPECT_EQ(triggers(run(backup_rule(), Hits().lines("0 u R1\n250 u R2\n500 u R3\n750 u R4"))), Times{});
}

TEST(BackupRule, TwoUsersDoNotAddUp) {
  EXPECT_EQ(triggers(run(backup_rule(), Hits().lines("0 u R1\n10 u R2\n20 v R3\n30 v R4"))), Times{});
}

TEST(SecretsRule, FiresAtTheReadOrAtTheFourthRegion) {
  EXPECT_EQ(triggers(run(secrets_rule(), Hits().lines("0 u R1\n30 u R2\n60 u R3\n90 u R4\n120 u - 1"))), Times{120});
  EXPECT_EQ(triggers(run(secrets_rule(), Hits().lines("0 u - 1\n30 u R1\n60 u R2\n90 u R3\n120 u R4"))), Times{120});
}

TEST(SecretsRule, ReadsInAnotherRegionCountToo) {
  EXPECT_EQ(triggers(run(secrets_rule(), Hits().lines("0 u R1\n30 u R2\n60 u R3\n90 u R4\n120 u R9 1"))), Times{120});
}

TEST(SecretsRule, TheLastSecondOfTheWindowCounts) {
  EXPECT_EQ(triggers(run(secrets_rule(), Hits().lines("0 u R1\n100 u R2\n200 u R3\n300 u R4\n599 u - 1"))), Times{599});
}

TEST(SecretsRule, ManyCallsAreOneSignal) {
  Hits hits;
  for (int i = 0; i < 17; ++i) hits.add(i * 5, "u", "R" + std::to_string(i));
  for (int i = 0; i < 40; ++i) hits.add(100 + i, "u", "", 1);
  const Outcome outcome = run(secrets_rule(), hits);
  ASSERT_EQ(triggers(outcome), Times{100});
  EXPECT_EQ(outcome.episodes[0].event_count, 57u);
  EXPECT_EQ(outcome.episodes[0].events_per_query, (std::vector<std::uint64_t>{17, 40}));
}

TEST(SecretsRule, TwoUsersAreTwoSignals) {
  EXPECT_EQ(triggers(run(secrets_rule(), Hits().lines("0 u R1\n30 u R2\n60 u R3\n90 u R4\n120 u - 1\n"
                                                      "0 v R1\n30 v R2\n60 v R3\n90 v R4\n121 v - 1"))),
            (Times{120, 121}));
}

TEST(SecretsRule, NearMissesStaySilentAndSayHowNear) {
  Hits reads;
  reads.lines("0 u R1\n1 u R2\n2 u R3");
  for (int i = 0; i < 100; ++i) reads.add(3 + i, "u", "", 1);
  const Outcome three = run(secrets_rule(), reads);
  EXPECT_TRUE(three.episodes.empty());
  EXPECT_EQ(three.reports[0].nearest, "3 of 4 regions, 1 of 1 reads (u)");

  Hits lists;
  for (int i = 0; i < 10; ++i) lists.add(i, "u", "R" + std::to_string(i));
  EXPECT_TRUE(run(secrets_rule(), lists).episodes.empty());
  EXPECT_TRUE(run(secrets_rule(), Hits().lines("0 u R1\n30 u R2\n60 u R3\n90 u R4\n100 v - 1")).episodes.empty());
  EXPECT_TRUE(run(secrets_rule(), Hits().lines("0 u R1\n30 u R2\n60 u R3\n90 u R4\n700 u - 1")).episodes.empty());
  EXPECT_TRUE(run(secrets_rule(), Hits().lines("0 u R1\n250 u R2\n500 u R3\n750 u R4\n760 u - 1")).episodes.empty());
  Hits pages;
  for (int i = 0; i < 40; ++i) pages.add(i, "u", "R1");
  EXPECT_TRUE(run(secrets_rule(), pages.add(50, "u", "", 1)).episodes.empty());
}

TEST(BedrockRule, OneDeniedCallIsEnough) {
  for (std::size_t query = 0; query < 3; ++query) {
    EXPECT_EQ(triggers(run(bedrock_rule(), Hits().add(7, "u", "", query))), Times{7});
  }
}

TEST(BedrockRule, ManyCallsAreOneSignalAndTwoUsersTwo) {
  Hits hits;
  for (int i = 0; i < 200; ++i) hits.add(i * 1.2, "u", "R" + std::to_string(i % 12));
  const Outcome many = run(bedrock_rule(), hits);
  ASSERT_EQ(many.episodes.size(), 1u);
  EXPECT_EQ(many.episodes[0].event_count, 200u);
  EXPECT_EQ(many.episodes[0].evidence.size(), 100u);
  EXPECT_EQ(many.episodes[0].evidence.back().event_id, "e000099");
  EXPECT_EQ(run(bedrock_rule(), Hits().lines("0 u -\n1 v -")).episodes.size(), 2u);
}

TEST(BedrockRule, TheKeepAliveIsAnEdge) {
  EXPECT_EQ(triggers(run(bedrock_rule(), Hits().lines("0 u\n3500 u\n7200 u"))), (Times{0, 7200}));
  EXPECT_EQ(triggers(run(bedrock_rule(), Hits().lines("0 u\n3600 u"))), Times{0});
  EXPECT_EQ(triggers(run(bedrock_rule(), Hits().lines("0 u\n3601 u"))), (Times{0, 3601}));
}

TEST(Lifecycle, TheMaximumDurationEndsASignalThatKeepsMatching) {
  auto rule = threshold_rule({.queries = {"a"},
                              .measures = {kCount},
                              .cases = {{"", Severity::low, more_than(0, 0)}},
                              .window = 60,
                              .keep_alive = 100,
                              .max_duration = 250});
  EXPECT_EQ(triggers(run(rule, Hits().lines("0 u\n100 u\n200 u\n250 u\n251 u\n260 u"))), (Times{0, 251}));
}

TEST(Lifecycle, WithoutKeepAliveEveryTrueEvaluationIsASignal) {
  auto rule = threshold_rule({.queries = {"a"},
                              .measures = {kCount},
                              .cases = {{"", Severity::low, more_than(0, 1)}},
                              .window = 60,
                              .keep_alive = 0,
                              .max_duration = 0});
  const Outcome outcome = run(rule, Hits().lines("0 u\n10 u\n20 u"));
  ASSERT_EQ(triggers(outcome), (Times{10, 20}));
  EXPECT_EQ(outcome.episodes[0].event_count, 2u);
  EXPECT_EQ(outcome.episodes[1].event_count, 3u);
  EXPECT_EQ(after_start(outcome.episodes[1].first_seen), 0);
}

TEST(Lifecycle, ANearMissNeitherExtendsNorCounts) {
  auto rule = threshold_rule({.queries = {"a"},
                              .measures = {kCount},
                              .cases = {{"", Severity::low, more_than(0, 1)}},
                              .window = 10,
                              .keep_alive = 100,
                              .max_duration = 1000});
  const Outcome outcome = run(rule, Hits().lines("0 u\n5 u\n50 u\n90 u\n150 u\n155 u"));
  ASSERT_EQ(triggers(outcome), (Times{5, 155}));
  EXPECT_EQ(outcome.episodes[0].event_count, 2u);
  EXPECT_EQ(outcome.episodes[1].event_count, 2u);
}

TEST(Lifecycle, TheFirstTrueCaseCountsAndSeverityOnlyRises) {
  auto rule =
      threshold_rule({.queries = {"a"},
                      .measures = {kCount},
                      .cases = {{"many", Severity::high, more_than(0, 2)}, {"few", Severity::low, more_than(0, 0)}},
                      .window = 30});
  const Outcome outcome = run(rule, Hits().lines("0 u\n10 u\n20 u\n500 u"));
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(outcome.episodes[0].severity, Severity::high);
  EXPECT_EQ(outcome.episodes[0].case_name, "many");
  EXPECT_EQ(outcome.episodes[0].values[0].second, Values{std::int64_t{3}});
  EXPECT_EQ(after_start(outcome.episodes[0].last_seen), 500);
}

TEST(Lifecycle, GroupsThatShareASignalCountACommonEventOnce) {
  auto rule = threshold_rule(
      {.queries = {"a"}, .measures = {kCount}, .cases = {{"", Severity::low, more_than(0, 1)}}, .window = 100});
  rule->plan.queries[0].key = {{"@account", nullptr}, {"@user", nullptr}};
  rule->plan.episode.project = true;
  rule->plan.episode.key_parts = {0};
  Hits hits;
  for (const auto& [seconds, user, id] : std::vector<std::tuple<int, std::string, std::string>>{
           {0, "u", "x1"}, {0, "v", "x1"}, {10, "v", "x2"}, {20, "u", "x3"}}) {
    hits.add(seconds, "acc");
    hits.back().group = {std::string("acc"), user};
    hits.back().event_key = id;
    hits.back().event_id = id;
  }
  const Outcome outcome = run(rule, hits);
  ASSERT_EQ(triggers(outcome), Times{10});
  EXPECT_EQ(outcome.episodes[0].signal_key, (std::vector<Value>{std::string("acc")}));
  EXPECT_EQ(outcome.episodes[0].key_names, (std::vector<std::string>{"@account"}));
  EXPECT_EQ(outcome.episodes[0].event_count, 3u);
  EXPECT_EQ(outcome.episodes[0].events_per_query, (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(outcome.reports[0].groups, 2u);
}

TEST(Lifecycle, EvidenceIsTheFirstEventsInOrderAlsoWhenGroupsFireOutOfOrder) {
  auto rule = threshold_rule(
      {.queries = {"a"}, .measures = {kCount}, .cases = {{"", Severity::low, more_than(0, 4)}}, .window = 1000});
  rule->plan.episode.project = true;
  rule->plan.episode.key_parts = {};
  Hits hits;
  hits.lines("0 slow\n1 slow\n2 slow\n3 slow");
  for (int i = 0; i < 150; ++i) hits.add(10 + i, "fast");
  const auto evidence = [&] {
    const Outcome outcome = run(rule, hits);
    EXPECT_EQ(outcome.episodes.size(), 1u);
    return outcome.episodes[0].evidence;
  };
  EXPECT_EQ(evidence()[0].event_id, "e000004");
  hits.add(200, "slow");
  EXPECT_EQ(evidence()[0].event_id, "e000000");
  EXPECT_EQ(evidence()[4].event_id, "e000004");
  EXPECT_EQ(evidence().size(), 100u);
  EXPECT_EQ(evidence().back().event_id, "e000099");
}

TEST(Window, ZeroIsTheEventAlone) {
  auto rule = threshold_rule(
      {.queries = {"a", "b"},
       .measures = {kCount, kCount},
       .cases = {{"", Severity::low, more_than(0, 1)}, {"both", Severity::low, both(more_than(0, 0), more_than(1, 0))}},
       .window = 0,
       .keep_alive = 0});
  Hits hits;
  hits.lines("0 u\n0 u\n0 u - 1");
  EXPECT_TRUE(run(rule, hits).episodes.empty());
  hits.add(1, "u");
  hits.back().queries = 3;
  hits.back().arguments = {{}, {}};
  const Outcome outcome = run(rule, hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(outcome.episodes[0].case_name, "both");
}

TEST(Window, ACaseWithoutConditionIsAnyQuery) {
  auto rule =
      threshold_rule({.queries = {"a", "b"}, .measures = {kCount, kCount}, .cases = {{"", Severity::low, nullptr}}});
  EXPECT_EQ(triggers(run(rule, Hits().lines("5 u - 1"))), Times{5});
}

TEST(Measures, DistinctValuesAreTuplesOfTextsAndListsAddEachElement) {
  Threshold threshold{.queries = {"a"},
                      .measures = {{Aggregation::cardinality, {0, 1}}},
                      .cases = {{"", Severity::low, more_than(0, 3)}}};
  auto rule = threshold_rule(threshold);
  rule->plan.queries[0] = query_named("a", 2);
  Hits hits(2);
  const auto add = [&](int seconds, Values first, Values second) {
    hits.add(seconds, "u");
    hits.back().arguments = {std::move(first), std::move(second)};
  };
  add(0, {std::string("x"), std::string("y")}, {std::string("1")});
  add(1, {std::string("x")}, {std::int64_t{1}});   // 1 and "1" are one text
  add(2, {std::string("z")}, {});                  // a missing field makes no tuple
  add(3, {std::string("xy")}, {std::string("")});  // "xy"+"" is not "x"+"y"
  EXPECT_TRUE(run(rule, hits).episodes.empty());
  add(4, {std::string("x")}, {std::string("y")});
  EXPECT_EQ(triggers(run(rule, hits)), Times{4});
}

TEST(Measures, SumsAndMaximaTakeNumbersOnly) {
  for (const auto aggregation : {Aggregation::sum, Aggregation::max}) {
    auto rule = threshold_rule({.queries = {"a"},
                                .measures = {{aggregation, {0}}},
                                .cases = {{"", Severity::low, more_than(0, 10)}},
                                .window = 100});
    Hits hits;
    const auto add = [&](int seconds, Values values) { hits.add(seconds, "u").back().arguments = {std::move(values)}; };
    add(0, {std::string("99")});
    add(1, {std::int64_t{6}});
    add(2, {});
    EXPECT_TRUE(run(rule, hits).episodes.empty());
    if (aggregation == Aggregation::sum) {
      add(3, {2.5, 2.0});
      add(101, {std::int64_t{6}});  // the first 6 has left: 10.5
      const Outcome outcome = run(rule, hits);
      ASSERT_EQ(triggers(outcome), (Times{3}));
      EXPECT_EQ(outcome.episodes[0].values[0].second, Values{10.5});
    } else {
      add(3, {std::int64_t{11}});
      EXPECT_EQ(triggers(run(rule, hits)), Times{3});
    }
  }
}

TEST(Then, NeedsTheSecondPartStrictlyAfterTheFirst) {
  auto rule = threshold_rule({.queries = {"a", "b"},
                              .measures = {kCount, kCount},
                              .cases = {{"", Severity::low, then(more_than(0, 1), more_than(1, 0))}},
                              .window = 100});
  EXPECT_EQ(triggers(run(rule, Hits().lines("0 u\n10 u\n20 u - 1"))), Times{20});
  EXPECT_EQ(triggers(run(rule, Hits().lines("0 u - 1\n10 u\n20 u"))), Times{});
  EXPECT_EQ(triggers(run(rule, Hits().lines("0 u\n10 u - 1\n20 u"))), Times{});
  // The first of three has left the window; the second and the third still make X, but only after the b.
  EXPECT_EQ(triggers(run(rule, Hits().lines("0 u\n50 u\n60 u - 1\n70 u\n149 u - 1"))), (Times{60}));
  EXPECT_EQ(triggers(run(rule, Hits().lines("0 u\n50 u\n105 u - 1"))), Times{});
  EXPECT_EQ(triggers(run(rule, Hits().lines("0 u\n50 u\n55 u\n105 u - 1"))), Times{105});
}

TEST(Then, ANearMissInTheWrongOrderSaysSo) {
  auto rule = threshold_rule({.queries = {"a", "b"},
                              .measures = {kCount, kCount},
                              .cases = {{"", Severity::low, then(more_than(0, 0), more_than(1, 0))}}});
  EXPECT_EQ(run(rule, Hits().lines("0 u - 1\n1 u")).reports[0].nearest,
            "1 of 1 a then 1 of 1 b, not in this order (u)");
}

TEST(Window, CountsStayExactBeyondTheDetailsThatAreKept) {
  constexpr int kHits = 120'000;
  auto rule = threshold_rule({.queries = {"a"},
                              .measures = {kCount},
                              .cases = {{"", Severity::low, more_than(0, kHits - 1)}},
                              .window = 86400});
  Hits hits;
  for (int i = 0; i < kHits; ++i) hits.add(i * 0.5, "u", "R" + std::to_string(i % 3));
  const Outcome outcome = run(rule, hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(outcome.episodes[0].event_count, std::uint64_t{kHits});
  EXPECT_EQ(after_start(outcome.episodes[0].first_seen), 0);
  EXPECT_EQ(outcome.episodes[0].evidence.size(), 100u);
  EXPECT_EQ(outcome.episodes[0].evidence[0].event_id, "e020000");  // the oldest whose detail is still known
}

TEST(Frontier, LaterHitsAreIgnored) {
  const auto hits = Hits().lines("0 u R1\n60 u R2\n120 u R3\n180 u R4").all();
  EXPECT_TRUE(run({backup_rule()}, hits, {}, kStart + Duration::seconds(179)).episodes.empty());
  EXPECT_EQ(run({backup_rule()}, hits, {}, kStart + Duration::seconds(180)).episodes.size(), 1u);
}

TEST(Duplicates, OfOneEventCountOnceAndKeepTheFirstPlace) {
  auto rule =
      threshold_rule({.queries = {"a", "b"}, .measures = {kCount, kCount}, .cases = {{"", Severity::low, nullptr}}});
  Hits hits;
  hits.lines("0 u x").add(Hit(hits.all()[0]));
  hits.back().path = "logs/0.json";
  hits.back().offset = 900;
  hits.back().queries = 2;
  const Outcome outcome = run(rule, hits);
  ASSERT_EQ(outcome.episodes.size(), 1u);
  EXPECT_EQ(outcome.reports[0].hits, 1u);
  EXPECT_EQ(outcome.episodes[0].event_count, 1u);
  EXPECT_EQ(outcome.episodes[0].events_per_query, (std::vector<std::uint64_t>{1, 1}));
  EXPECT_EQ(outcome.episodes[0].evidence[0].path, "logs/0.json");
  EXPECT_EQ(outcome.episodes[0].evidence[0].offset, 900u);
}

TEST(EachHit, IsASignalAnEventWithItsArguments) {
  auto rule = std::make_shared<rule::Rule>();
  rule->severity = Severity::critical;
  rule->plan.queries = {query_named("q")};
  rule->plan.op = plan::EachHit{};
  const Outcome outcome = run(rule, Hits().lines("0 u x\n0 u y\n5 v z"));
  ASSERT_EQ(triggers(outcome), (Times{0, 0, 5}));
  EXPECT_EQ(outcome.episodes[1].values,
            (std::vector<std::pair<std::string, Values>>{{"@argument0", {std::string("y")}}}));
  EXPECT_EQ(outcome.episodes[1].severity, Severity::critical);
  EXPECT_EQ(outcome.episodes[1].trigger_key, "111122223333/e000001");
}

TEST(Evaluate, StopsWhenTheConsumerHasEnough) {
  std::vector<rule::RuleRef> rules = {bedrock_rule()};
  std::vector<HitCollector> collectors;
  collectors.emplace_back(rules, SpillSorter::Options{});
  const auto hits = Hits().lines("0 a\n0 b\n0 c").all();
  for (const Hit& hit : hits) collectors[0].add(Hit(hit));
  int seen = 0;
  const auto reports = evaluate(rules, std::move(collectors), Instant::max(), [&](EpisodeRecord&&) {
    ++seen;
    return false;
  });
  ASSERT_TRUE(reports);
  EXPECT_EQ(seen, 1);
}

TEST(Evaluate, AHitOfAnUnknownRuleIsAnError) {
  HitCollector collector({bedrock_rule()}, {});
  Hit hit = Hits().lines("0 a").all()[0];
  hit.rule = 1;
  collector.add(std::move(hit));
  EXPECT_FALSE(collector.status());
}

}  // namespace
}  // namespace trailhound::engine::testing
