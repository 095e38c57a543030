// Making only the hits that can matter must not change a signal: every kind of rule that is sieved, over random events
// in any order and chunking, with and without the sieve.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/compiled_rules.h"
#include "rule/loader.h"
#include "run/record_shorthand.h"
#include "run/scan.h"
#include "signal/signal.h"

namespace trailhound::run {
namespace {

class Lines : public sink::Sink {
 public:
  Status add(const signal::Signal& signal) override {
    signal::Signal placeless = signal;
    for (auto& evidence : placeless.evidence) {
      evidence.file.clear();
      evidence.offset = 0;
    }
    std::string line;
    signal::append_json(line, placeless);
    lines.push_back(std::move(line));
    ++by_rule[signal.rule_name];
    return {};
  }
  Status finish(const sink::ScanSummary&) override {
    std::ranges::sort(lines);
    return {};
  }
  std::vector<std::string> lines;
  std::map<std::string, int> by_rule;
  std::map<std::string, std::uint64_t> hits;  ///< by rule, as the ledger counts them
};

std::string rule_text(int number, const std::string& body) {
  const std::string n = std::to_string(number);
  return "[rule]\nname = \"rule " + n + "\"\nrule_id = \"11111111-1111-4111-8111-11111111111" + n +
         "\"\nrisk_score = 21\nseverity = \"low\"\ndescription = \"d\"\nauthor = [\"a\"]\nlicense = \"l\"\n" + body;
}

/// One of each kind that is sieved, and one that is not.
std::vector<std::string> rules_to_sieve() {
  const std::string esql = "type = \"esql\"\nlanguage = \"esql\"\ninterval = \"5m\"\nfrom = \"now-30m\"\nquery = '''\n";
  const std::string eql =
      "type = \"eql\"\nlanguage = \"eql\"\nindex = [\"logs-aws.cloudtrail-*\"]\ninterval = \"5m\"\n"
      "from = \"now-30m\"\nquery = '''\n";
  const std::string terms =
      "type = \"new_terms\"\nlanguage = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\n"
      "interval = \"5m\"\nfrom = \"now-10m\"\n";
  return {
      rule_text(1, esql + "FROM logs-aws.cloudtrail-*\n| EVAL made = CASE(event.action == \"CreateUser\", 1, 0)\n"
                          "| STATS created = COUNT(*) WHERE made == 1, listed = COUNT(*) WHERE event.action == "
                          "\"ListUsers\" BY user.name\n| WHERE created > 0 AND listed >= 2\n'''\n"),
      rule_text(2, esql + "FROM logs-aws.cloudtrail-*\n| EVAL made = CASE(event.action == \"CreateUser\", 1, 0)\n"
                          "| STATS s = SUM(made), n = COUNT(*) BY cloud.region\n| WHERE s >= 2 AND n > 3\n'''\n"),
      rule_text(3,
                eql + "sequence by user.name with maxspan=10m\n  [any where event.action == \"ListUsers\"]\n"
                      "  [any where event.action == \"CreateUser\"]\n  [any where event.action == \"GetUser\"]\n'''\n"),
      rule_text(4, eql + "sequence by user.name, cloud.region with maxspan=5m\n"
                         "  [any where event.action == \"DeleteUser\"]\n"
                         "  ![any where event.action == \"GetUser\"]\n'''\n"),
      rule_text(5, terms + "query = 'event.action: (ListUsers or CreateUser)'\n[rule.new_terms]\nfield = "
                           "\"new_terms_fields\"\nvalue = [\"user.name\", \"cloud.region\"]\n"
                           "[[rule.new_terms.history_window_start]]\nfield = \"history_window_start\"\nvalue = "
                           "\"now-3h\"\n"),
      rule_text(6, terms +
                       "query = 'event.action: *'\n[rule.alert_suppression]\ngroup_by = [\"cloud.region\"]\n"
                       "missing_fields_strategy = \"suppress\"\n[rule.alert_suppression.duration]\nvalue = 1\nunit = "
                       "\"h\"\n[rule.new_terms]\nfield = \"new_terms_fields\"\nvalue = [\"user.name\"]\n"
                       "[[rule.new_terms.history_window_start]]\nfield = \"history_window_start\"\nvalue = "
                       "\"now-2h\"\n"),
      rule_text(7,
                "type = \"machine_learning\"\ninterval = \"15m\"\nfrom = \"now-2h\"\nanomaly_threshold = 50\n"
                "machine_learning_job_id = \"rare_method_for_a_user_id_ea\"\n"),
      rule_text(8,
                "type = \"query\"\nlanguage = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\ninterval = \"5m\"\n"
                "from = \"now-10m\"\nquery = 'event.action: DeleteUser and cloud.region: r1'\n"),
      rule_text(9,
                "type = \"machine_learning\"\ninterval = \"15m\"\nfrom = \"now-2h\"\nanomaly_threshold = 10\n"
                "machine_learning_job_id = \"high_distinct_count_error_message\"\n"),
  };
}

/// Never fires, but asks so much of callers that they are told apart (CompiledRules::keeps_facets).
std::string rule_about_callers() {
  std::string query = "event.action: * and user.name: nobody";
  for (int i = 0; i < 8; ++i) query += " and not user.name: n" + std::to_string(i);
  return rule_text(0,
                   "type = \"query\"\nlanguage = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\ninterval = \"5m\"\n"
                   "from = \"now-10m\"\nquery = '" +
                       query + "'\n");
}

/// Bursts of few users over three days, so that windows, histories and buckets are met and missed.
std::vector<std::string> random_records(std::mt19937& random) {
  static const std::vector<std::string> calls = {"ListUsers", "ListUsers",  "ListUsers",  "ListUsers", "GetUser",
                                                 "GetUser",   "CreateUser", "DeleteUser", "TagUser",   "GetRole"};
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::vector<std::string> records;
  std::uint64_t number = 0;
  for (int burst = 0; burst < 120; ++burst) {
    const auto base = static_cast<std::int64_t>(1'772'442'000 + below(3 * 86'400));
    const std::size_t kinds = 1 + below(calls.size());
    for (std::size_t i = 0, events = 1 + below(8); i < events; ++i) {
      Shorthand values;
      values["user"] = {"u" + std::to_string(below(3))};
      values["region"] = {"r" + std::to_string(below(3))};
      if (below(12) == 0) values["arn"] = {"none"};
      if (below(2) == 0) values["errorMessage"] = {"e" + std::to_string(below(burst % 12 == 0 ? 40 : 2))};
      std::string record;
      append_record(record, calls[below(kinds)], Instant::from_seconds(base + static_cast<std::int64_t>(below(900))),
                    values, ++number);
      records.push_back(std::move(record));
    }
  }
  return records;
}

struct Arrangement {
  std::size_t chunk = 10;
  unsigned workers = 1;
  std::optional<engine::SieveLimits> sieve = engine::SieveLimits{};
  std::optional<Instant> to = {};
  bool facets = false;
  std::size_t portions = Portions::kMost;
};

Lines scan_records(const std::vector<std::string>& records, const Arrangement& arrangement) {
  const event::Catalog catalog;
  rule::LoadedRules rules;
  std::vector<std::string> texts = rules_to_sieve();
  if (arrangement.facets) texts.push_back(rule_about_callers());
  for (const std::string& text : texts) rule::load_rule_text(text, "t.toml", catalog, rules);
  EXPECT_EQ(engine::CompiledRules(rules.rules).keeps_facets(), arrangement.facets);
  for (const auto& outcome : rules.outcomes) {
    for (const auto& finding : outcome.diagnostics.all()) {
      EXPECT_NE(finding.severity, Diagnostic::Severity::error) << finding.message;
    }
  }
  ScanInput input;
  for (std::size_t i = 0; i < records.size(); i += arrangement.chunk) {
    std::string text;
    for (std::size_t j = i; j < std::min(i + arrangement.chunk, records.size()); ++j) text += records[j] + '\n';
    input.texts.push_back({"part" + std::to_string(i), std::move(text)});
  }
  Lines lines;
  Progress progress;
  ScanOptions options;
  options.workers = arrangement.workers;
  options.sieve = arrangement.sieve;
  options.to = arrangement.to;
  options.portions = arrangement.portions;
  const auto result = scan(input, rules, catalog, options, std::make_unique<Ledger>(), {&lines}, progress);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().text());
  if (result) {
    const Ledger& ledger = *result->ledger;
    EXPECT_EQ(ledger.records_seen, records.size());
    EXPECT_EQ(ledger.records_seen, ledger.evaluated + ledger.duplicate + ledger.out_of_range + ledger.malformed);
    for (const RuleEntry& rule : ledger.rules) lines.hits[rule.id] = rule.hits;
    for (const auto& [name, note] : ledger.notes) EXPECT_FALSE(name.starts_with("changed")) << note;
  }
  return lines;
}

TEST(SieveEquality, SignalsAreTheSameWithAndWithout) {
  std::map<std::string, int> fired;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> records = random_records(random);
    std::optional<Instant> to;
    if (seed % 3 == 0) to = Instant::from_seconds(1'772'442'000 + 2 * 86'400);
    const Lines expected = scan_records(records, {.chunk = 1000, .sieve = std::nullopt, .to = to});
    for (const auto& [rule, count] : expected.by_rule) fired[rule] += count;
    const Lines alone = scan_records(records, {.to = to});
    EXPECT_EQ(scan_records(records, {.chunk = 7, .workers = 3, .to = to}).hits, alone.hits) << "seed " << seed;
    for (int round = 0; round < 4; ++round) {
      if (round > 0) std::shuffle(records.begin(), records.end(), random);
      engine::SieveLimits limits;
      if (round > 1) limits = {.notes = random() % 30, .chains = 1 + random() % 3, .entries = random() % 300};
      const Arrangement arrangement{
          1 + random() % 60, 1 + static_cast<unsigned>(random() % 3), limits, to, round % 2 == 1, 1 + random() % 40};
      EXPECT_EQ(scan_records(records, arrangement).lines, expected.lines) << "seed " << seed << " round " << round;
    }
    const std::size_t once = records.size();
    for (std::size_t i = 0; i < once; i += 2) records.push_back(records[i]);
    std::shuffle(records.begin(), records.end(), random);
    EXPECT_EQ(scan_records(records, {.chunk = 17, .workers = 2, .to = to}).lines, expected.lines) << "seed " << seed;
  }
  for (int rule = 1; rule <= 9; ++rule) EXPECT_GT(fired["rule " + std::to_string(rule)], 3) << "rule " << rule;
}

}  // namespace
}  // namespace trailhound::run
