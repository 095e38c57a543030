#include "run/record_shorthand.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json_value.h"

namespace trailhound::run {
namespace {

/// One record, parsed.
class MadeRecord {
 public:
  explicit MadeRecord(const Shorthand& values, std::uint64_t number = 1, std::string_view name = "ListBuckets") {
    append_record(text_, name, Instant::from_seconds(1'767'225'600), values, number);
    const auto root = document_.parse(text_);
    EXPECT_TRUE(root.has_value()) << text_;
    if (root) root_ = *root;
  }

  /// JSON of the value at a dotted path; "" if there is none.
  [[nodiscard]] std::string at(std::string path) const {
    json::Value value = root_;
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
      value = value.find(path.substr(0, dot));
      path.erase(0, dot + 1);
    }
    value = value.find(path);
    std::string json;
    if (value) value.append_json(json);
    return json;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  json::Document document_;
  json::Value root_;
};

TEST(RecordShorthand, ARecordWithoutWordsIsAWholeOne) {
  const MadeRecord record(Shorthand{});
  EXPECT_EQ(record.at("eventTime"), "\"2026-01-01T00:00:00Z\"");
  EXPECT_EQ(record.at("eventName"), "\"ListBuckets\"");
  EXPECT_EQ(record.at("eventSource"), "\"iam.amazonaws.com\"");
  EXPECT_EQ(record.at("eventVersion"), "\"1.11\"");
  EXPECT_EQ(record.at("userIdentity.type"), "\"IAMUser\"");
  EXPECT_EQ(record.at("userIdentity.userName"), "\"u\"");
  EXPECT_EQ(record.at("userIdentity.arn"), "\"arn:aws:iam::111122223333:user/u\"");
  EXPECT_EQ(record.at("userIdentity.accountId"), "\"111122223333\"");
  EXPECT_EQ(record.at("recipientAccountId"), "\"111122223333\"");
  EXPECT_EQ(record.at("userIdentity.accessKeyId").substr(0, 5), "\"AKIA");
  EXPECT_EQ(record.at("userIdentity.accessKeyId").size(), 22u);
  EXPECT_EQ(record.at("errorCode"), "");
}

TEST(RecordShorthand, ServicesAreShortOrWhole) {
  EXPECT_EQ(MadeRecord(Shorthand{{"service", {"s3"}}}).at("eventSource"), "\"s3.amazonaws.com\"");
  EXPECT_EQ(MadeRecord(Shorthand{{"service", {"signin.aws"}}}).at("eventSource"), "\"signin.aws\"");
}

TEST(RecordShorthand, AUserWithAPathHasItInTheArnOnly) {
  const MadeRecord record(Shorthand{{"user", {"team/alice"}}, {"account", {"999988887777"}}});
  EXPECT_EQ(record.at("userIdentity.arn"), "\"arn:aws:iam::999988887777:user/team/alice\"");
  EXPECT_EQ(record.at("userIdentity.userName"), "\"alice\"");
  EXPECT_EQ(record.at("recipientAccountId"), "\"999988887777\"");
}

TEST(RecordShorthand, ARoleIsAnAssumedOneWithATemporaryKey) {
  const MadeRecord record(Shorthand{{"role", {"deploy/session-1"}}, {"user", {"ignored"}}});
  EXPECT_EQ(record.at("userIdentity.type"), "\"AssumedRole\"");
  EXPECT_EQ(record.at("userIdentity.arn"), "\"arn:aws:sts::111122223333:assumed-role/deploy/session-1\"");
  EXPECT_EQ(record.at("userIdentity.sessionContext.sessionIssuer.userName"), "\"deploy\"");
  EXPECT_EQ(record.at("userIdentity.sessionContext.sessionIssuer.arn"), "\"arn:aws:iam::111122223333:role/deploy\"");
  EXPECT_EQ(record.at("userIdentity.accessKeyId").substr(0, 5), "\"ASIA");
  EXPECT_EQ(record.at("userIdentity.userName"), "");
}

TEST(RecordShorthand, KeysOfAKindBelongToTheIdentity) {
  const auto key = [](const char* user, const char* kind) {
    return MadeRecord(Shorthand{{"user", {user}}, {"key", {kind}}}).at("userIdentity.accessKeyId");
  };
  EXPECT_EQ(key("u", "AKIA"), key("u", "AKIA"));
  EXPECT_NE(key("u", "AKIA"), key("v", "AKIA"));
  EXPECT_EQ(key("u", "ASIA").substr(0, 5), "\"ASIA");
  EXPECT_EQ(key("u", "AKIAIOSFODNN7EXAMPLE"), "\"AKIAIOSFODNN7EXAMPLE\"");
  EXPECT_EQ(key("u", "none"), "");
}

TEST(RecordShorthand, NoneLeavesThingsOut) {
  const MadeRecord record(
      Shorthand{{"arn", {"none"}}, {"error", {"none"}}, {"eventID", {"none"}}, {"userAgent", {"none"}}});
  EXPECT_EQ(record.at("userIdentity.arn"), "");
  EXPECT_EQ(record.at("errorCode"), "");
  EXPECT_EQ(record.at("eventID"), "");
  EXPECT_EQ(record.at("userAgent"), "");
  EXPECT_EQ(MadeRecord(Shorthand{{"userIdentity", {"none"}}}).at("userIdentity"), "");
}

TEST(RecordShorthand, PathsNestAndStayApart) {
  const MadeRecord record(Shorthand{{"requestParameters.a.b", {"1"}},
                                    {"requestParameters.a-c", {"2"}},
                                    {"requestParameters.a.d", {"3"}},
                                    {"requestParameters.e", {"x \"y\""}}});
  EXPECT_EQ(record.at("requestParameters"), R"({"a-c":"2","a":{"b":"1","d":"3"},"e":"x \"y\""})");
}

TEST(RecordShorthand, JsonValuesAreWrittenAsTheyAre) {
  const MadeRecord record(Shorthand{{"readOnly", {"true", true}},
                                    {"responseElements", {"null", true}},
                                    {"resources", {R"([{"ARN":"a"}])", true}},
                                    {"none_as_text", {"\"none\"", true}}});
  EXPECT_EQ(record.at("readOnly"), "true");
  EXPECT_EQ(record.at("responseElements"), "null");
  EXPECT_EQ(record.at("resources"), R"([{"ARN":"a"}])");
  EXPECT_EQ(record.at("none_as_text"), "\"none\"");
}

TEST(RecordShorthand, AValueReplacesWhatIsBelowItAndAbove) {
  EXPECT_EQ(MadeRecord(Shorthand{{"userIdentity", {"null", true}}}).at("userIdentity"), "null");
  const MadeRecord record(Shorthand{{"a", {"1"}}, {"a.b", {"2"}}});
  EXPECT_EQ(record.at("a"), R"({"b":"2"})");
}

TEST(RecordShorthand, EventIdsComeFromTheNumberUnlessGiven) {
  EXPECT_NE(MadeRecord(Shorthand{}, 1).at("eventID"), MadeRecord({}, 2).at("eventID"));
  EXPECT_EQ(MadeRecord(Shorthand{}, 7).text(), MadeRecord({}, 7).text());
  EXPECT_EQ(MadeRecord(Shorthand{{"id", {"x"}}}, 1).at("eventID"), "\"x\"");
}

}  // namespace
}  // namespace trailhound::run
