// What a record is put together from when a Datadog log has only the attributes of its pipeline.

#include "source/datadog_log.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json_value.h"
#include "source/record_source.h"

namespace trailhound::source {
namespace {

/// The records in one element.
std::string records_of(const std::string& text) {
  json::Document document;
  const auto value = document.parse(text);
  if (!value) return "broken";
  std::string all;
  static_cast<void>(unwrap(*value, [&](std::string&& record) { all += record; }));
  return all;
}

constexpr const char* kAttributes =
    R"("evt":{"name":"GetSecretValue","outcome":"failure"},"error":{"kind":"AccessDenied","message":"no"},)"
    R"("network":{"client":{"ip":"203.0.113.7"}},"http":{"useragent":"Boto3/1.34"},)"
    R"("userIdentity":{"arn":"a"},"eventSource":"secretsmanager.amazonaws.com","requestParameters":{"secretId":"s"})";
constexpr const char* kRecord =
    R"({"eventTime":"2026-03-02T09:00:00.000Z","eventVersion":"1.08","eventName":"GetSecretValue",)"
    R"("errorCode":"AccessDenied","errorMessage":"no","sourceIPAddress":"203.0.113.7","userAgent":"Boto3/1.34",)"
    R"("userIdentity":{"arn":"a"},"eventSource":"secretsmanager.amazonaws.com","requestParameters":{"secretId":"s"}})";

TEST(DatadogLog, MembersGetTheirOwnNamesBack) {
  const std::string attributes = std::string("{") + kAttributes + "}";
  EXPECT_EQ(records_of(R"({"_id":"i","date":"2026-03-02T09:00:00.000Z","source":"cloudtrail","attributes":)" +
                       attributes + "}"),
            kRecord);
  // As the search API gives them.
  EXPECT_EQ(records_of(R"({"type":"log","attributes":{"timestamp":"2026-03-02T09:00:00.000Z","attributes":)" +
                       attributes + "}}"),
            kRecord);
}

TEST(DatadogLog, AttributesMayStandAtTheTop) {
  EXPECT_EQ(records_of(std::string(R"({"date":1772442000000,)") + kAttributes + "}").substr(0, 71),
            R"({"eventTime":"2026-03-02T09:00:00Z","eventVersion":"1.08","eventName":")");
}

TEST(DatadogLog, AnImpossibleTimeIsLeftToTheReaderOfRecords) {
  EXPECT_EQ(records_of(std::string(R"({"date":9223372036854775807,)") + kAttributes + "}").substr(0, 34),
            R"({"eventTime":"9223372036854775807")");
}

TEST(DatadogLog, TheFirstTimeThatCanBeReadCounts) {
  EXPECT_EQ(records_of(R"({"date":9223372036854775807,"timestamp":"soon","attributes":{"eventName":"A",)"
                       R"("timestamp":1772442000000,"userIdentity":{}}})")
                .substr(0, 36),
            R"({"eventTime":"2026-03-02T09:00:00Z",)");
}

TEST(DatadogLog, WhatHasKeptItsNameKeepsIt) {
  const std::string record =
      records_of(R"({"date":"2026-03-02T09:00:00Z","attributes":{"eventName":"A","eventTime":"2026-03-02T08:59:59Z",)"
                 R"("evt":{"name":"A"},"userIdentity":{}}})");
  EXPECT_EQ(record, R"({"eventTime":"2026-03-02T08:59:59Z","eventVersion":"1.08","eventName":"A","userIdentity":{}})");
}

TEST(DatadogLog, OthersAreNone) {
  EXPECT_EQ(records_of(R"({"attributes":{"evt":{"name":"A"},"userIdentity":{}}})"), "") << "no time";
  EXPECT_EQ(records_of(R"({"date":"2026-03-02T09:00:00Z","attributes":{"evt":{"name":"login"},"usr":{"id":"u"}}})"),
            "");
}

}  // namespace
}  // namespace trailhound::source
