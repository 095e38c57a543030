// Sequences and samples: single facts, then random events against a twin that follows Elasticsearch's own steps: stage
// by stage over all events, lists of partial matches, and a search for missing events once a match is complete.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "engine/naive_operators.h"
#include "engine/state_testing.h"
#include "one_in.h"

namespace trailhound::engine::testing {
namespace {

constexpr int kNoSpan = -1;

// "a b !c until d": queries in order of their letters; "a b b": a stage that repeats.
std::shared_ptr<rule::Rule> sequence_rule(const std::string& text, int max_span) {
  auto rule = std::make_shared<rule::Rule>();
  rule->id = "sequence";
  plan::Sequence op;
  std::istringstream words(text);
  std::uint32_t queries = 0;
  bool until = false;
  for (std::string word; words >> word;) {
    if (word == "until" || word == "sample") {
      until = word == "until";
      op.ordered = op.ordered && word != "sample";
      continue;
    }
    const auto query = static_cast<std::uint32_t>(word.back() - 'a');
    queries = std::max(queries, query + 1);
    if (until) {
      op.until = query;
    } else {
      op.stages.push_back({query, word.front() == '!'});
    }
  }
  for (std::uint32_t i = 0; i < queries; ++i) {
    rule->plan.queries.push_back(query_named(std::string(1, static_cast<char>('a' + i))));
  }
  if (max_span != kNoSpan) op.max_span = Duration::seconds(max_span);
  rule->plan.op = op;
  return rule;
}

// "0a 5b 9ab": events of one key at these seconds, of these queries.
Hits events(const std::string& text, const std::string& key = "k") {
  Hits hits;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::size_t digits = 0;
    const int seconds = std::stoi(word, &digits);
    hits.add(seconds, key);
    Hit& hit = hits.back();
    hit.queries = 0;
    hit.arguments.clear();
    for (const char letter : word.substr(digits)) hit.queries |= std::uint64_t{1} << (letter - 'a');
    for (std::uint64_t rest = hit.queries; rest != 0; rest &= rest - 1) hit.arguments.push_back({word});
  }
  return hits;
}

// The members of each match, "0a 5b; 7a 9b", by the arguments that name them; frontier in seconds.
std::string matches(const std::string& sequence, int max_span, const std::string& text, int frontier = -1) {
  const Hits hits = events(text);
  std::map<std::string, std::string> word_of;
  for (const Hit& hit : hits.all()) word_of[hit.event_key] = std::get<std::string>(hit.arguments[0][0]);
  const Outcome outcome = run({sequence_rule(sequence, max_span)}, hits.all(), {},
                              frontier < 0 ? Instant::max() : kStart + Duration::seconds(frontier));
  std::string out;
  for (const EpisodeRecord& e : outcome.episodes) {
    if (!out.empty()) out += "; ";
    std::string members;
    for (const EvidenceItem& item : e.evidence) members += (members.empty() ? "" : " ") + word_of[item.event_key];
    out += members;
  }
  for (const RuleReport& report : outcome.reports) {
    if (report.open_windows > 0) out += (out.empty() ? "" : "; ") + std::to_string(report.open_windows) + " open";
  }
  return out;
}

TEST(Sequence, StagesInOrderMakeAMatch) {
  EXPECT_EQ(matches("a b", 60, "0a 5b"), "0a 5b");
  EXPECT_EQ(matches("a b", 60, "0b 5a"), "");
  EXPECT_EQ(matches("a b c", 60, "0a 5b 6x 7c"), "0a 5b 7c");
}

TEST(Sequence, FiresWithTheLastStage) {
  const Outcome outcome = run({sequence_rule("a b", 60)}, events("3a 9b").all());
  ASSERT_EQ(outcome.episodes.size(), 1u);
  const EpisodeRecord& e = outcome.episodes[0];
  EXPECT_EQ(openings(outcome), "9 001");
  EXPECT_EQ(after_start(e.first_seen), 3);
  EXPECT_EQ(after_start(e.last_seen), 9);
  EXPECT_EQ(e.event_count, 2u);
  EXPECT_EQ(e.events_per_query, (std::vector<std::uint64_t>{1, 1}));
  ASSERT_EQ(e.values.size(), 1u);
  EXPECT_EQ(e.values[0].first, "@argument0");
  EXPECT_EQ(e.values[0].second, (Values{std::string("3a"), std::string("9b")}));
}

TEST(Sequence, TheNewestStartIsTakenAndOlderOnesAreGone) {
  EXPECT_EQ(matches("a b", 60, "0a 1a 5b 6b"), "1a 5b");
  EXPECT_EQ(matches("a b c", 60, "0a 1b 2a 3b 4c 5c"), "2a 3b 4c");
}

TEST(Sequence, AnOlderStartLivesOnInALaterStage) {
  // 2a begins anew in the first stage; the match that has its b already is not touched by it.
  EXPECT_EQ(matches("a b c", 60, "0a 1b 2a 3c"), "0a 1b 3c");
}

TEST(Sequence, MaxSpanIsFromFirstToLastEqualIncluded) {
  EXPECT_EQ(matches("a b", 10, "0a 10b"), "0a 10b");
  EXPECT_EQ(matches("a b", 10, "0a 11b"), "");
  EXPECT_EQ(matches("a b c", 10, "0a 6b 12c"), "");
  EXPECT_EQ(matches("a b", kNoSpan, "0a 999b"), "0a 999b");
}

TEST(Sequence, APartialThatFailsTheSpanIsLost) { EXPECT_EQ(matches("a b c", 10, "0a 5b 20c 21c"), ""); }

TEST(Sequence, AnEventServesSeveralStagesButNotTwoOfOneMatch) {
  EXPECT_EQ(matches("a b", 60, "0ab 5ab"), "0ab 5ab");
  EXPECT_EQ(matches("a b", 60, "0ab"), "");
}

TEST(Sequence, RunsRepeatAStage) {
  EXPECT_EQ(matches("a a a", 60, "0a 1a"), "");
  EXPECT_EQ(matches("a a a", 60, "0a 1a 2a 3a"), "0a 1a 2a; 1a 2a 3a");
  EXPECT_EQ(matches("a a b", 60, "0a 1a 2a 3b"), "1a 2a 3b");
}

TEST(Sequence, UntilEndsWhatIsOpen) {
  EXPECT_EQ(matches("a b until c", 60, "0a 5c 6b"), "");
  EXPECT_EQ(matches("a b until c", 60, "0a 5b 6c"), "0a 5b");
  EXPECT_EQ(matches("a b until c", 60, "0a 1c 2a 3b"), "2a 3b");
  EXPECT_EQ(matches("a b until b", 60, "0a 3b"), "0a 3b");  // the event that completes is not before itself
  EXPECT_EQ(matches("a b until a", 60, "0a 3b"), "");       // the event that begins counts
}

TEST(Sequence, AtOneTimeTheLowestStageComesFirst) {
  EXPECT_EQ(matches("a b", 60, "5b 5a"), "5a 5b");
  EXPECT_EQ(matches("a b c", 0, "5c 5b 5a"), "5a 5b 5c");
  EXPECT_EQ(matches("a b until c", 60, "5c 5b 5a"), "5a 5b");  // ... and what ends it last
}

TEST(Sequence, AMissingEventBetweenTwoStages) {
  EXPECT_EQ(matches("a !b c", 60, "0a 9c"), "0a 9c");
  EXPECT_EQ(matches("a !b c", 60, "0a 5b 9c"), "");
  EXPECT_EQ(matches("a !b c", 60, "0a 0b 9b 9c"), "0a 9c");  // strictly between
  EXPECT_EQ(matches("a !b c", 60, "0a 5b 9c 10c"), "");      // spoilt, and used up
}

TEST(Sequence, ATrailingMissingEventFiresWhenTheSpanIsOver) {
  EXPECT_EQ(matches("a !b", 10, "0a 11x"), "0a");
  EXPECT_EQ(matches("a !b", 10, "0a 5b 11x"), "");
  EXPECT_EQ(matches("a !b", 10, "0a 10b 30x"), "");
  EXPECT_EQ(matches("a !b", 10, "0a 11b"), "0a");
  EXPECT_EQ(matches("a c !b", 10, "0a 7c 11b"), "0a 7c");  // the span is the first event's
  EXPECT_EQ(matches("a !b", 10, "0b 0a 30x"), "0a");       // not after it
}

TEST(Sequence, ASpanThatIsNotOverIsOpenNotFired) {
  EXPECT_EQ(matches("a !b", 10, "0a 9x"), "1 open");
  EXPECT_EQ(matches("a !b", 10, "0a", 9), "1 open");
  EXPECT_EQ(matches("a !b", 10, "0a", 10), "0a");
  EXPECT_EQ(matches("a !b", kNoSpan, "0a 500x"), "1 open");
  const Outcome outcome = run({sequence_rule("a !b", 10)}, events("3a 30x").all());
  EXPECT_EQ(openings(outcome), "13 000");
  EXPECT_EQ(after_start(outcome.episodes[0].last_seen), 3);
}

TEST(Sequence, ALeadingMissingEventLooksBackFromTheLast) {
  EXPECT_EQ(matches("!a b", 10, "5b"), "5b");
  EXPECT_EQ(matches("!a b", 10, "0a 5b"), "");
  EXPECT_EQ(matches("!a b", 10, "0a 10b"), "");
  EXPECT_EQ(matches("!a b", 10, "0a 11b"), "11b");
  EXPECT_EQ(matches("!a b", 10, "5a 5b"), "5b");
  EXPECT_EQ(matches("!a b c", 10, "0a 5b 11c"), "5b 11c");
  EXPECT_EQ(matches("!a b c", 10, "0a 5b 10c"), "");
}

TEST(Sequence, MissingOnBothSidesNeedsASpanWithoutEither) {
  EXPECT_EQ(matches("!a b !c", 10, "5b 6c"), "5b");       // ... which may end right after b
  EXPECT_EQ(matches("!a b !c", 10, "0a 5b 9c 20x"), "");  // 9 seconds are too few
  EXPECT_EQ(matches("!a b !c", 10, "0a 5b 11c 20x"), "5b");
  EXPECT_EQ(matches("!a b !c", 10, "0a 5b 9x"), "1 open");
}

TEST(Sequence, KeysDoNotMix) {
  Hits hits = events("0a", "one");
  const Hits others = events("5b 6x 7b", "two");
  for (const Hit& hit : others.all()) hits.add(hit);
  EXPECT_TRUE(run({sequence_rule("a b", 60)}, hits.all()).episodes.empty());
}

TEST(Sequence, KeysDoNotMixInOnePartitionEither) {
  auto rule = sequence_rule("a b", 60);
  rule->plan.episode.project = true;
  Hits hits = events("0a 1a 5b 6b 7b");
  std::vector<Hit> all = hits.all();
  for (std::size_t i = 0; i < all.size(); ++i) all[i].group = {std::string(i % 2 == 0 ? "one" : "two")};
  const Outcome outcome = run({rule}, all);  // 0a-5b of one, 1a-6b of two
  EXPECT_EQ(openings(outcome), "5 002, 6 003");
  EXPECT_EQ(outcome.episodes[0].expansion, std::vector<Value>{std::string("one")});
  EXPECT_EQ(outcome.reports[0].groups, 2u);
  auto missing = sequence_rule("a !b", 10);
  missing->plan.episode.project = true;
  EXPECT_EQ(openings(run({missing}, all, {}, kStart + Duration::seconds(60))), "");  // each has a b
  all[3].group = {std::string("one")};
  EXPECT_EQ(openings(run({missing}, all, {}, kStart + Duration::seconds(60))), "11 001");
}

TEST(Sequence, TellsHowFarItGot) {
  EXPECT_EQ(run({sequence_rule("a b c", 60)}, events("0a 1b").all()).reports[0].nearest, "2 of 3 stages (k)");
}

TEST(Sample, EveryStageItsOwnEventInAnyOrder) {
  EXPECT_EQ(matches("sample a b", kNoSpan, "0b 5a"), "5a 0b");
  EXPECT_EQ(matches("sample a b", kNoSpan, "0ab"), "");
  EXPECT_EQ(matches("sample a b", kNoSpan, "0ab 1a"), "1a 0ab");  // 0ab may be the b
  EXPECT_EQ(matches("sample a b c", kNoSpan, "0abc 1ab 2a"), "2a 1ab 0abc");
  EXPECT_EQ(matches("sample a b c", kNoSpan, "0abc 1abc"), "");
}

TEST(Sample, WithinTheSpanAndOnce) {
  EXPECT_EQ(matches("sample a b", 10, "0a 11b"), "");
  EXPECT_EQ(matches("sample a b", 10, "0a 11b 12a"), "12a 11b");
  EXPECT_EQ(matches("sample a b", kNoSpan, "0a 1b 2a"), "0a 1b");
  EXPECT_EQ(matches("sample a b", kNoSpan, "0a 1b 2a 3b"), "0a 1b; 2a 3b");
}

std::vector<std::string> search(const plan::Sequence& op, const std::vector<Hit>& hits, Instant frontier) {
  const std::vector<Hit> ordered = test::in_order(hits);
  std::vector<std::string> lines;
  for (const test::Alarm& alarm : test::match_sequences(op, ordered, frontier)) {
    std::string line;
    for (const Hit* hit : alarm.hits) line += hit->event_key + " ";
    lines.push_back(line);
  }
  std::ranges::sort(lines);
  return lines;
}

TEST(SequenceTwin, AgreesWithElasticsearchsSteps) {
  std::mt19937_64 random(23);
  const std::vector<std::string> shapes{"a b",          "a b c",     "a a b",       "a b until c", "a !b c",
                                        "a !b",         "!a b",      "!a b !c",     "a !b c !d",   "!a b c",
                                        "a b a",        "a !b !c d", "a b !c a",    "a a a a b",   "!a !b c !a d",
                                        "a !b until c", "a",         "b !a until a"};
  std::size_t found = 0;
  std::size_t waited = 0;
  for (int round = 0; round < 6000 / kOneIn; ++round) {
    const auto rule = sequence_rule(shapes[random() % shapes.size()], static_cast<int>(random() % 12));
    const auto queries = rule->plan.queries.size();
    std::string text;
    int t = 0;
    for (std::size_t i = 3 + random() % 12; i > 0; --i) {
      t += static_cast<int>(random() % 4);
      text += std::to_string(t);
      const std::uint64_t mask = 1 + random() % ((std::uint64_t{1} << queries) - 1);
      for (std::size_t q = 0; q < queries; ++q) {
        if (((mask >> q) & 1) != 0 && (random() % 2 == 0 || mask == (std::uint64_t{1} << q))) {
          text += static_cast<char>('a' + q);
        }
      }
      if (std::isdigit(text.back()) != 0) text += 'a';
      text += " ";
    }
    const Hits hits = events(text);
    const Outcome outcome = run({rule}, hits.all(), {.shuffle = true, .seed = random()});
    std::vector<std::string> lines;
    for (const EpisodeRecord& e : outcome.episodes) {
      std::string line;
      for (const EvidenceItem& item : e.evidence) line += item.event_key + " ";
      lines.push_back(line);
    }
    std::ranges::sort(lines);
    const Instant frontier = hits.all().back().time;
    ASSERT_EQ(lines, search(std::get<plan::Sequence>(rule->plan.op), hits.all(), frontier))
        << plan::print(rule->plan) << text;
    found += lines.size();
    waited += outcome.reports[0].open_windows;
  }
  EXPECT_GT(found, 5000u / kOneIn);
  EXPECT_GT(waited, 300u / kOneIn);
}

TEST(SequenceMemory, OnePartialAStageHoweverManyStarts) {
  // Starts without an end: only the newest is kept.
  Hits hits;
  for (int i = 0; i < 20'000; ++i) {
    hits.add(i * 0.001, "k");
    hits.back().arguments = {{std::string("x")}};
  }
  hits.add(30, "k", "y", 1);
  const Outcome outcome = run({sequence_rule("a b", 60)}, hits.all());
  EXPECT_EQ(openings(outcome), "30 000");
}

}  // namespace
}  // namespace trailhound::engine::testing
