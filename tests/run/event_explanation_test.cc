// What is said of what a rule needs beyond one event.

#include "run/event_explanation.h"

#include <gtest/gtest.h>

#include <string>

#include "rule/loader.h"

namespace trailhound::run {
namespace {

std::string needs_of(const std::string& text, const std::string& path) {
  const event::Catalog catalog;
  rule::LoadedRules loaded;
  rule::load_rule_text(text, path, catalog, loaded);
  if (loaded.rules.size() != 1) return "not loaded";
  return describe_operator(loaded.rules.front()->plan);
}

std::string threshold(const std::string& value, const std::string& cardinality) {
  return needs_of(
      "[rule]\nname = \"T\"\nrule_id = \"t\"\ntype = \"threshold\"\nlanguage = \"kuery\"\nrisk_score = 21\nseverity = "
      "\"low\"\ndescription = \"d\"\nauthor = [\"a\"]\nlicense = \"l\"\nindex = [\"logs-aws.cloudtrail-*\"]\nfrom = "
      "\"now-6m\"\ninterval = \"5m\"\nquery = 'event.action: *'\n[rule.threshold]\nfield = [\"user.name\"]\nvalue = " +
          value + "\n" + cardinality,
      "t.toml");
}

TEST(DescribeOperator, OfAThresholdNamesWhatIsCounted) {
  const std::string cardinality = "[[rule.threshold.cardinality]]\nfield = \"cloud.region\"\nvalue = 3\n";
  EXPECT_EQ(threshold("5", ""), "at least 5 hits of one group within 6 min, each 5 min");
  EXPECT_EQ(threshold("1", cardinality),
            "hits of one group with at least 3 distinct cloud.region within 6 min, each 5 min");
  EXPECT_EQ(threshold("5", cardinality),
            "at least 5 hits of one group with at least 3 distinct cloud.region within 6 min, each 5 min");
}

std::string datadog(const std::string& queries, const std::string& cases) {
  return needs_of(R"({"name":"D","type":"log_detection","message":"m","isEnabled":true,"queries":[)" + queries +
                      R"(],"cases":[)" + cases +
                      R"(],"options":{"detectionMethod":"threshold","evaluationWindow":600,"keepAlive":3600,)"
                      R"("maxSignalDuration":86400},"filters":[],"tags":[],"hasExtendedTitle":false})",
                  "d.json");
}

TEST(DescribeOperator, OfATrailingConditionSaysWhatIsMeasured) {
  const std::string count =
      R"({"query":"source:cloudtrail","aggregation":"count","groupByFields":["@userIdentity.arn"],"name":"calls"})";
  const std::string regions =
      R"({"query":"source:cloudtrail","aggregation":"cardinality","distinctFields":["@awsRegion"],)"
      R"("groupByFields":["@userIdentity.arn"],"name":"regions"})";
  EXPECT_EQ(datadog(count, R"({"status":"medium","condition":"calls > 5"})"),
            "hits > 5 (medium) in one group within 10 min");
  EXPECT_EQ(
      datadog(regions, R"({"status":"high","condition":"regions > 8"},{"status":"low","condition":"regions > 3"})"),
      "distinct @awsRegion > 8 (high), or distinct @awsRegion > 3 (low) in one group within 10 min");
  EXPECT_EQ(datadog(count + "," + regions, R"({"status":"low","condition":"calls > 5 && regions > 1"})"),
            "hits of calls > 5 && distinct @awsRegion of regions > 1 (low) in one group within 10 min");
}

}  // namespace
}  // namespace trailhound::run
