// Several threads share the partitions: the result is that of one, the consumer is never called by two at a time, and
// it may stop them all.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>

#include "engine/state_testing.h"
#include "one_in.h"

namespace trailhound::engine::testing {
namespace {

std::shared_ptr<rule::Rule> each_hit_rule() {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "each";
  rule->plan.queries = {query_named("events")};
  return rule;
}

// `rules` rules, each with hits of `groups` groups, unevenly many.
std::vector<Hit> hits_for(std::uint32_t rules, int groups, int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Hits hits;
  for (int i = 0; i < count; ++i) {
    const auto spread = static_cast<std::uint64_t>(groups);
    const std::uint64_t group = random() % 2 ? random() % spread : 0;
    hits.add(static_cast<double>(random() % 5000), "group" + std::to_string(group), "argument");
    hits.back().rule = static_cast<std::uint32_t>(random() % rules);
  }
  return hits.all();
}

// Threads give episodes of different partitions in any order.
std::vector<std::string> texts_of(const std::vector<EpisodeRecord>& episodes) {
  std::vector<std::string> texts;
  for (const EpisodeRecord& episode : episodes) texts.push_back(to_text(episode));
  std::ranges::sort(texts);
  return texts;
}

std::string reports_text(const std::vector<RuleReport>& reports) {
  std::string text;
  for (const RuleReport& r : reports) {
    text += std::to_string(r.hits) + " " + std::to_string(r.groups) + " " + std::to_string(r.episodes) + " " +
            std::to_string(r.open_windows) + " " + r.nearest + " " + r.reason + "\n";
  }
  return text;
}

TEST(Threads, GiveWhatOneGives) {
  const std::vector<rule::RuleRef> rules{each_hit_rule(),
                                         threshold_rule({.queries = {"a"},
                                                         .measures = {{Aggregation::count, {}}},
                                                         .cases = {{"", plan::Severity::low, more_than(0, 3)}}}),
                                         each_hit_rule()};
  for (const int groups : {1, 2, 50}) {
    for (const int count : {0, 1, 7, 3000}) {
      const auto hits = hits_for(3, groups, count, static_cast<std::uint64_t>(groups + count));
      const Outcome one = run(rules, hits, {.collectors = 3}, kStart + Duration::seconds(9999));
      for (const unsigned threads : {0u, 2u, 5u}) {
        const Outcome several =
            run(rules, hits, {.collectors = 3, .shuffle = true, .threads = threads}, kStart + Duration::seconds(9999));
        EXPECT_EQ(to_text(several.episodes), to_text(one.episodes)) << groups << " " << count << " " << threads;
        EXPECT_EQ(reports_text(several.reports), reports_text(one.reports));
      }
    }
  }
}

TEST(Threads, SpilledHitsGoThroughOne) {
  const std::vector<rule::RuleRef> rules{each_hit_rule()};
  const auto hits = hits_for(1, 20, 3000, 3);
  const Outcome one = run(rules, hits, {});
  EXPECT_EQ(to_text(run(rules, hits, {.budget = 5000, .threads = 5}).episodes), to_text(one.episodes));
}

// The consumer has had enough after `most` episodes.
void stop_after(std::size_t most, unsigned threads, const std::vector<rule::RuleRef>& rules,
                const std::vector<Hit>& hits, const std::vector<EpisodeRecord>& all) {
  std::vector<HitCollector> collectors;
  collectors.emplace_back(rules, SpillSorter::Options{});
  for (const Hit& hit : hits) collectors[0].add(Hit(hit));
  std::vector<EpisodeRecord> taken;
  std::atomic<int> inside = 0;
  const auto reports = evaluate(rules, std::move(collectors), Instant::max(),
                                [&](EpisodeRecord&& episode) {
                                  EXPECT_EQ(++inside, 1);
                                  taken.push_back(std::move(episode));
                                  --inside;
                                  return taken.size() < most;
                                },
                                {.threads = threads});
  ASSERT_TRUE(reports);
  ASSERT_EQ(taken.size(), most);  // not called again once it said no
  const auto known = texts_of(all);
  for (const std::string& text : texts_of(taken)) EXPECT_TRUE(std::ranges::binary_search(known, text)) << text;
  if (threads > 1) return;
  EXPECT_EQ(to_text(taken), to_text({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most)}));
}

TEST(Threads, AConsumerThatHasHadEnoughStopsThemAll) {
  const std::vector<rule::RuleRef> rules{each_hit_rule()};
  const auto hits = hits_for(1, 300, 20'000 / kOneIn, 5);
  const Outcome all = run(rules, hits, {});
  for (const unsigned threads : {1u, 2u, 5u}) {
    for (const std::size_t most : {1u, 100u, 15'000u / kOneIn}) {
      stop_after(most, threads, rules, hits, all.episodes);
    }
  }
}

}  // namespace
}  // namespace trailhound::engine::testing
