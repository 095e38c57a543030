// Indicator match rules and the lists that make them run.

#include "run/indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "run/record_shorthand.h"
#include "run/scan.h"
#include "temporary_folder.h"

namespace trailhound::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Ids : public sink::Sink {
 public:
  Status add(const signal::Signal& signal) override {
    for (const auto& evidence : signal.evidence) ids.push_back(evidence.event_id);
    return {};
  }
  Status finish(const sink::ScanSummary&) override {
    std::ranges::sort(ids);
    return {};
  }
  std::vector<std::string> ids;
};

constexpr const char* kAddress = R"([[rule.threat_mapping]]
[[rule.threat_mapping.entries]]
field = "source.ip"
type = "mapping"
value = "threat.indicator.ip"
)";

std::string rule_text(const std::string& query, const std::string& mapping, const std::string& threat_query = "*:*") {
  return "[rule]\nname = \"Match\"\nrule_id = \"match\"\ntype = \"threat_match\"\nlanguage = \"kuery\"\nrisk_score = "
         "21\nseverity = \"low\"\ndescription = \"d\"\nauthor = [\"a\"]\nindex = [\"logs-*\"]\nthreat_index = "
         "[\"logs-ti_*\"]\nthreat_indicator_path = \"threat.indicator\"\nthreat_language = \"kuery\"\nthreat_query = "
         "'''" +
         threat_query + "'''\nquery = '''" + query + "'''\n" + mapping;
}

class IndicatorsTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream(path) << text;
    return path;
  }

  /// Three events: 1 of eve from .7, 2 of bob from .7, 3 of eve from .8.
  std::vector<std::string> found(const std::string& rule, const std::string& path) {
    loaded_ = {};
    rule::load_rule_text(rule, "r.toml", catalog_, loaded_);
    EXPECT_THAT(loaded_.rules, IsEmpty());
    EXPECT_TRUE(loaded_.outcomes[0].loads)
        << (loaded_.outcomes[0].diagnostics.has_errors() ? to_text(loaded_.outcomes[0].diagnostics.all().back()) : "");
    const auto indicators = read_indicators(path);
    EXPECT_TRUE(indicators.has_value()) << (indicators ? "" : indicators.error().text());
    if (!indicators) return {};
    EXPECT_EQ(supply_indicators(**indicators, loaded_), 0u);
    std::string records;
    const std::pair<const char*, const char*> events[] = {
        {"eve", "203.0.113.7"}, {"bob", "203.0.113.7"}, {"eve", "203.0.113.8"}};
    std::uint64_t number = 0;
    for (const auto& [user, ip] : events) {
      append_record(records, "ListUsers", Instant::from_seconds(1'772'442'000 + static_cast<std::int64_t>(number)),
                    {{"user", {user}}, {"ip", {ip}}, {"id", {std::to_string(number + 1)}}}, number + 1);
      ++number;
      records += '\n';
    }
    ScanInput input;
    input.texts.push_back({"records", records});
    Ids ids;
    Progress progress;
    EXPECT_TRUE(scan(input, loaded_, catalog_, {}, std::make_unique<Ledger>(), {&ids}, progress).has_value());
    return ids.ids;
  }

  event::Catalog catalog_;
  rule::LoadedRules loaded_;
  TemporaryFolder folder_;
};

TEST_F(IndicatorsTest, AnEventWithTheValueOfAnIndicatorFires) {
  const std::string csv = file("a.csv", "threat.indicator.ip,x\n203.0.113.7,1\n198.51.100.1,2\n203.0.113.7,3\n");
  EXPECT_THAT(found(rule_text("source.ip: *", kAddress), csv), ElementsAre("1", "2"));
  EXPECT_TRUE(loaded_.outcomes[0].runs);
  EXPECT_THAT(loaded_.outcomes[0].needs, IsEmpty());
  EXPECT_THAT(found(rule_text("user.name: eve", kAddress), csv), ElementsAre("1"));
}

TEST_F(IndicatorsTest, JsonLinesAreDocuments) {
  const std::string lines = file("a.ndjson", R"({"threat": {"indicator": {"ip": ["203.0.113.8", "2001:db8::1"]}}}
{"threat.indicator.ip": "no address"}
)");
  EXPECT_THAT(found(rule_text("source.ip: *", kAddress), lines), ElementsAre("3"));
}

TEST_F(IndicatorsTest, TheQueryOverIndicatorsChoosesButForTheirAge) {
  const std::string csv = file("a.csv",
                               "threat.indicator.ip,threat.indicator.confidence,event.module\n"
                               "203.0.113.7,High,\n203.0.113.8,Low,ti_x\n");
  const auto with = [&](const std::string& query) { return found(rule_text("source.ip: *", kAddress, query), csv); };
  EXPECT_THAT(with("@timestamp >= \"now-30d/d\" and threat.indicator.confidence: High"), ElementsAre("1", "2"));
  EXPECT_THAT(with("event.module: (threatintel or ti_*) and threat.indicator.ip: *"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(with("event.module: ti_* and event.kind: enrichment"), ElementsAre("3"));
  EXPECT_THAT(with("threat.indicator.i*: 203.0.113.8"), ElementsAre("3"));
  EXPECT_THAT(with("threat.indicator.ip: 198.51.100.0/24"), IsEmpty());
  EXPECT_FALSE(loaded_.outcomes[0].runs);
  EXPECT_THAT(loaded_.outcomes[0].needs, ElementsAre("indicator index \"logs-ti_*\""));
  EXPECT_THAT(loaded_.without_indicators, SizeIs(1));
}

TEST_F(IndicatorsTest, GroupsAreAlternativesAndTheirEntriesHoldTogether) {
  const std::string both = R"([[rule.threat_mapping]]
[[rule.threat_mapping.entries]]
field = "source.ip"
type = "mapping"
value = "threat.indicator.ip"
[[rule.threat_mapping.entries]]
field = "user.name"
type = "mapping"
value = "threat.indicator.user"
)";
  const std::string csv =
      file("a.csv", "threat.indicator.ip,threat.indicator.user\n203.0.113.7,bob\n203.0.113.8,bob\n203.0.113.7,\n");
  EXPECT_THAT(found(rule_text("source.ip: *", both), csv), ElementsAre("2"));
  EXPECT_THAT(found(rule_text("source.ip: *", both + "negate = true\n"), csv), ElementsAre("1", "2", "3"));
  const std::string other = R"([[rule.threat_mapping]]
[[rule.threat_mapping.entries]]
field = "user.name"
type = "mapping"
value = "threat.indicator.name"
)";
  const std::string names = file("b.csv", "threat.indicator.ip,threat.indicator.name\n203.0.113.8,\n,bob\n");
  EXPECT_THAT(found(rule_text("source.ip: *", kAddress + other), names), ElementsAre("2", "3"));
}

TEST_F(IndicatorsTest, FieldsThatNoEventHasMakeNoRule) {
  const std::string absent = R"([[rule.threat_mapping]]
[[rule.threat_mapping.entries]]
field = "registry.path"
type = "mapping"
value = "threat.indicator.registry.path"
)";
  const std::string csv = file("a.csv", "threat.indicator.registry.path\nx\n");
  EXPECT_THAT(found(rule_text("source.ip: *", absent), csv), IsEmpty());
  EXPECT_THAT(loaded_.outcomes[0].needs,
              ElementsAre("indicator index \"logs-ti_*\"", "events with the fields of its threat_mapping"));
}

TEST_F(IndicatorsTest, WrongFilesAreRefused) {
  EXPECT_FALSE(read_indicators(folder_ / "none.csv").has_value());
  const auto unknown = read_indicators(file("a.txt", "x\n"));
  ASSERT_FALSE(unknown.has_value());
  EXPECT_THAT(unknown.error().text(), HasSubstr("CSV or JSON lines"));
}

TEST_F(IndicatorsTest, ThePublicAddressRuleRuns) {
  const char* const folder = std::getenv("TRAILHOUND_ELASTIC_RULES");
  if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_ELASTIC_RULES is not set";
  std::ifstream in(std::string(folder) + "/rules/threat_intel/threat_intel_indicator_match_address.toml");
  const std::string rule(std::istreambuf_iterator<char>(in), {});
  EXPECT_THAT(found(rule, file("a.csv", "threat.indicator.ip\n203.0.113.8\n")), ElementsAre("3"));
}

}  // namespace
}  // namespace trailhound::run
