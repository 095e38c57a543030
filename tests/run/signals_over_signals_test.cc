// Rules over other rules' signals. The twin of such a rule over the signals of a query rule is the same rule over the
// events themselves: these signals are one an event, at the time of the event, with its fields.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "rule/exclusions.h"
#include "rule/loader.h"
#include "run/record_shorthand.h"
#include "run/scan.h"
#include "signal/signal.h"

namespace trailhound::run {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Collected : public sink::Sink {
 public:
  Status add(const signal::Signal& signal) override {
    signals.push_back(signal);
    return {};
  }
  Status finish(const sink::ScanSummary&) override {
    std::ranges::stable_sort(signals, {}, [](const signal::Signal& s) { return std::pair(s.first_seen, s.id); });
    return {};
  }
  std::vector<signal::Signal> signals;
};

struct Head {
  std::string id, type, language = "kuery", severity = "low";
  int risk = 21;
  std::string from = "now-6m", interval = "5m";
};

constexpr const char* kEvents = "index = [\"logs-aws.cloudtrail-*\"]\n";
constexpr const char* kSignals = "index = [\".alerts-security.*\"]\n";

std::string rule_text(const Head& head, const std::string& query, const std::string& more) {
  return "[rule]\nname = \"Rule " + head.id + "\"\nrule_id = \"" + head.id + "\"\ntype = \"" + head.type +
         "\"\nlanguage = \"" + head.language + "\"\nrisk_score = " + std::to_string(head.risk) + "\nseverity = \"" +
         head.severity + "\"\ndescription = \"d\"\nauthor = [\"a\"]\nfrom = \"" + head.from + "\"\ninterval = \"" +
         head.interval + "\"\nquery = '''\n" + query + "\n'''\n" + more;
}

rule::LoadedRules load(const std::vector<std::string>& rules, const event::Catalog& catalog) {
  rule::LoadedRules loaded;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rule::load_rule_text(rules[i], "r" + std::to_string(i) + ".toml", catalog, loaded);
  }
  for (const auto& outcome : loaded.outcomes) {
    for (const auto& finding : outcome.diagnostics.all()) {
      EXPECT_NE(finding.severity, Diagnostic::Severity::error) << to_text(finding);
    }
  }
  return loaded;
}

struct Arrangement {
  std::size_t chunk = 1000;
  unsigned workers = 1;
  std::size_t memory = 64u << 20;
  std::optional<Instant> from = {}, to = {};
};

std::vector<signal::Signal> scan_with(const rule::LoadedRules& rules, const event::Catalog& catalog,
                                      const std::vector<std::string>& records, const Arrangement& how = {}) {
  ScanInput input;
  for (std::size_t i = 0; i < records.size(); i += how.chunk) {
    std::string text;
    for (std::size_t j = i; j < std::min(i + how.chunk, records.size()); ++j) text += records[j] + "\n";
    input.texts.push_back({"part" + std::to_string(i), std::move(text)});
  }
  Collected collected;
  Progress progress;
  ScanOptions options;
  options.workers = how.workers;
  options.memory = how.memory;
  options.from = how.from;
  options.filter.from = how.from;
  options.to = how.to;
  const auto result = scan(input, rules, catalog, options, std::make_unique<Ledger>(), {&collected}, progress);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().text());
  return collected.signals;
}

std::vector<signal::Signal> scan_texts(const std::vector<std::string>& rules, const std::vector<std::string>& records,
                                       const Arrangement& how = {}) {
  const event::Catalog catalog;
  return scan_with(load(rules, catalog), catalog, records, how);
}

std::vector<signal::Signal> of_rule(const std::vector<signal::Signal>& all, const std::string& id) {
  std::vector<signal::Signal> some;
  std::ranges::copy_if(all, std::back_inserter(some), [&](const auto& s) { return s.rule->id == id; });
  return some;
}

constexpr std::int64_t kStart = 1'772'442'000;  // 2026-03-02T09:00:00Z

std::string record(const std::string& name, std::int64_t second, Shorthand values, std::uint64_t number) {
  std::string text;
  append_record(text, name, Instant::from_seconds(kStart + second), values, number);
  return text;
}

enum class Seconds : bool { may_repeat, differ };

std::vector<std::string> random_records(std::mt19937& random, int count = 300, Seconds seconds = Seconds::may_repeat) {
  std::vector<std::string> records;
  std::set<std::int64_t> taken;
  for (int i = 0; i < count; ++i) {
    Shorthand values;
    values["user"] = {"u" + std::to_string(random() % 4)};
    values["ip"] = {"203.0.113." + std::to_string(random() % 3)};
    values["region"] = {"r" + std::to_string(random() % 3)};
    const char* const names[] = {"ListUsers", "GetUser", "CreateUser"};
    const char* const name = names[random() % 3];
    std::int64_t second = random() % 14'400;
    while (!taken.insert(second).second && seconds == Seconds::differ) second = random() % 14'400;
    records.push_back(record(name, second, values, static_cast<std::uint64_t>(i) + 1));
  }
  return records;
}

/// What a signal says that does not depend on whether it stands on events or on their signals.
std::string summary(const signal::Signal& signal) {
  std::string text = format_rfc3339(signal.first_seen) + " " + format_rfc3339(signal.last_seen) + " " +
                     std::to_string(signal.event_count) + " " + signal.principal + " " + signal.account;
  for (const auto& [name, value] : signal.group) text += " " + name + "=" + to_text(value);
  for (const auto& [name, values] : signal.values) {
    text += " " + name + ":";
    for (const Value& value : values) text += to_text(value) + ",";
  }
  // Hits of one second come by event key, which is another for a signal.
  std::set<std::string> events;
  for (const auto& evidence : signal.evidence) events.insert(evidence.event_id);
  for (const std::string& event : events) text += " " + event;
  return text;
}

std::vector<std::string> summaries(const std::vector<signal::Signal>& signals) {
  std::vector<std::string> all;
  for (const auto& signal : signals) all.push_back(summary(signal));
  std::ranges::sort(all);
  return all;
}

struct Twin {
  const char* what;
  Head head;
  std::string query;  // REST stands for what the twin adds to its conditions
  std::string more;
};

const std::string kListing = rule_text({.id = "listing", .type = "query"}, "event.action: ListUsers", kEvents);
const std::string kGetting = rule_text({.id = "getting", .type = "query"}, "event.action: GetUser", kEvents);

std::string with(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST(SignalsOverSignals, OverSignalsOfEventsARuleFindsWhatItFindsOverTheEvents) {
  const std::vector<Twin> twins = {
      {"threshold",
       {.id = "over", .type = "threshold", .from = "now-20m"},
       "LISTING",
       "[rule.threshold]\nfield = [\"user.name\"]\nvalue = 4\n[[rule.threshold.cardinality]]\nfield = "
       "\"cloud.region\"\nvalue = 2\n"},
      {"new terms",
       {.id = "over", .type = "new_terms"},
       "LISTING",
       "[rule.new_terms]\nfield = \"new_terms_fields\"\nvalue = [\"user.name\", "
       "\"source.ip\"]\n[[rule.new_terms.history_window_start]]\nfield = \"history_window_start\"\nvalue = "
       "\"now-1h\"\n"},
      {"query", {.id = "over", .type = "query"}, "LISTING and source.ip: 203.0.113.0/31", ""},
      {"sequence",
       {.id = "over", .type = "eql", .language = "eql", .from = "now-30m"},
       "sequence by user.name with maxspan=10m [any where ELISTING] [any where EGETTING and cloud.region != \"r0\"]",
       ""},
      {"esql",
       {.id = "over", .type = "esql", .language = "esql", .from = "now-20m"},
       "FROM SOURCE | WHERE (ELISTING or EGETTING) and user.name is not null | STATS n = COUNT(*), ips = "
       "COUNT_DISTINCT(source.ip), regions = VALUES(cloud.region), seen = MAX(@timestamp) BY user.name | WHERE n > 5",
       ""},
  };
  for (const Twin& twin : twins) {
    const std::string source = twin.head.language == "esql" ? "" : kEvents;
    const auto over_events = [&] {
      std::string query = with(with(twin.query, "ELISTING", "event.action == \"ListUsers\""), "EGETTING",
                               "event.action == \"GetUser\"");
      query = with(with(query, "LISTING", "event.action: ListUsers"), "SOURCE", "logs-aws.cloudtrail-*");
      return rule_text(twin.head, query, source + twin.more);
    }();
    const auto over_signals = [&] {
      std::string query = with(with(twin.query, "ELISTING", "kibana.alert.rule.rule_id == \"listing\""), "EGETTING",
                               "kibana.alert.rule.rule_id == \"getting\"");
      query = with(with(query, "LISTING", "kibana.alert.rule.rule_id: listing"), "SOURCE", ".alerts-security.*");
      return rule_text(twin.head, query, (source.empty() ? "" : kSignals) + twin.more);
    }();
    std::size_t found = 0;
    std::mt19937 random(3);
    for (int round = 0; round < 12; ++round) {
      // Of two events of one second a sequence takes the one that comes first by its key, which is another for a
      // signal.
      const auto records = random_records(random, 300, Seconds::differ);
      const auto expected = scan_texts({over_events}, records);
      const auto all = scan_texts({kListing, kGetting, over_signals}, records);
      const auto actual = of_rule(all, "over");
      EXPECT_EQ(summaries(actual), summaries(expected)) << twin.what << " round " << round;
      for (const auto& signal : actual)
        EXPECT_EQ(signal.signals.size(), std::min<std::size_t>(signal.event_count, 100));
      found += expected.size();
    }
    EXPECT_GT(found, 12u) << twin.what;
  }
}

/// Feeders of several types, a rule over them, and one over that.
std::vector<std::string> tower() {
  return {
      kListing,
      rule_text({.id = "many", .type = "threshold", .severity = "medium", .risk = 47, .from = "now-20m"},
                "event.action: GetUser",
                std::string(kEvents) + "[rule.threshold]\nfield = [\"user.name\"]\nvalue = 4\n"),
      rule_text({.id = "steps", .type = "eql", .language = "eql", .severity = "high", .risk = 73, .from = "now-30m"},
                "sequence by user.name with maxspan=2m [any where event.action == \"GetUser\"] [any where event.action "
                "== \"CreateUser\"]",
                kEvents),
      rule_text({.id = "rows", .type = "esql", .language = "esql", .severity = "medium", .risk = 50, .from = "now-20m"},
                "FROM logs-aws.cloudtrail-* | WHERE event.action == \"CreateUser\" | STATS n = COUNT(*), ips = "
                "VALUES(source.ip) BY user.name | WHERE n > 3 | KEEP user.name, n, ips",
                ""),
      rule_text({.id = "mixed", .type = "esql", .language = "esql", .from = "now-60m", .interval = "30m"},
                "FROM .alerts-security.*, logs-aws.cloudtrail-* | WHERE user.name IS NOT NULL AND "
                "(kibana.alert.risk_score >= 47 OR event.action == \"CreateUser\") | STATS signals = "
                "COUNT_DISTINCT(kibana.alert.rule.rule_id), ids = VALUES(kibana.alert.rule.rule_id), all = COUNT(*), "
                "depth = MAX(kibana.alert.depth) BY user.name | WHERE signals > 1",
                ""),
      rule_text(
          {.id = "top", .type = "threshold", .severity = "critical", .risk = 99, .from = "now-24h", .interval = "1h"},
          "kibana.alert.rule.rule_id: mixed",
          std::string(kSignals) + "[rule.threshold]\nfield = "
                                  "[\"user.name\"]\nvalue = 2\n"),
  };
}

std::vector<std::string> lines_of(std::vector<signal::Signal> signals) {
  std::vector<std::string> lines;
  for (signal::Signal& signal : signals) {
    for (auto& evidence : signal.evidence) {
      evidence.file.clear();
      evidence.offset = 0;
    }
    std::string line;
    signal::append_json(line, signal);
    lines.push_back(std::move(line));
  }
  std::ranges::sort(lines);
  return lines;
}

TEST(SignalsOverSignals, OrderChunkingWorkersMemoryAndRedeliveryDoNotMatter) {
  const event::Catalog catalog;
  const rule::LoadedRules rules = load(tower(), catalog);
  ASSERT_THAT(rules.rules, SizeIs(6));
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> records = random_records(random);
    const auto first = scan_with(rules, catalog, records);
    EXPECT_THAT(of_rule(first, "mixed"), Not(IsEmpty()));
    const auto expected = lines_of(first);
    for (int round = 0; round < 4; ++round) {
      std::vector<std::string> arranged = records;
      if (round % 2 == 1) {
        for (std::size_t i = 0; i < records.size(); i += 3) arranged.push_back(records[i]);
      }
      std::ranges::shuffle(arranged, random);
      const Arrangement how{1 + random() % 100, 1 + static_cast<unsigned>(random() % 3),
                            round == 3 ? 1u << 10 : 64u << 20};
      EXPECT_EQ(lines_of(scan_with(rules, catalog, arranged, how)), expected) << "seed " << seed << " round " << round;
    }
  }
}

TEST(SignalsOverSignals, EveryStratumSeesThoseBelow) {
  std::mt19937 random(1);
  const auto all = scan_texts(tower(), random_records(random, 500));
  const auto top = of_rule(all, "top");
  ASSERT_THAT(top, Not(IsEmpty()));
  std::set<std::string> ids;
  for (const auto& signal : of_rule(all, "mixed")) ids.insert(signal.id);
  for (const auto& signal : top) {
    EXPECT_EQ(signal.signals.size(), signal.event_count);
    for (const std::string& id : signal.signals) EXPECT_TRUE(ids.contains(id));
    EXPECT_GT(signal.evidence.size(), signal.event_count);  // of events, not of signals
    for (const auto& evidence : signal.evidence) EXPECT_THAT(evidence.file, HasSubstr("part"));
  }
}

TEST(SignalsOverSignals, FieldsOfEventsGoThroughAllStrata) {
  const std::string copy = rule_text({.id = "copy", .type = "query"}, "kibana.alert.rule.rule_id: listing", kSignals);
  const std::string top = rule_text({.id = "top", .type = "query"},
                                    "kibana.alert.rule.rule_id: copy and user.name: eve and kibana.alert.depth: 2 and "
                                    "kibana.alert.ancestors.type: signal",
                                    kSignals);
  const auto all = scan_texts({kListing, copy, top}, {record("ListUsers", 0, {{"user", {"eve"}}}, 1),
                                                      record("ListUsers", 1, {{"user", {"bob"}}}, 2)});
  const auto found = of_rule(all, "top");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].principal, HasSubstr("eve"));
  EXPECT_EQ(found[0].first_seen, Instant::from_seconds(kStart));
  EXPECT_THAT(found[0].evidence, SizeIs(1));
  EXPECT_THAT(found[0].evidence[0].file, HasSubstr("part"));
}

TEST(SignalsOverSignals, ASequenceIsAlsoItsEvents) {
  // As in Elastic, a sequence of two gives two building blocks and the signal over them.
  const std::string count = rule_text(
      {.id = "count", .type = "esql", .language = "esql", .from = "now-24h", .interval = "1h"},
      "FROM .alerts-security.* | WHERE kibana.alert.rule.rule_id == \"steps\" | STATS n = COUNT(*), actions = "
      "VALUES(event.action), depths = VALUES(kibana.alert.depth), blocks = "
      "COUNT(kibana.alert.building_block_type), groups = COUNT_DISTINCT(kibana.alert.group.id) BY user.name",
      "");
  const auto all = scan_texts({tower()[2], count}, {record("GetUser", 0, {{"user", {"eve"}}}, 1),
                                                    record("CreateUser", 60, {{"user", {"eve"}}}, 2)});
  const auto counted = of_rule(all, "count");
  ASSERT_THAT(counted, SizeIs(1));
  EXPECT_THAT(summary(counted[0]),
              HasSubstr(" user.name=eve n:3, actions:CreateUser,GetUser, depths:1,2, blocks:2, groups:1,"));
  EXPECT_THAT(counted[0].signals, ElementsAre(of_rule(all, "steps").at(0).id));
  EXPECT_THAT(counted[0].evidence, SizeIs(2));
}

TEST(SignalsOverSignals, ARowIsOnlyItsColumnsAndAThresholdOnlyItsGroup) {
  const std::string look = rule_text(
      {.id = "look", .type = "esql", .language = "esql", .from = "now-24h", .interval = "1h"},
      "FROM .alerts-security.* | STATS users = VALUES(user.name), actions = VALUES(event.action), kinds = "
      "VALUES(event.kind), types = VALUES(kibana.alert.rule.type), count = MAX(kibana.alert.threshold_result.count) BY "
      "kibana.alert.rule.rule_id",
      "");
  std::vector<std::string> records;
  for (std::uint64_t i = 0; i < 4; ++i) {
    records.push_back(record("GetUser", static_cast<std::int64_t>(i), {{"user", {"eve"}}}, i + 1));
    records.push_back(record("CreateUser", static_cast<std::int64_t>(i), {{"user", {"bob"}}}, i + 10));
  }
  records.push_back(record("ListUsers", 9, {{"user", {"joe"}}}, 30));
  const auto looked = of_rule(scan_texts({tower()[0], tower()[1], tower()[3], look}, records), "look");
  std::vector<std::string> rows;
  for (const auto& signal : looked) {
    std::string row;
    for (const auto& [name, values] : signal.values) {
      row += name + ":";
      for (const Value& value : values) row += to_text(value) + ",";
    }
    rows.push_back(std::move(row));
  }
  EXPECT_THAT(rows, UnorderedElementsAre(
                        "users:joe,actions:ListUsers,kinds:signal,types:query,count:kibana.alert.rule.rule_id:listing,",
                        "users:eve,actions:kinds:signal,types:threshold,count:4,kibana.alert.rule.rule_id:many,",
                        "users:bob,actions:kinds:signal,types:esql,count:kibana.alert.rule.rule_id:rows,"));
}

TEST(SignalsOverSignals, ARunBeyondTheLastEventFeedsToo) {
  // The threshold fires at the first run after its events, which is later than any event.
  const std::string over = rule_text({.id = "over", .type = "query"}, "kibana.alert.rule.rule_id: many", kSignals);
  std::vector<std::string> records;
  for (std::uint64_t i = 0; i < 4; ++i) {
    records.push_back(record("GetUser", 1 + static_cast<std::int64_t>(i), {{"user", {"eve"}}}, i + 1));
  }
  const auto over_signals = of_rule(scan_texts({tower()[1], over}, records), "over");
  ASSERT_THAT(over_signals, SizeIs(1));
  EXPECT_EQ(over_signals[0].first_seen, Instant::from_seconds(kStart + 300));
  EXPECT_THAT(over_signals[0].evidence, SizeIs(4));
}

TEST(SignalsOverSignals, LaterEventsThanTheEndDoNotExistForThem) {
  const event::Catalog catalog;
  const rule::LoadedRules rules = load(tower(), catalog);
  std::mt19937 random(8);
  std::vector<std::string> records = random_records(random, 500);
  const Instant to = Instant::from_seconds(kStart + 7'201);
  std::vector<std::string> early;
  for (const std::string& one : records) {
    const std::size_t at = one.find("\"eventTime\":\"") + 13;
    if (*parse_rfc3339(one.substr(at, 20)) <= to) early.push_back(one);
  }
  ASSERT_LT(early.size(), records.size());
  EXPECT_EQ(lines_of(scan_with(rules, catalog, records, {.to = to})),
            lines_of(scan_with(rules, catalog, early, {.to = to})));
}

TEST(SignalsOverSignals, WhatLiesBeforeTheReportedSpanStillFeeds) {
  const event::Catalog catalog;
  const rule::LoadedRules rules = load(tower(), catalog);
  std::mt19937 random(8);
  const std::vector<std::string> records = random_records(random, 500);
  const Instant from = Instant::from_seconds(kStart + 9'000);
  auto expected = scan_with(rules, catalog, records);
  std::erase_if(expected, [&](const signal::Signal& signal) { return signal.last_seen < from; });
  EXPECT_EQ(lines_of(scan_with(rules, catalog, records, {.from = from})), lines_of(expected));
}

TEST(SignalsOverSignals, BuildingBlocksFeedAndOldNamesAreKnown) {
  const std::string block = rule_text({.id = "block", .type = "query"}, "event.action: ListUsers",
                                      std::string(kEvents) + "building_block_type = \"default\"\n");
  const std::string over =
      rule_text({.id = "over", .type = "query"},
                "signal.rule.name: \"Rule block\" and kibana.alert.building_block_type: default and "
                "kibana.alert.original_event.action: List* and signal.status: open",
                kSignals);
  const auto all = scan_texts({block, over}, {record("ListUsers", 0, {{"user", {"eve"}}}, 1)});
  ASSERT_THAT(of_rule(all, "over"), SizeIs(1));
  EXPECT_THAT(of_rule(all, "over")[0].signals, ElementsAre(of_rule(all, "block").at(0).id));
  EXPECT_NE(of_rule(all, "over")[0].id, of_rule(all, "block")[0].id);
}

TEST(SignalsOverSignals, ExclusionsLookAtTheEventBehindASignal) {
  const std::string over = rule_text({.id = "over", .type = "query"}, "kibana.alert.rule.rule_id: listing", kSignals);
  const event::Catalog catalog;
  rule::LoadedRules rules = load({kListing, over}, catalog);
  Diagnostics diagnostics;
  rule::apply_exclusions(rules.rules, {"over: @userIdentity.arn:*eve"}, catalog, "x", diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  const auto all = scan_with(
      rules, catalog, {record("ListUsers", 0, {{"user", {"eve"}}}, 1), record("ListUsers", 1, {{"user", {"bob"}}}, 2)});
  EXPECT_THAT(of_rule(all, "listing"), SizeIs(2));
  ASSERT_THAT(of_rule(all, "over"), SizeIs(1));
  EXPECT_THAT(of_rule(all, "over")[0].principal, HasSubstr("bob"));
}

TEST(SignalsOverSignals, SignalsOfDatadogRulesFeedAsTheyOpened) {
  const std::string datadog = R"({"id": "dd", "name": "DD", "queries": [{"query": "@evt.name:GetUser",
    "groupByFields": ["@userIdentity.arn"], "name": "a", "aggregation": "count"}],
    "cases": [{"name": "", "status": "high", "condition": "a > 1"}],
    "options": {"evaluationWindow": 600, "keepAlive": 600, "maxSignalDuration": 3600}, "message": "m"})";
  const std::string over =
      rule_text({.id = "over", .type = "query"}, "kibana.alert.severity: high and user.name: eve", kSignals);
  const event::Catalog catalog;
  rule::LoadedRules loaded;
  rule::load_rule_text(over, "over.toml", catalog, loaded);
  EXPECT_THAT(loaded.rules, IsEmpty());
  rule::load_rule_text(datadog, "dd.json", catalog, loaded);
  ASSERT_THAT(loaded.rules, SizeIs(2));
  std::vector<std::string> records;
  for (std::uint64_t i = 0; i < 3; ++i) {
    records.push_back(record("GetUser", static_cast<std::int64_t>(i), {{"user", {"eve"}}}, i + 1));
    records.push_back(record("GetUser", static_cast<std::int64_t>(i), {{"user", {"bob"}}}, i + 10));
  }
  const auto found = of_rule(scan_with(loaded, catalog, records), "over");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].principal, HasSubstr("eve"));
  // At the second event: the third one came after the signal was there.
  EXPECT_EQ(found[0].first_seen, Instant::from_seconds(kStart + 1));
}

TEST(SignalsOverSignals, PublicRulesOfTheAwsFolderRunTogether) {
  const char* const folder = std::getenv("TRAILHOUND_ELASTIC_RULES");
  if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_ELASTIC_RULES is not set";
  const event::Catalog catalog;
  Diagnostics notes;
  const rule::LoadedRules loaded = rule::load_rules(
      {std::string(folder) + "/rules/integrations/aws", std::string(folder) + "/rules/cross-platform"}, catalog, notes);
  const std::string correlated = "98cfaa44-83f0-4aba-90c4-363fb9d51a75";
  ASSERT_TRUE(std::ranges::any_of(loaded.rules, [&](const auto& rule) { return rule->id == correlated; }));
  // A long-term key is used from an address for the first time, and at once for something of medium severity.
  const Shorthand eve = {{"user", {"eve"}},
                         {"ip", {"203.0.113.7"}},
                         {"service", {"cloudtrail"}},
                         {"userIdentity.accessKeyId", {"AKIAIOSFODNN7EXAMPLE"}}};
  std::vector<std::string> records = {record("DescribeTrails", 0, eve, 1), record("DeleteTrail", 60, eve, 2)};
  const auto found = of_rule(scan_with(loaded, catalog, records), correlated);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(to_text(found[0].group.at(0).second), "203.0.113.7");
  EXPECT_GE(found[0].signals.size(), 2u);
}

}  // namespace
}  // namespace trailhound::run
