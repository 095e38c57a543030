// Rules over whole tables: the twin of a rule that RunAggregate evaluates is the same rule with a LIMIT that cuts
// nothing, which goes through RunTable; and what only RunTable can express.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "rule/loader.h"
#include "run/record_shorthand.h"
#include "run/scan.h"
#include "signal/signal.h"

namespace trailhound::run {
namespace {

/// What a signal says besides its identity: when, how many events, which columns.
class Summaries : public sink::Sink {
 public:
  Status add(const signal::Signal& signal) override {
    std::string line = format_rfc3339(signal.first_seen) + " " + format_rfc3339(signal.last_seen) + " " +
                       std::to_string(signal.event_count);
    for (const auto& [name, values] : signal.values) {
      line += " " + name + "=";
      for (const Value& value : values) line += to_text(value) + ",";
    }
    lines.push_back(std::move(line));
    return {};
  }
  Status finish(const sink::ScanSummary&) override {
    std::ranges::sort(lines);
    return {};
  }
  std::vector<std::string> lines;
};

std::string rule_text(const std::string& query, const std::string& from, const std::string& interval) {
  return "[rule]\nname = \"T\"\nrule_id = \"11111111-1111-4111-8111-111111111111\"\ntype = \"esql\"\nlanguage = "
         "\"esql\"\nrisk_score = 21\nseverity = \"low\"\ndescription = \"d\"\nauthor = [\"a\"]\nlicense = \"l\"\nfrom "
         "= \"" +
         from + "\"\ninterval = \"" + interval + "\"\nquery = '''\n" + query + "\n'''\n";
}

struct Answer {
  std::vector<std::string> signals;
  Ledger ledger;
};

Answer answer_to(const std::string& query, const std::string& records, const std::string& from = "now-20m",
                 const std::string& interval = "5m", const ScanOptions& options = {}) {
  const event::Catalog catalog;
  rule::LoadedRules rules;
  rule::load_rule_text(rule_text(query, from, interval), "t.toml", catalog, rules);
  for (const auto& outcome : rules.outcomes) {
    for (const auto& finding : outcome.diagnostics.all()) {
      if (finding.severity == Diagnostic::Severity::error) return {{"error: " + finding.message}, {}};
    }
  }
  ScanInput input;
  input.texts.push_back({"records", records});
  Summaries summaries;
  Progress progress;
  const auto result = scan(input, rules, catalog, options, std::make_unique<Ledger>(), {&summaries}, progress);
  if (!result) return {{"error: " + result.error().text()}, {}};
  return {summaries.lines, *result->ledger};
}

std::vector<std::string> signals_of(const std::string& query, const std::string& records) {
  return answer_to(query, records).signals;
}

std::string random_records(std::mt19937& random) {
  std::string records;
  std::uint64_t number = 0;
  for (int i = 0; i < 120; ++i) {
    Shorthand values;
    values["user"] = {"u" + std::to_string(random() % 4)};
    values["region"] = {"r" + std::to_string(random() % 3)};
    if (random() % 3 == 0) values["error"] = {"AccessDenied"};
    append_record(records, random() % 2 ? "ListUsers" : "GetUser",
                  Instant::from_seconds(1'772'442'000 + static_cast<std::int64_t>(random() % 14'400)), values,
                  ++number);
    records += '\n';
  }
  return records;
}

TEST(RunTable, AgreesWithRunAggregate) {
  const std::string query =
      "FROM logs-aws.cloudtrail-* | WHERE user.name IS NOT NULL "
      "| STATS n = COUNT(*), regions = COUNT_DISTINCT(cloud.region), bad = COUNT(*) WHERE event.outcome == \"failure\","
      " seen = MAX(@timestamp), all = VALUES(event.action) BY user.name, event.action | WHERE n > 2 AND regions > 1";
  std::mt19937 random(7);
  std::size_t signals = 0;
  for (int round = 0; round < 20; ++round) {
    const std::string records = random_records(random);
    const auto expected = signals_of(query, records);
    EXPECT_EQ(signals_of(query + " | LIMIT 10000", records), expected);
    signals += expected.size();
  }
  EXPECT_GT(signals, 20u);
}

TEST(RunTable, AggregatesAggregates) {
  std::string records;
  std::uint64_t number = 0;
  for (int i = 0; i < 6; ++i) {
    append_record(records, "ListUsers", Instant::from_seconds(1'772'442'000 + i),
                  {{"user", {"u" + std::to_string(i % 3)}}}, ++number);
    records += '\n';
  }
  const auto signals = signals_of(
      "FROM logs-aws.cloudtrail-* | STATS n = COUNT(*) BY user.name, event.action | STATS users = COUNT(*), most = "
      "MAX(n) BY event.action | WHERE users == 3",
      records);
  ASSERT_EQ(signals.size(), 1u);
  EXPECT_EQ(signals[0], "2026-03-02T09:00:00Z 2026-03-02T09:00:05Z 6 users=3, most=2, event.action=ListUsers,");
}

TEST(RunTable, FiresOnceForAnEventThatInlineStatsKeeps) {
  std::string records;
  std::uint64_t number = 0;
  for (const char* user : {"eve", "eve", "bob"}) {
    append_record(records, "ListUsers", Instant::from_seconds(1'772'442'001 + static_cast<std::int64_t>(number)),
                  {{"user", {user}}}, number + 1);
    ++number;
    records += '\n';
  }
  const auto signals = signals_of(
      "FROM logs-aws.cloudtrail-* METADATA _id, _version, _index | INLINE STATS n = COUNT(*) BY user.name | WHERE n == "
      "1 | KEEP user.name, n, _id",
      records);
  ASSERT_EQ(signals.size(), 1u);
  EXPECT_TRUE(signals[0].starts_with("2026-03-02T09:00:03Z 2026-03-02T09:00:03Z 1 user.name=bob, n=1, _id="))
      << signals[0];
}

TEST(RunTable, ALimitBoundsTheRowsOfARun) {
  std::string records;
  std::uint64_t number = 0;
  for (const char* user : {"eve", "eve", "eve", "bob", "bob", "joe"}) {
    append_record(records, "ListUsers", Instant::from_seconds(1'772'442'000), {{"user", {user}}}, ++number);
    records += '\n';
  }
  const auto signals =
      signals_of("FROM logs-aws.cloudtrail-* | STATS n = COUNT(*) BY user.name | SORT n DESC | LIMIT 2", records);
  ASSERT_EQ(signals.size(), 2u);
  EXPECT_NE(signals[0].find("bob"), std::string::npos);
  EXPECT_NE(signals[1].find("eve"), std::string::npos);
}

TEST(RunTable, NowInFrontOfStatsIsTheTimeOfTheRun) {
  std::string records;
  std::uint64_t number = 0;
  for (const int second : {0, 1, 700}) {
    append_record(records, "ListUsers", Instant::from_seconds(1'772'442'000 + second), {{"user", {"eve"}}}, ++number);
    records += '\n';
  }
  // Never two events in the last five minutes of a run but at the first one.
  const auto signals = signals_of(
      "FROM logs-aws.cloudtrail-* | WHERE @timestamp >= NOW() - 5 minutes | STATS n = COUNT(*) BY user.name | WHERE n "
      "> 1",
      records);
  ASSERT_EQ(signals.size(), 1u);
  EXPECT_TRUE(signals[0].starts_with("2026-03-02T09:00:")) << signals[0];
}

/// An event of which MV_EXPAND makes as many rows as its agent has parts, each with so many letters.
void append_agent(std::string& records, int second, std::size_t parts, std::size_t letters, std::uint64_t number) {
  std::string agent;
  for (std::size_t i = 0; i < parts; ++i) agent += std::string(letters, 'p') + std::to_string(i) + ",";
  append_record(records, "ListUsers", Instant::from_seconds(1'772'442'000 + second), {{"agent", {agent + "end"}}},
                number);
  records += '\n';
}
constexpr const char* kParts =
    "FROM logs-aws.cloudtrail-* | EVAL p = SPLIT(user_agent.original, \",\") | MV_EXPAND p | STATS n = COUNT(*) BY p "
    "| WHERE n > 19 AND p == \"end\"";

TEST(RunTable, HoldsEventsRatherThanWhatIsMadeOfThem) {
  std::string records;
  for (int i = 0; i < 40; ++i) append_agent(records, i, 150, 1, static_cast<std::uint64_t>(i) + 1);
  ScanOptions options;
  options.memory = 4'000'000;  // half of it for the window: less than 6,000 rows take
  const Answer answer = answer_to(kParts, records, "now-20m", "5m", options);
  EXPECT_EQ(answer.signals.size(), 1u);
  EXPECT_FALSE(answer.ledger.unfinished_rules);
}

TEST(RunTable, RunsWithoutRoomAreALossAndThoseBehindThemGoOn) {
  std::string records;
  std::uint64_t number = 0;
  for (int i = 0; i < 160; ++i) append_agent(records, i, 30, 30, ++number);
  for (int i = 0; i < 20; ++i) append_agent(records, 7'200 + i, 2, 1, ++number);
  ScanOptions options;
  options.memory = 300'000;
  const Answer answer = answer_to(kParts, records, "now-20m", "5m", options);
  ASSERT_EQ(answer.signals.size(), 1u);
  EXPECT_TRUE(answer.signals[0].starts_with("2026-03-02T11:00:")) << answer.signals[0];
  EXPECT_TRUE(answer.ledger.unfinished_rules);
  ASSERT_EQ(answer.ledger.notes.count("unfinished 11111111-1111-4111-8111-111111111111"), 1u);
  const std::string& note = answer.ledger.notes.at("unfinished 11111111-1111-4111-8111-111111111111");
  EXPECT_NE(note.find("4 of its runs could not be evaluated, the first at 2026-03-02T09:05:00Z: its window holds more"),
            std::string::npos)
      << note;
  EXPECT_EQ(answer_to(kParts, records).signals.size(), 2u);  // with room
}

TEST(RunTable, WhatFollowsWhatHadNoRoomIsSeenByItsOwnRuns) {
  std::string records;
  std::uint64_t number = 0;
  for (int i = 0; i < 100; ++i) append_agent(records, i, 30, 30, ++number);
  for (int i = 0; i < 20; ++i) append_agent(records, 600 + i, 2, 1, ++number);
  append_agent(records, 2'700, 2, 1, ++number);
  ScanOptions options;
  options.memory = 300'000;
  const Answer answer = answer_to(kParts, records, "now-20m", "5m", options);
  EXPECT_TRUE(answer.ledger.unfinished_rules);
  ASSERT_EQ(answer.signals.size(), 1u);  // of the run at 9:25, the first that does not look back to 9:01:40
  EXPECT_TRUE(answer.signals[0].starts_with("2026-03-02T09:10:00Z 2026-03-02T09:10:19Z 20")) << answer.signals[0];
}

TEST(RunTable, ASignalStaysOpenOverRunsThatNobodyCouldJudge) {
  std::string records;
  std::uint64_t number = 0;
  for (int minute = 0; minute < 120; ++minute) {
    append_agent(records, 60 * minute, 2, 1, ++number);
    for (int i = 0; minute == 60 && i < 100; ++i) append_agent(records, 60 * minute, 30, 30, ++number);
  }
  const std::string query =
      "FROM logs-aws.cloudtrail-* | EVAL p = SPLIT(user_agent.original, \",\") | MV_EXPAND p | STATS n = COUNT(*) BY p "
      "| WHERE n > 3 AND p == \"end\"";
  ScanOptions options;
  options.memory = 300'000;
  const Answer answer = answer_to(query, records, "now-20m", "5m", options);
  EXPECT_TRUE(answer.ledger.unfinished_rules);
  ASSERT_EQ(answer.signals.size(), 1u);
  EXPECT_TRUE(answer.signals[0].starts_with("2026-03-02T09:00:00Z 2026-03-02T10:59:00Z")) << answer.signals[0];
}

}  // namespace
}  // namespace trailhound::run
