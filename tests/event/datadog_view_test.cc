#include <algorithm>

#include "event/catalog.h"
#include "event/datadog_tags.h"
#include "event/documents.h"
#include "event/json_path.h"
#include "inputs.h"
#include "records.h"

namespace trailhound::event {
namespace {

class DatadogViewTest : public testing::Test {
 protected:
  /// The cell of a column of a record that has these members (and those of record_with).
  std::string at(const std::string& name, const std::string& members) {
    std::string shown = "no row";
    read_window(reader, array_of({record_with(members)}), [&](Batch& batch) {
      const auto column = catalog.find(View::datadog, name);
      shown = column ? show((*column)->read(Record(batch, 0), batch.arena)) : column.error().text();
    });
    return shown;
  }
  static std::string identity(const std::string& type, const std::string& arn, const std::string& more = "") {
    return R"("userIdentity":{"type":")" + type + R"(","arn":")" + arn + "\"" + more + "},";
  }

  Catalog catalog;
  BatchReader reader;
};

TEST_F(DatadogViewTest, MovedFieldsHaveTheirNewNames) {
  EXPECT_EQ(at("@evt.name", ""), "ListUsers");
  EXPECT_EQ(at("@error.kind", R"("errorCode":"AccessDenied",)"), "AccessDenied");
  EXPECT_EQ(at("@error.message", R"("errorMessage":"m",)"), "m");
  EXPECT_EQ(at("@network.client.ip", R"("sourceIPAddress":"AWS Internal",)"), "AWS Internal");
  EXPECT_EQ(at("@http.useragent", R"("userAgent":"[x]",)"), "[x]");
  EXPECT_EQ(at("@http.request_id", R"("requestID":"r",)"), "r");
  EXPECT_EQ(at("account", R"("recipientAccountId":"1",)"), "1");
  EXPECT_EQ(at("region", R"("awsRegion":"eu-west-1",)"), "eu-west-1");
  EXPECT_EQ(at("@ocsf.cloud.region", R"("awsRegion":"eu-west-1",)"), "eu-west-1");
  EXPECT_EQ(at("@resource.ARN", R"("resources":[{"ARN":"a","type":"t"},{"ARN":"b"}],)"), "a|b");
  EXPECT_EQ(at("source", ""), "cloudtrail");
}

TEST_F(DatadogViewTest, EmptinessIsAbsence) {
  for (const char* value : {"null", "[]", "{}", R"({"a":null,"b":[]})", "[null]"}) {
    EXPECT_EQ(at("@requestParameters", R"("requestParameters":)" + std::string(value) + ","), "absent") << value;
  }
  EXPECT_EQ(at("@error.kind", R"("errorCode":null,)"), "absent");
  EXPECT_EQ(at("@requestParameters", R"("requestParameters":{"a":0},)"), "{}");
  EXPECT_EQ(at("@requestParameters.acl", R"("requestParameters":{"acl":""},)"), "") << "an empty text is there";
}

TEST_F(DatadogViewTest, OpenPathsReadTheRecord) {
  EXPECT_EQ(at("@requestParameters.x-amz-acl", R"("requestParameters":{"x-amz-acl":"private"},)"), "private");
  EXPECT_EQ(at("@requestParameters.maxResults", R"("requestParameters":{"maxResults":5},)"), "#5");
  EXPECT_EQ(at("@userIdentity.sessionContext.attributes.mfaAuthenticated",
               R"("userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"true"}}},)"),
            "true");
  EXPECT_EQ(at("@threat_intel.results.category", R"("threat_intel":{"results":[{"category":"tor"}]},)"), "absent");
  EXPECT_EQ(at("@threat_intel.anything.else", ""), "absent");
}

TEST_F(DatadogViewTest, FailureIsSeenInCodeMessageOrSignIn) {
  const auto outcome = [&](const std::string& members) {
    return at("@level", members) + " " + at("status", members) + " " + at("@evt.outcome", members);
  };
  EXPECT_EQ(outcome(""), "absent info success");
  EXPECT_EQ(outcome(R"("errorCode":"AccessDenied",)"), "Error error failure");
  EXPECT_EQ(outcome(R"("errorMessage":"Failed authentication",)"), "Error error failure");
  EXPECT_EQ(outcome(R"("responseElements":{"ConsoleLogin":"Failure"},)"), "Error error failure");
  EXPECT_EQ(outcome(R"("responseElements":{"ConsoleLogin":"Success"},)"), "absent info success");
  EXPECT_EQ(outcome(R"("errorCode":null,"errorMessage":"",)"), "absent info success");
}

TEST_F(DatadogViewTest, SessionsAndUsers) {
  const std::string session = identity("AssumedRole", "arn:aws:sts::1:assumed-role/Admin/alice@example.com");
  const std::string user = identity("IAMUser", "arn:aws:iam::1:user/dev/bob", R"(,"userName":"bob","accountId":"1")");
  const std::string root = identity("Root", "arn:aws:iam::1:root", R"(,"principalId":"1")");
  const std::string service = identity("AWSAccount", "arn:x/y", R"(,"principalId":"p")");
  EXPECT_EQ(at("@userIdentity.session_name", session), "alice@example.com");
  EXPECT_EQ(at("@userIdentity.session_name", user), "bob");
  EXPECT_EQ(at("@userIdentity.session_name", root), "root");
  EXPECT_EQ(at("@userIdentity.session_name", service), "absent");
  EXPECT_EQ(at("@userIdentity.assumed_role", session), "Admin");
  EXPECT_EQ(at("@userIdentity.assumed_role", user), "absent");
  EXPECT_EQ(at("@userIdentity.assumed_role", identity("AssumedRole", "arn:aws:sts::1:assumed-role/Admin/a",
                                                      R"(,"sessionContext":{"sessionIssuer":{"userName":"Issuer"}})")),
            "Issuer");
  EXPECT_EQ(at("@usr.name", user), "bob");
  EXPECT_EQ(at("@usr.name", session), "alice@example.com");
  EXPECT_EQ(at("@usr.name", service), "absent");
  EXPECT_EQ(at("@usr.id", service), "p");
  EXPECT_EQ(at("@usr.account_id", user), "1");
}

TEST_F(DatadogViewTest, InstancesAreHosts) {
  const auto host = [&](const std::string& name) {
    return at("host", identity("AssumedRole", "arn:aws:sts::1:assumed-role/Web/" + name));
  };
  EXPECT_EQ(host("i-0123456789abcdef0"), "i-0123456789abcdef0");
  EXPECT_EQ(host("i-12345678"), "i-12345678");
  EXPECT_EQ(host("i-0abc12"), "i-0abc12") << "made up";
  EXPECT_EQ(host("i-"), "absent");
  EXPECT_EQ(host("i-am-not-one"), "absent");
  EXPECT_EQ(host("bob"), "absent");
  EXPECT_EQ(at("host", identity("IAMUser", "arn:aws:iam::1:user/i-12345678")), "absent");
}

TEST_F(DatadogViewTest, Addresses) {
  const std::string members =
      R"("sourceIPAddress":"10.0.0.1","requestParameters":{"1.2.3.4":"5.6.7.8","x":["2001:db8::1","10.0.0.1"]},)";
  EXPECT_EQ(at("@network.ip.list", members), "10.0.0.1|5.6.7.8|2001:db8::1") << "keys are no addresses";
  EXPECT_EQ(at("@network.ip.list", ""), "absent");
  EXPECT_EQ(at("@network.client.is_private_network_ip", members), "#true");
  EXPECT_EQ(at("@network.client.is_private_network_ip", R"("sourceIPAddress":"13.1.2.3",)"), "#false");
  EXPECT_EQ(at("@network.client.is_private_network_ip", R"("sourceIPAddress":"AWS Internal",)"), "absent");
}

TEST_F(DatadogViewTest, ClientFamilies) {
  const std::string members =
      R"("userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",)";
  EXPECT_EQ(at("@http.useragent_details.browser.family", members), "Chrome");
  EXPECT_EQ(at("@http.useragent_details.os.family", members), "Windows");
  EXPECT_EQ(at("@http.useragent_details.browser.family", ""), "absent");
}

TEST_F(DatadogViewTest, TagsOfOthersAreAbsent) {
  for (const char* tag : {"account_name", "kube_cluster", "datacenter", "project_id", "database_id"}) {
    EXPECT_EQ(at(tag, ""), "absent") << tag;
    EXPECT_TRUE(is_foreign_datadog_tag(tag)) << tag;
  }
  for (const char* name : {"env", "team", "account", "acount", "@account_name", "eventName", "a.b", ""}) {
    EXPECT_FALSE(is_foreign_datadog_tag(name)) << name;
  }
  EXPECT_EQ(at("tags", R"("recipientAccountId":"1","awsRegion":"eu-west-1",)"),
            "source:cloudtrail|account:1|account_id:1|aws_account:1|region:eu-west-1");
  EXPECT_EQ(at("tags", ""), "source:cloudtrail");
}

TEST_F(DatadogViewTest, UnknownTagsAreRefusedWithANearName) {
  const auto unknown = catalog.find(View::datadog, "acount");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().what, "unknown datadog field acount");
  EXPECT_EQ(unknown.error().hint, "did you mean account?");
  EXPECT_FALSE(catalog.find(View::datadog, "Source").has_value()) << "case-sensitive";
  EXPECT_FALSE(catalog.find(View::datadog, "evt").has_value()) << "an attribute's name without @";
  EXPECT_FALSE(catalog.find(View::datadog, "level").has_value()) << "likewise";
  EXPECT_FALSE(catalog.find(View::datadog, "sevrice").has_value());
  EXPECT_FALSE(catalog.find(View::datadog, "@").has_value());
  EXPECT_FALSE(catalog.find(View::datadog, "@a..b").has_value());
}

// ---- catalog ----

TEST(Catalog, ViewsHaveTheirOwnNames) {
  const Catalog catalog;
  EXPECT_EQ((*catalog.find(View::raw, "eventName"))->depends_on, Hot::event_name);
  EXPECT_FALSE((*catalog.find(View::raw, "requestParameters.a"))->depends_on.has_value());
  EXPECT_EQ((*catalog.find(View::datadog, "@eventSource"))->depends_on, Hot::event_source);
  EXPECT_EQ((*catalog.find(View::datadog, "@userIdentity.arn"))->depends_on, Hot::identity_arn);
  EXPECT_TRUE(catalog.find(View::ecs, "event.action").has_value());
  EXPECT_TRUE(catalog.find(View::ecs, "aws.cloudtrail.flattened.request_parameters.a").has_value());
  const auto unknown = catalog.find(View::ecs, "event.actoin");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().hint, "did you mean event.action?");
  EXPECT_FALSE(catalog.find(View::raw, "").has_value());
}

TEST(Catalog, NamesAreSortedAndFound) {
  const Catalog catalog;
  for (const View view : {View::ecs, View::datadog}) {
    const auto names = catalog.names(view);
    EXPECT_GT(names.size(), 50u);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    for (const std::string_view name : names) {
      const auto column = catalog.find(view, name);
      ASSERT_TRUE(column.has_value()) << name;
      EXPECT_EQ((*column)->name, name);
      EXPECT_EQ((*column)->view, view);
      EXPECT_TRUE(static_cast<bool>((*column)->read)) << name;
    }
  }
}

// ---- documents ----

TEST(Documents, RawIsTheRecordMinified) {
  BatchReader reader;
  std::string out;
  read_window(reader,
              array_of({R"({ "eventVersion":"1", "eventTime" : "2024-03-01T12:00:00Z","eventName":"A", "a":[1, 2]})"}),
              [&](Batch& batch) { append_raw_document(out, Record(batch, 0)); });
  EXPECT_EQ(out, R"({"eventVersion":"1","eventTime":"2024-03-01T12:00:00Z","eventName":"A","a":[1,2]})");
}

std::string datadog_document(const std::string& members) {
  BatchReader reader;
  std::string out;
  read_window(reader, array_of({record_with(members)}),
              [&](Batch& batch) { append_datadog_document(out, Record(batch, 0), nullptr); });
  return out;
}

TEST(Documents, DatadogShowsAttributesAndTags) {
  EXPECT_EQ(
      datadog_document(R"("awsRegion":"eu-west-1","recipientAccountId":"1","errorCode":"E","x":null,)"),
      R"({"timestamp":"2024-03-01T12:00:00Z","source":"cloudtrail","service":"cloudtrail","status":"error",)"
      R"("tags":["source:cloudtrail","account:1","account_id:1","aws_account:1","region:eu-west-1"],)"
      R"("awsRegion":"eu-west-1","recipientAccountId":"1","errorCode":"E","eventVersion":"1.08",)"
      R"("eventTime":"2024-03-01T12:00:00Z","eventName":"ListUsers",)"
      R"("evt":{"name":"ListUsers","outcome":"failure"},"level":"Error","error":{"kind":"E"},)"
      R"("usr":{},"ocsf":{"actor":{"user":{}},"cloud":{"region":"eu-west-1"}},"network":{"client":{}},"http":{}})");
}

/// Every attribute that a rule can read is in the document with the same value, and the other way round for lists.
void expect_document_agrees(const Catalog& catalog, Batch& batch) {
  json::Document parser;
  for (std::size_t row = 0; row < batch.size(); ++row) {
    const Record record(batch, row);
    std::string document;
    append_datadog_document(document, record, nullptr);
    const auto parsed = parser.parse(document);
    ASSERT_TRUE(parsed.has_value()) << document;
    for (const std::string_view name : catalog.names(View::datadog)) {
      if (!name.starts_with('@')) continue;
      const std::string column = show((*catalog.find(View::datadog, name))->read(record, batch.arena));
      ASSERT_EQ(show(JsonPath(name.substr(1)).read(*parsed, batch.arena)), column) << name << " of " << document;
    }
  }
}

TEST(Documents, DatadogColumnsReadWhatTheDocumentShows) {
  const Catalog catalog;
  BatchReader reader;
  const std::string identity =
      R"("userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/R/i-12345678","accountId":"1",)"
      R"("sessionContext":{"sessionIssuer":{},"attributes":{"mfaAuthenticated":"false"}}},)";
  read_window(reader,
              array_of({record_with(identity + R"("resources":[{"ARN":"a"},{"ARN":"b","accountId":null}],)"),
                        record_with(R"("evt":{"name":"written over"},"eventName":null,"sourceIPAddress":"1.2.3.4",)"),
                        record_with(R"("userAgent":"aws-cli/2.1.1 Linux/5.1","errorMessage":"m","requestID":"r",)")}),
              [&](Batch& batch) { expect_document_agrees(catalog, batch); });
  if (const char* folder = std::getenv("TRAILHOUND_REAL_DATA")) {
    Ledger ledger;
    const auto inputs = source::find_inputs({folder}, ledger);
    ASSERT_TRUE(inputs.has_value());
    BatchSource reading([&](Batch& batch) { expect_document_agrees(catalog, batch); });
    source::RecordSource source;
    for (const auto& input : source::inputs_of(*inputs)) source.read(input, reading);
  }
}

}  // namespace
}  // namespace trailhound::event
