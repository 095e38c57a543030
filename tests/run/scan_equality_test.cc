// The signals of a scan are a function of the events: any order, chunking, duplication, number of workers and memory
// budget gives the same bytes.

#include <gmock/gmock.h>
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

/// Signals as JSON without their evidence's file and offset, which are where the records happened to lie.
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
    return {};
  }
  Status finish(const sink::ScanSummary&) override {
    std::sort(lines.begin(), lines.end());
    return {};
  }
  std::vector<std::string> lines;
};

/// Activity dense enough that all five rules fire, and near their thresholds: few principals, many regions, short
/// spans.
std::vector<std::string> random_records(std::mt19937& random) {
  static const std::vector<std::vector<std::string>> calls = {
      {"backup", "ListBackupVaults"},
      {"backup", "ListBackupPlans"},
      {"secretsmanager", "ListSecrets"},
      {"secretsmanager", "GetSecretValue"},
      {"sagemaker", "ListModels"},
      {"bedrock", "ListFoundationModels"},
      {"iam", "ListUsers"},
      {"iam", "ListRoles"},
      {"ec2", "DescribeInstances"},
      {"s3", "ListBuckets"},
      {"kms", "ListKeys"},
      {"sts", "GetCallerIdentity"},
      {"lambda", "ListFunctions20150331"},
      {"ec2", "DescribeVpcs"},
  };
  std::vector<std::string> records;
  std::uint64_t number = 0;
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  for (int cluster = 0; cluster < 40; ++cluster) {
    const Instant base = Instant::from_seconds(1'772'442'000 + below(4 * 86'400));
    const std::string user = "u" + std::to_string(below(5));
    const std::uint32_t focus = below(static_cast<std::uint32_t>(calls.size()));
    for (int i = 0; i < 14; ++i) {
      const auto& call = calls[below(3) ? (focus + below(8)) % calls.size() : focus];
      Shorthand values;
      values["service"] = {call[0]};
      values["user"] = {user};
      values["region"] = {"r" + std::to_string(below(6))};
      if (below(2)) values["agent"] = {"aws-cli/2.15.0 Python/3.11"};
      if (below(3) == 0) values["error"] = {"AccessDenied"};
      if (below(9) == 0) values["arn"] = {"none"};
      std::string record;
      append_record(record, call[1], base + Duration::seconds(below(cluster % 2 ? 15 : 700)), values, ++number);
      records.push_back(std::move(record));
    }
  }
  return records;
}

struct Arrangement {
  std::size_t chunk = 1000;
  bool array_form = false;
  unsigned workers = 1;
  std::size_t memory = 64u << 20;
};

std::vector<std::string> scan_records(const std::vector<std::string>& records, const Arrangement& arrangement) {
  const event::Catalog catalog;
  const rule::LoadedRules rules = rule::load_shipped_rules(catalog);
  EXPECT_EQ(rules.rules.size(), 5u);
  ScanInput input;
  for (std::size_t i = 0; i < records.size(); i += arrangement.chunk) {
    std::string text = arrangement.array_form ? "{\"Records\":[" : "";
    for (std::size_t j = i; j < std::min(i + arrangement.chunk, records.size()); ++j) {
      if (arrangement.array_form && j > i) text += ',';
      text += records[j];
      if (!arrangement.array_form) text += '\n';
    }
    if (arrangement.array_form) text += "]}";
    input.texts.push_back({"part" + std::to_string(i), std::move(text)});
  }
  Lines lines;
  Progress progress;
  ScanOptions options;
  options.workers = arrangement.workers;
  options.memory = arrangement.memory;
  const auto result = scan(input, rules, catalog, options, std::make_unique<Ledger>(), {&lines}, progress);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().text());
  if (result) {
    const Ledger& l = *result->ledger;
    EXPECT_EQ(l.records_seen, records.size());
    EXPECT_EQ(l.records_seen, l.evaluated + l.duplicate + l.out_of_range + l.malformed);
  }
  return lines.lines;
}

TEST(ScanEquality, OrderChunkingFormWorkersAndMemoryDoNotMatter) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> records = random_records(random);
    const std::vector<std::string> expected = scan_records(records, {});
    ASSERT_GT(expected.size(), 5u);
    for (int round = 0; round < 4; ++round) {
      std::shuffle(records.begin(), records.end(), random);
      const Arrangement arrangement{1 + random() % 100, round % 2 == 0, 1 + static_cast<unsigned>(random() % 3),
                                    round == 3 ? 1u << 10 : 64u << 20};
      EXPECT_EQ(scan_records(records, arrangement), expected) << "seed " << seed << " round " << round;
    }
  }
}

TEST(ScanEquality, RecordsDeliveredTwiceCountOnce) {
  std::mt19937 random(11);
  std::vector<std::string> records = random_records(random);
  const std::vector<std::string> expected = scan_records(records, {});
  const std::size_t once = records.size();
  for (std::size_t i = 0; i < once; i += 3) records.push_back(records[i]);
  std::shuffle(records.begin(), records.end(), random);
  EXPECT_EQ(scan_records(records, {.chunk = 37, .array_form = true, .workers = 2}), expected);
}

}  // namespace
}  // namespace trailhound::run
