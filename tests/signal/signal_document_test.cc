// What rules over signals read of a signal.

#include "signal/signal_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rule/fields_of_rule.h"

namespace trailhound::signal {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(const event::DocumentFields& fields, std::string_view name) {
  std::vector<std::string> all;
  if (const Values* values = fields.find(name)) {
    for (const Value& value : *values) all.push_back(to_text(value));
  }
  return all;
}

class SignalDocumentTest : public testing::Test {
 protected:
  SignalDocumentTest() {
    rule_.id = "r";
    rule_.name = "Rule";
    rule_.type = "query";
    rule_.language = "kuery";
    rule_.severity = plan::Severity::high;
    rule_.risk_score = 73;
    rule_.tags = {"a", "b"};
    rule_.tactics = {{"TA0001", "Initial Access"}};
    rule_.techniques = {{"T1078", "Valid Accounts"}, {"T1078.004", "Cloud Accounts"}};
    rule_.plan.queries.resize(1);
    rule_.plan.op = plan::EachHit{};
    for (const char* name : {"event.action", "event.category", "event.kind", "source.ip", "user.name"}) {
      carried_.push_back({name, nullptr});
    }
    episode_.trigger_time = episode_.first_seen = episode_.last_seen = Instant::from_seconds(100);
    episode_.trigger_key = "1/x";
    episode_.severity = plan::Severity::high;
    episode_.event_count = 1;
    episode_.evidence = {{Instant::from_seconds(100), "1/x", "x", "f", 0}};
  }
  void carry(std::int64_t second, const std::string& key, const std::string& action, const std::string& user) {
    episode_.carried.add(
        Instant::from_seconds(second), key,
        {{action}, {std::string("iam")}, {std::string("event")}, {std::string("203.0.113.9")}, {user}});
  }
  std::vector<SignalDocument> documents(const Origin& origin = {}) {
    return documents_of(std::make_shared<const rule::Rule>(rule_), rule::fields_of_rule(rule_), carried_, episode_,
                        origin);
  }

  rule::Rule rule_;
  std::vector<rule::Attribute> carried_;
  engine::EpisodeRecord episode_;
};

TEST_F(SignalDocumentTest, SaysWhatAnAlertSays) {
  carry(100, "1/x", "CreateUser", "alice");
  const auto all = documents();
  ASSERT_EQ(all.size(), 1u);
  const event::DocumentFields& fields = all[0].fields;
  EXPECT_EQ(all[0].time, Instant::from_seconds(100));
  EXPECT_THAT(texts(fields, "kibana.alert.uuid"), ElementsAre(all[0].id));
  EXPECT_THAT(texts(fields, "_id"), ElementsAre(all[0].id));
  EXPECT_THAT(texts(fields, "event.kind"), ElementsAre("signal"));
  EXPECT_THAT(texts(fields, "kibana.alert.original_event.kind"), ElementsAre("event"));
  EXPECT_THAT(texts(fields, "kibana.alert.original_event.action"), ElementsAre("CreateUser"));
  EXPECT_THAT(texts(fields, "event.action"), ElementsAre("CreateUser"));
  EXPECT_THAT(texts(fields, "kibana.alert.severity"), ElementsAre("high"));
  EXPECT_THAT(texts(fields, "kibana.alert.risk_score"), ElementsAre("73"));
  EXPECT_THAT(texts(fields, "kibana.alert.depth"), ElementsAre("1"));
  EXPECT_THAT(texts(fields, "kibana.alert.ancestors.id"), ElementsAre("x"));
  EXPECT_THAT(texts(fields, "kibana.alert.ancestors.type"), ElementsAre("event"));
  EXPECT_THAT(texts(fields, "kibana.alert.workflow_status"), ElementsAre("open"));
  EXPECT_THAT(texts(fields, "kibana.alert.rule.tags"), ElementsAre("a", "b"));
  EXPECT_THAT(texts(fields, "kibana.alert.rule.threat.tactic.name"), ElementsAre("Initial Access"));
  EXPECT_THAT(texts(fields, "kibana.alert.rule.threat.technique.id"), ElementsAre("T1078"));
  EXPECT_THAT(texts(fields, "kibana.alert.rule.threat.technique.subtechnique.id"), ElementsAre("T1078.004"));
  EXPECT_THAT(texts(fields, "kibana.alert.rule.rule_type_id"), ElementsAre("siem.queryRule"));
  EXPECT_THAT(texts(fields, "kibana.alert.reason"),
              ElementsAre("iam event with source 203.0.113.9, by alice created high alert Rule."));
}

TEST_F(SignalDocumentTest, SuppressedEventsLeaveTheFirstOne) {
  carry(103, "1/z", "DeleteUser", "bob");
  carry(100, "1/x", "CreateUser", "alice");
  EXPECT_THAT(texts(documents()[0].fields, "user.name"), ElementsAre("alice"));
}

TEST_F(SignalDocumentTest, ASequenceIsWhatItsEventsShareAndEachOfThem) {
  rule_.type = rule_.language = "eql";
  rule_.plan.op = plan::Sequence{};
  episode_.carried.all_events = true;
  carry(100, "1/x", "CreateUser", "alice");
  carry(103, "1/z", "DeleteUser", "alice");
  const auto all = documents();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_THAT(texts(all[0].fields, "user.name"), ElementsAre("alice"));
  EXPECT_THAT(texts(all[0].fields, "event.action"), ElementsAre());
  EXPECT_THAT(texts(all[0].fields, "kibana.alert.depth"), ElementsAre("2"));
  EXPECT_THAT(texts(all[0].fields, "kibana.alert.building_block_type"), ElementsAre());
  EXPECT_THAT(texts(all[2].fields, "event.action"), ElementsAre("DeleteUser"));
  EXPECT_THAT(texts(all[2].fields, "kibana.alert.depth"), ElementsAre("1"));
  EXPECT_THAT(texts(all[2].fields, "kibana.alert.group.index"), ElementsAre("1"));
  EXPECT_THAT(texts(all[2].fields, "kibana.alert.group.id"), ElementsAre(all[0].id));
  EXPECT_EQ(all[2].id, all[0].id + "/1");
}

TEST_F(SignalDocumentTest, AThresholdHasItsGroupAndItsCount) {
  rule_.type = "threshold";
  rule_.plan.op = plan::RunThreshold{};
  episode_.signal_key = {std::string("alice")};
  episode_.key_names = {"user.name"};
  episode_.values = {{"count", {std::int64_t{5}}}};
  const event::DocumentFields fields = documents()[0].fields;
  EXPECT_THAT(texts(fields, "user.name"), ElementsAre("alice"));
  EXPECT_THAT(texts(fields, "kibana.alert.threshold_result.count"), ElementsAre("5"));
  EXPECT_THAT(texts(fields, "kibana.alert.threshold_result.terms.field"), ElementsAre("user.name"));
  EXPECT_THAT(texts(fields, "kibana.alert.reason"), ElementsAre("event by alice created high alert Rule."));
}

TEST_F(SignalDocumentTest, TellsTheStateOfTheOpeningAndWhereItComesFrom) {
  rule_.language = "datadog";
  rule_.plan.op = plan::TrailingCondition{};
  episode_.opening = {plan::Severity::low, "", {}};
  const event::DocumentFields fields = documents({.depth = 2, .signals = {"s", "t"}})[0].fields;
  EXPECT_THAT(texts(fields, "kibana.alert.severity"), ElementsAre("low"));
  EXPECT_THAT(texts(fields, "kibana.alert.depth"), ElementsAre("3"));
  EXPECT_THAT(texts(fields, "kibana.alert.ancestors.id"), ElementsAre("s", "t"));
  EXPECT_THAT(texts(fields, "kibana.alert.ancestors.depth"), ElementsAre("0", "1", "2"));
  EXPECT_THAT(texts(fields, "kibana.alert.ancestors.type"), ElementsAre("signal"));
}

}  // namespace
}  // namespace trailhound::signal
