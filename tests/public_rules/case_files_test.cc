/// The case files themselves, without any rules: always run.

#include "public_rules/case_files.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>

#include "base/ip_address.h"
#include "public_rules/networks.h"

namespace trailhound {
namespace {

TEST(PublicRuleCases, EachFileNamesARuleOfItsOwn) {
  const std::regex uuid("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  std::map<std::string, std::string> file_of;
  for (const run::RuleCaseFile& file : read_case_files()) {
    EXPECT_TRUE(std::regex_match(file.rule_id, uuid)) << file.path << ": the line \"rule\" takes the rule's id";
    const auto [at, is_new] = file_of.emplace(file.rule_id, file.path);
    EXPECT_TRUE(is_new) << file.path << " and " << at->second << " name one rule";
  }
  EXPECT_FALSE(file_of.empty());
}

TEST(PublicRuleCases, EachFileHasWitnessesAndNearMisses) {
  for (const run::RuleCaseFile& file : read_case_files()) {
    EXPECT_TRUE(has_firing_case(file)) << file.path << " has no case that fires";
    EXPECT_TRUE(has_silent_case(file)) << file.path << " has no case that stays silent";
    std::set<std::string> names;
    for (const run::RuleCase& c : file.cases) {
      EXPECT_TRUE(names.insert(c.name).second) << file.path << ":" << c.line << ": a name twice";
      EXPECT_FALSE(c.records.empty()) << file.path << ":" << c.line << ": a case without events";
    }
  }
}

TEST(PublicRuleCases, TheInventedNetworksAreFound) {
  const auto geo = open_networks(TRAILHOUND_SOURCE_DIR "/tests/public_rules/networks.txt");
  ASSERT_TRUE(geo) << geo.error().text();
  const IpAddress address = *parse_ip("203.0.113.5");
  const auto system = (*geo)->asn(address);
  ASSERT_TRUE(system);
  EXPECT_EQ(system->number, 64501);
  EXPECT_EQ(system->organization, "Example Telecom");
  const auto city = (*geo)->city(address);
  ASSERT_TRUE(city);
  EXPECT_EQ(city->country_iso_code, "DE");
  EXPECT_EQ(city->city_name, "Berlin");
  EXPECT_FALSE((*geo)->asn(*parse_ip("198.51.100.7")));
}

}  // namespace
}  // namespace trailhound
