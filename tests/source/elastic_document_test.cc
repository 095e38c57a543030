// What a record is put together from when an Elastic document came without it.

#include "source/elastic_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/json_value.h"
#include "source/record_source.h"

namespace trailhound::source {
namespace {

using testing::HasSubstr;

/// The record without the document; "" if it is none.
std::string record_of(const std::string& text) {
  json::Document document;
  const auto value = document.parse(text);
  if (!value) return "broken";
  const auto record = record_of_elastic_document(*value);
  if (!record) return {};
  return record->substr(0, record->find(",\"elasticDocument\":"));
}

TEST(ElasticDocument, ARoleSessionIsPutTogether) {
  const std::string record = record_of(R"({
    "@timestamp":"2026-03-02T09:00:00.000Z",
    "event":{"action":"GetObject","provider":"s3.amazonaws.com","id":"e1","outcome":"failure"},
    "cloud":{"region":"eu-west-1","account":{"id":"111122223333"}},
    "source":{"address":"198.51.100.7","ip":"198.51.100.7"},
    "user":{"name":"Dev","id":"AROAEXAMPLE:alice"},
    "user_agent":{"original":"aws-cli/2.15.30"},
    "aws":{"cloudtrail":{
      "event_version":"1.09","event_type":"AwsApiCall","recipient_account_id":"111122223333",
      "error_code":"AccessDenied","error_message":"no",
      "request_parameters":"{bucketName=b, key=k}",
      "flattened":{"request_parameters":{"bucketName":"b","key":"k"}},
      "resources":[{"arn":"arn:aws:s3:::b","type":"AWS::S3::Bucket"}],
      "user_identity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Dev/alice",
        "access_key_id":"ASIAEXAMPLE",
        "session_context":{"mfa_authenticated":"false",
          "session_issuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/Dev"}}}}}})");
  EXPECT_EQ(record, R"({"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:alice",)"
                    R"("arn":"arn:aws:sts::111122223333:assumed-role/Dev/alice","accountId":"111122223333",)"
                    R"("accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role",)"
                    R"("arn":"arn:aws:iam::111122223333:role/Dev","userName":"Dev"},)"
                    R"("attributes":{"mfaAuthenticated":"false"}}},"eventTime":"2026-03-02T09:00:00.000Z",)"
                    R"("eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1",)"
                    R"("sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.15.30","errorCode":"AccessDenied",)"
                    R"("errorMessage":"no","requestParameters":{"bucketName":"b","key":"k"},)"
                    R"("resources":[{"ARN":"arn:aws:s3:::b","type":"AWS::S3::Bucket"}],"eventID":"e1",)"
                    R"("eventType":"AwsApiCall","recipientAccountId":"111122223333")");
}

TEST(ElasticDocument, NamesMayBeDottedAndValuesListsOfOne) {
  const std::string nested =
      record_of(R"({"@timestamp":"2026-03-02T09:00:00Z","event":{"action":"A","provider":"iam.amazonaws.com"},)"
                R"("aws":{"cloudtrail":{"user_identity":{"arn":"x"}}},"user":{"name":"u"}})");
  EXPECT_NE(nested, "");
  EXPECT_EQ(record_of(R"({"@timestamp":"2026-03-02T09:00:00Z","event.action":"A","event.provider":"iam.amazonaws.com",)"
                      R"("aws.cloudtrail.user_identity.arn":"x","user.name":"u"})"),
            nested);
  EXPECT_EQ(record_of(R"({"@timestamp":["2026-03-02T09:00:00Z"],"event":{"action":["A"]},)"
                      R"("event.provider":["iam.amazonaws.com"],"aws":{"cloudtrail.user_identity":{"arn":["x"]}},)"
                      R"("user.name":["u"]})"),
            nested);
}

TEST(ElasticDocument, APayloadThatIsOnlyATextStaysOne) {
  EXPECT_THAT(record_of(R"({"@timestamp":1772442000000,"event":{"action":"A"},)"
                        R"("aws":{"cloudtrail":{"request_parameters":"{a=b}"}}})"),
              HasSubstr(R"("eventTime":"2026-03-02T09:00:00Z","eventName":"A","requestParameters":"{a=b}")"));
}

TEST(ElasticDocument, ATimeInMillisecondsMayBeNone) {
  const auto time_of = [](const std::string& time) {
    const std::string record =
        record_of(R"({"event":{"action":"A","dataset":"aws.cloudtrail"},"@timestamp":)" + time + "}");
    const std::size_t begin = record.find("eventTime");
    return record.substr(begin, record.find(',', begin) - begin);
  };
  EXPECT_EQ(time_of("1772442000123"), R"(eventTime":"2026-03-02T09:00:00.123Z")");
  EXPECT_EQ(time_of("1772442000000.0"), R"(eventTime":"2026-03-02T09:00:00Z")");
  EXPECT_EQ(time_of("1.7724420009995e12"), R"(eventTime":"2026-03-02T09:00:00.999Z")");
  EXPECT_EQ(time_of("-1"), R"(eventTime":"1969-12-31T23:59:59.999Z")");
  EXPECT_EQ(time_of("253402300799999"), R"(eventTime":"9999-12-31T23:59:59.999Z")");
  // What is no time stays what it is, and the record is malformed.
  EXPECT_EQ(time_of("253402300800000"), R"(eventTime":"253402300800000")");
  EXPECT_EQ(time_of("9223372036854775807"), R"(eventTime":"9223372036854775807")");
  EXPECT_EQ(time_of("-9223372036854775808"), R"(eventTime":"-9223372036854775808")");
  EXPECT_EQ(time_of("1.5e300"), R"(eventTime":"1.5e+300")");
}

TEST(ElasticDocument, AFailureWithoutACodeIsOneAllTheSame) {
  EXPECT_THAT(record_of(R"({"@timestamp":"t","event":{"action":"A","outcome":"failure","dataset":"aws.cloudtrail"}})"),
              HasSubstr(R"("errorMessage":"failure")"));
}

TEST(ElasticDocument, AnInsightHasNoAction) {
  EXPECT_THAT(record_of(R"({"@timestamp":"t","aws":{"cloudtrail":{"event_category":"Insight",)"
                        R"("flattened":{"insight_details":{"state":"Start"}}}}})"),
              HasSubstr(R"("insightDetails":{"state":"Start"},"eventCategory":"Insight")"));
}

TEST(ElasticDocument, OthersAreNone) {
  EXPECT_EQ(record_of(R"({"@timestamp":"2026-03-02T09:00:00Z","event":{"action":"A","provider":"okta"}})"), "");
  EXPECT_EQ(record_of(R"({"event":{"action":"A"},"aws":{"cloudtrail":{}}})"), "");
  EXPECT_EQ(record_of(R"({"@timestamp":"t","aws":{"cloudtrail":{}}})"), "");
  EXPECT_EQ(record_of(R"({"@timestamp":"t","event":{"action":"A","provider":"guardduty.amazonaws.com",)"
                      R"("dataset":"aws.guardduty"}})"),
            "");
  EXPECT_EQ(record_of("[]"), "");
}

}  // namespace
}  // namespace trailhound::source
