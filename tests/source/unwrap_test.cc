// What envelopes may cost whoever takes them apart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json_value.h"
#include "sample.h"
#include "source/record_source.h"

namespace trailhound::source {
namespace {

using ::testing::HasSubstr;

std::string record(int number) {
  return R"({"eventVersion":"1.08","eventTime":"t","eventSource":"s","eventName":"n","x":)" + std::to_string(number) +
         "}";
}

std::string payload(const std::string& content) {
  return R"({"awslogs":{"data":")" + testing::base64(testing::gzip(content)) + R"("}})";
}

struct Found {
  Unwrapped result;
  std::vector<std::string> records;
};
Found take_apart(const std::string& envelope) {
  json::Document document;
  Found found;
  const auto value = document.parse(envelope);
  EXPECT_TRUE(value.has_value());
  found.result = unwrap(*value, [&](std::string&& text) { found.records.push_back(std::move(text)); });
  return found;
}

TEST(Unwrap, GivesRecordsAwayInOrder) {
  std::string text;
  std::vector<std::string> wanted;
  for (int i = 0; i < 3000; ++i) {
    wanted.push_back(record(i));
    text += wanted.back() + (i % 2 == 0 ? "" : "\n");
  }
  const Found found = take_apart(payload(text));
  EXPECT_EQ(found.result.kind, Unwrapped::Kind::records);
  EXPECT_EQ(found.result.lost, 0U);
  EXPECT_EQ(found.records, wanted);
}

TEST(Unwrap, APayloadMayInflateToWhatLogsInflateTo) {
  const Found logs = take_apart(payload(testing::join(testing::records(20'000, 1, false), "\n")));
  EXPECT_EQ(logs.records.size(), 20'000U);
  const Found bomb = take_apart(payload(R"({"x":[)" + std::string(6u << 20, ' ') + "]}"));
  EXPECT_EQ(bomb.result.kind, Unwrapped::Kind::unknown);
  EXPECT_THAT(bomb.result.reason, HasSubstr("far too much"));
}

// Each payload alone is in bounds; together they would be many times the outermost one.
TEST(Unwrap, PayloadsInAPayloadShareItsBound) {
  const std::string inner = payload(record(1) + std::string(900'000, ' '));
  std::string list = inner;
  for (int i = 1; i < 200; ++i) list += "," + inner;
  const Found found = take_apart(payload(R"({"messageType":"DATA_MESSAGE","logEvents":[)" + list + "]}"));
  EXPECT_EQ(found.result.kind, Unwrapped::Kind::records);
  EXPECT_LT(found.records.size(), 30U);
  EXPECT_EQ(found.records.size() + found.result.lost, 200U);
  // Side by side in an element of the file, each has a bound of its own.
  const Found apart = take_apart("[" + list + "]");
  EXPECT_EQ(apart.records.size(), 200U);
}

constexpr std::string_view kWhole =
    R"("@timestamp":"2026-03-02T09:00:00Z","aws":{"cloudtrail":{"event_type":"AwsApiCall"}},)";

TEST(Unwrap, AnAlertIsNoEvent) {
  const std::string event = R"({)" + std::string(kWhole) + R"("event":{"action":"A","kind":"signal"},)";
  for (const std::string& alert :
       {event + R"("kibana.alert.rule.uuid":"r"})", event + R"("kibana":{"alert":{"rule":{"uuid":"r"}}}})",
        event + R"("signal":{"rule":{"id":"r"}}})", R"({"_source":)" + event + R"("kibana.alert.rule.uuid":"r"}})"}) {
    const Found found = take_apart(alert);
    EXPECT_EQ(found.result.kind, Unwrapped::Kind::set_aside) << alert;
    EXPECT_THAT(found.result.reason, HasSubstr("an alert, not an event"));
  }
}

TEST(Unwrap, ADocumentMakesUpForAnOriginalThatIsNone) {
  for (const std::string original : {"", "no JSON", "{broken"}) {
    const Found found =
        take_apart(R"({)" + std::string(kWhole) + R"("event":{"action":"A","original":")" + original + R"("}})");
    EXPECT_EQ(found.result.kind, Unwrapped::Kind::records) << original;
    ASSERT_EQ(found.records.size(), 1U) << original;
    EXPECT_THAT(found.records[0], HasSubstr(R"("eventName":"A")"));
  }
}

TEST(Unwrap, AnOriginalThatNothingMakesUpForIsWhatItIs) {
  const Found finding = take_apart(R"({"event":{"original":"{\"service\":{\"serviceName\":\"guardduty\"}}"}})");
  EXPECT_EQ(finding.result.kind, Unwrapped::Kind::set_aside);
  EXPECT_THAT(finding.result.reason, HasSubstr("GuardDuty"));
  const Found broken = take_apart(R"({"event":{"original":"{broken"}})");
  EXPECT_EQ(broken.result.kind, Unwrapped::Kind::unknown);
  EXPECT_THAT(broken.result.reason, HasSubstr("in the Elastic export"));
}

TEST(Unwrap, DocumentsOfOtherDataSetsAreNamed) {
  const Found found = take_apart(R"({"@timestamp":"2026-03-02T09:00:00Z","event":{"action":"A"},)"
                                 R"("data_stream":{"dataset":"aws.guardduty"},"aws":{"cloudtrail":{}}})");
  EXPECT_EQ(found.result.kind, Unwrapped::Kind::set_aside);
  EXPECT_THAT(found.result.reason, HasSubstr("the data set aws.guardduty"));
  const std::string inner =
      R"({\"eventVersion\":\"1.08\",\"eventTime\":\"t\",\"eventSource\":\"s\",\"eventName\":\"n\"})";
  const Found logged = take_apart(R"({"data_stream":{"dataset":"aws.cloudwatch_logs"},"message":")" + inner + R"("})");
  EXPECT_EQ(logged.result.kind, Unwrapped::Kind::records);
  EXPECT_EQ(logged.records.size(), 1U);
  // A broken one is a loss, not something else.
  const Found broken = take_apart(R"({"data_stream":{"dataset":"aws.cloudwatch_logs"},"message":")" +
                                  inner.substr(0, inner.size() - 1) + R"("})");
  EXPECT_EQ(broken.result.kind, Unwrapped::Kind::unknown);
  EXPECT_GT(broken.result.lost, 0U);
}

TEST(Unwrap, ActionLinesOfBulkRequestsAreNoEvents) {
  for (const std::string line : {R"({"index":{"_index":"logs","_id":"1"}})", R"({"create":{}})"}) {
    EXPECT_EQ(take_apart(line).result.kind, Unwrapped::Kind::set_aside) << line;
  }
  EXPECT_EQ(take_apart(R"({"index":{"x":1}})").result.kind, Unwrapped::Kind::unknown);
}

// Every text in another is in memory with a parser of its own.
TEST(Unwrap, TextsInOneAnotherAreBoundedTogether) {
  const std::string large =
      R"({"x":")" + std::string(9u << 20, 'x') + R"(","message":)" + testing::quoted(record(1)) + "}";
  const Found once = take_apart(R"({"message":)" + testing::quoted(large) + "}");
  EXPECT_EQ(once.records, std::vector{record(1)});
  std::string nested = large;
  for (int i = 0; i < 3; ++i) nested = R"({"message":)" + testing::quoted(nested) + "}";
  const Found thrice = take_apart(nested);
  EXPECT_EQ(thrice.result.kind, Unwrapped::Kind::unknown);
  EXPECT_THAT(thrice.result.reason, HasSubstr("24 MB"));
}

}  // namespace
}  // namespace trailhound::source
