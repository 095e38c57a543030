/// Columns take short ways to what documents hold: here both are compared, for every closed column, over hand-made,
/// random and (if TRAILHOUND_REAL_DATA names a folder) real records.

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/batch.h"
#include "event/column_table.h"
#include "event/ecs_document.h"
#include "event/java_text.h"

namespace trailhound::event {
namespace {

using Texts = std::vector<std::string>;

// A batch made by hand of parsed records.
class HandBatch {
 public:
  HandBatch() { batch_.dictionaries = &dictionaries_; }

  void add(json::Value root) {
    const json::Value identity = root.find("userIdentity");
    batch_.times.push_back(parse_iso_as_utc(root.find("eventTime").string().value_or("")).value_or(Instant{}));
    batch_.ids.emplace_back();
    batch_.roots.push_back(root);
    batch_.identities.push_back(identity);
    batch_.event_ids.push_back(root.find("eventID").string().value_or(""));
    set(Hot::event_source, root.find("eventSource"));
    set(Hot::event_name, root.find("eventName"));
    set(Hot::region, root.find("awsRegion"));
    set(Hot::recipient_account, root.find("recipientAccountId"));
    set(Hot::user_agent, root.find("userAgent"));
    set(Hot::source_ip, root.find("sourceIPAddress"));
    set(Hot::error_code, root.find("errorCode"));
    set(Hot::identity_type, identity.find("type"));
    set(Hot::identity_arn, identity.find("arn"));
    set(Hot::access_key_id, identity.find("accessKeyId"));
    set(Hot::event_category, root.find("eventCategory"));
  }
  [[nodiscard]] Record record(std::size_t row) const { return {batch_, row}; }
  [[nodiscard]] std::size_t size() const { return batch_.size(); }

 private:
  void set(Hot hot, json::Value value) {
    const auto h = static_cast<std::size_t>(hot);
    batch_.hot[h].push_back(dictionaries_[h].code_of(cell(value)));
  }
  static std::optional<Scalar> scalar(json::Value value) {
    switch (value.kind()) {
      case json::Kind::string:
        return *value.string();
      case json::Kind::boolean:
        return *value.boolean();
      case json::Kind::integer:
        return *value.integer();
      case json::Kind::real:
        return *value.number();
      default:
        return std::nullopt;
    }
  }
  Cell cell(json::Value value) {
    if (!value) return Cell::absent();
    if (value.is(json::Kind::null)) return Cell::null();
    if (value.is(json::Kind::object)) return Cell::object();
    if (!value.is(json::Kind::array)) return Cell::one(*scalar(value));
    lists_.emplace_back();
    for (const json::Value element : value.elements()) {
      if (const auto one = scalar(element)) lists_.back().push_back(*one);
    }
    return Cell::several(lists_.back());
  }

  std::array<CellDictionary, kHotCount> dictionaries_;
  std::deque<std::vector<Scalar>> lists_;
  Batch batch_;
};

constexpr std::string_view kFlattened = "aws.cloudtrail.flattened.";

std::size_t limit_of(const Column& column) {
  if (column.type != LogicalType::keyword) return static_cast<std::size_t>(-1);
  const bool payload =
      column.name == "aws.cloudtrail.request_parameters" || column.name == "aws.cloudtrail.response_elements";
  return payload ? 8191 : 1024;
}

// The texts of a document's field as Elasticsearch would index them.
class FieldReader {
 public:
  FieldReader(LogicalType type, std::size_t limit, bool leaves) : type_(type), limit_(limit), leaves_(leaves) {}

  void read(json::Value value, std::string_view path) {
    if (value.is(json::Kind::array)) {
      for (const json::Value element : value.elements()) read(element, path);
    } else if (!path.empty()) {
      const std::size_t dot = path.find('.');
      const json::Value member = value.find(path.substr(0, dot));
      if (member) read(member, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1));
    } else if (value.is(json::Kind::object)) {
      if (!leaves_) return;
      for (const json::Member& member : value.members()) read(member.value, {});
    } else {
      add(value);
    }
  }
  Texts take() {
    std::ranges::sort(texts_);
    texts_.erase(std::ranges::unique(texts_).begin(), texts_.end());
    return texts_;
  }

 private:
  void add(json::Value value) {
    std::string text;
    append_java_text(text, value);
    if (utf16_length(text) > limit_) return;
    if (type_ == LogicalType::boolean && text != "true" && text != "false") return;
    if (type_ == LogicalType::ip) {
      if (const auto ip = parse_ip(text)) texts_.push_back(format_ip(*ip));
      return;
    }
    texts_.push_back(text);
  }

  LogicalType type_;
  std::size_t limit_;
  bool leaves_;
  Texts texts_;
};

Texts texts_of(const Cell& cell, LogicalType type) {
  Texts texts;
  for (const Scalar& scalar : cell.values()) {
    if (type == LogicalType::date) {
      texts.push_back(format_iso_millis(Instant{std::get<std::int64_t>(scalar)}));
    } else {
      texts.push_back(to_text(scalar));
    }
  }
  return texts;
}

// The name of the field that a column reads: analysed twins read that of their keyword.
std::string_view field_of(const Column& column) {
  std::string_view name = column.name;
  if (column.type == LogicalType::text && name.ends_with(".text")) name.remove_suffix(5);
  return name;
}

void expect_columns_equal_documents(const HandBatch& batch, const std::vector<Column>& columns) {
  Arena arena;
  json::Document parser;
  for (std::size_t row = 0; row < batch.size(); ++row) {
    const Record record = batch.record(row);
    std::string text;
    build_ecs_document(record.root(), nullptr, {}).append_json(text);
    const auto document = parser.parse(text);
    ASSERT_TRUE(document.has_value()) << text;
    for (const Column& column : columns) {
      FieldReader reader(column.type, limit_of(column), column.type == LogicalType::any);
      reader.read(*document, field_of(column));
      const Cell cell = column.read(record, arena);
      std::string raw;
      record.root().append_json(raw);
      ASSERT_EQ(texts_of(cell, column.type), reader.take()) << column.name << "\n" << raw << "\n" << text;
    }
    arena.reset();
  }
}

void expect_hot_columns_equal_reads(const HandBatch& batch, const std::vector<Column>& columns) {
  Arena arena;
  for (std::size_t row = 0; row < batch.size(); ++row) {
    const Record record = batch.record(row);
    for (const Column& column : columns) {
      if (!column.depends_on) continue;
      const Cell direct = column.read(record, arena);
      const Cell from_hot = column.from_hot(record.hot(*column.depends_on), arena);
      ASSERT_EQ(texts_of(direct, column.type), texts_of(from_hot, column.type)) << column.name;
      ASSERT_EQ(direct.state(), from_hot.state()) << column.name;
    }
  }
}

class EcsColumns : public testing::Test {
 protected:
  void expect_equal(const std::vector<std::string>& records) {
    std::deque<json::Document> documents;
    HandBatch batch;
    for (const std::string& record : records) {
      const auto root = documents.emplace_back().parse(record);
      ASSERT_TRUE(root.has_value()) << record;
      batch.add(*root);
    }
    expect_columns_equal_documents(batch, columns_);
    expect_hot_columns_equal_reads(batch, columns_);
  }
  const Column* find(std::string_view name) const {
    const auto found = std::ranges::find(columns_, name, &Column::name);
    return found != columns_.end() ? &*found : nullptr;
  }
  // The cell of a closed or open column for one record.
  Texts cell(std::string_view name, std::string_view record) {
    const auto root = document_.parse(record);
    EXPECT_TRUE(root.has_value()) << record;
    HandBatch batch;
    batch.add(*root);
    std::optional<Column> open;
    const Column* column = find(name);
    if (column == nullptr) {
      open = ecs_open_column(name);
      column = open ? &*open : nullptr;
    }
    if (column == nullptr) return {"no such column"};
    const Cell result = column->read(batch.record(0), arena_);
    return texts_of(result, column->type);
  }

  std::vector<Column> columns_ = ecs_columns(nullptr);
  json::Document document_;
  Arena arena_;
};

const std::string kTime = R"("eventTime":"2024-03-01T12:00:05Z")";

TEST_F(EcsColumns, AgreeWithDocumentsOfHandMadeRecords) {
  std::vector<std::string> records;
  for (const char* rest :
       {R"("eventName":"ConsoleLogin","errorCode":"","responseElements":{"ConsoleLogin":"Failure"},
          "additionalEventData":{"MFAUsed":"Yes","MobileVersion":"No","LoginTo":"x"})",
        R"("eventName":"UserAuthentication","additionalEventData":{"UserName":"a@b.c"})",
        R"("eventName":"UserAuthentication","additionalEventData":{"UserName":"a@b.c","x":{"y":1.5}},
          "userIdentity":{"type":"IdentityCenterUser","onBehalfOf":{"userId":"u"}})",
        R"("eventName":"A","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/R/a@b.c",
          "principalId":"p","sessionContext":{"sessionIssuer":{"userName":"R","arn":"arn:aws:iam::1:role/R"},
          "attributes":{"creationDate":"20240301T110000Z","mfaAuthenticated":"true"},"assumedRoot":"true",
          "webIdFederationData":{"federatedProvider":"p","attributes":{"a.b":"x","n":5}}}})",
        R"("eventName":"A","userIdentity":{"type":"AssumedRole","sessionContext":{"sessionIssuer":{
          "arn":"arn:aws:iam::1:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"}}})",
        R"("eventName":"A","userIdentity":{"type":"AWSService","invokedBy":"s3.amazonaws.com"})",
        R"("eventName":"RunInstances","eventSource":"ec2.amazonaws.com","readOnly":false,"managementEvent":true,
          "resources":[{"ARN":"b","accountId":"1","type":"T"},{"ARN":"a"},{"ARN":"b","accountId":"1","type":"T"},
          {"arn":"old","ARN":"new"},"x",{"ARN":["p","q"]},{"type":{"a":1}}])",
        R"("eventName":"A","resources":{"arn":"x","ARN":"y"},"sharedEventId":"s","readOnly":"true")",
        R"("eventName":"CreateWebACL","eventSource":"wafv2.amazonaws.com","responseElements":{"summary":{"a":1}})",
        R"("eventName":"A","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"c","clientProvidedHostHeader":"h.x"})",
        R"("eventName":"A","tlsDetails":{"tlsVersion":7})",
        R"("eventName":"A","sourceIPAddress":"2001:DB8:0:0::1","userAgent":"Boto3/1.2.3 Linux/5.1.2")",
        R"("eventName":"A","insightDetails":{"a":[1,{"b":"c"}],"d":""})",
        R"("eventName":"A","requestParameters":[1,2],"responseElements":"text","serviceEventDetails":5)",
        R"("eventName":["a","b"],"sourceIPAddress":["10.0.0.1","x"],"userAgent":["x","curl/1.0"],"errorCode":5)"}) {
    records.push_back("{" + kTime + "," + rest + "}");
  }
  // Around the limits of keywords, payload texts and flattened objects.
  for (const std::size_t length : {1024u, 1025u, 8187u, 8188u, 32760u, 32761u, 32762u, 33000u}) {
    const std::string text(length, 'x');
    records.push_back("{" + kTime + R"(,"userAgent":")" + text + R"(","requestParameters":{"k":")" + text +
                      R"("},"additionalEventData":{"u":"ü)" + text + "\"}}");
  }
  expect_equal(records);
}

// Random values in the places that are read.
class RecordGenerator {
 public:
  explicit RecordGenerator(unsigned seed) : random_(seed) {}

  std::string record() {
    std::string out = "{" + kTime;
    for (const char* key : {"eventSource", "eventName", "awsRegion", "recipientAccountId", "userAgent",
                            "sourceIPAddress", "errorCode", "eventCategory"}) {
      member(out, key, hot_value());
    }
    for (const char* key : {"eventID",
                            "eventVersion",
                            "errorMessage",
                            "requestID",
                            "eventType",
                            "apiVersion",
                            "managementEvent",
                            "readOnly",
                            "sharedEventID",
                            "sharedEventId",
                            "vpcEndpointId",
                            "vpcEndpointAccountId",
                            "sessionCredentialFromConsole",
                            "awsAccountId",
                            "digestS3Object",
                            "previousDigestHashValue",
                            "insightDetails",
                            "addendum",
                            "tlsDetails",
                            "logFiles"}) {
      member(out, key, value(0));
    }
    member(out, "userIdentity", identity());
    for (const char* key : {"requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"}) {
      member(out, key, payload());
    }
    member(out, "resources", resources());
    return out + "}";
  }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  template <std::size_t N>
  std::string pick(const char* const (&texts)[N]) {
    return texts[random_() % N];
  }
  void member(std::string& out, std::string_view key, const std::string& json) {
    if (chance(30)) return;
    if (out.back() != '{') out += ',';
    out.append("\"").append(key).append("\":").append(json);
  }
  // Hot cells do not tell what is inside objects and lists of one.
  std::string hot_value() {
    return pick({R"("ConsoleLogin")", R"("UserAuthentication")", R"("CreateUser")", R"("AssumeRole")",
                 R"("iam.amazonaws.com")", R"("sts.amazonaws.com")", R"("ec2.amazonaws.com")", R"("10.1.2.3")",
                 R"("aws-cli/1.2 Linux/5.1")", R"("")", R"("-")", R"("none")", "null", "5", "1.5", "true",
                 R"(["b","a","-"])", R"({"k":"v"})", R"("é, {x}")"});
  }
  std::string value(int depth) {
    if (depth < 2 && chance(15)) {
      std::string out = "{";
      for (const char* key : {"a", "a.b", "userName", "tlsVersion", "reason", "x"}) {
        if (chance(40)) member(out, key, value(depth + 1));
      }
      return out + "}";
    }
    if (depth < 2 && chance(10)) return "[" + value(depth + 1) + "," + value(depth + 1) + "]";
    return pick({R"("x")", R"("a@b.c")", R"("i-0123456789")", R"("TLSv1.2")", R"("")", R"("-")", R"("none")", "null",
                 "7", "-1.25", "1e12", "true", "false", "[]", "{}", R"(["z","z","y",""])"});
  }
  std::string identity() {
    std::string out = "{";
    member(out, "type",
           pick({R"("IAMUser")", R"("AssumedRole")", R"("FederatedUser")", R"("AWSService")", R"("IdentityCenterUser")",
                 R"("Root")", R"("")", "5"}));
    member(out, "arn", pick({R"("arn:aws:sts::1:assumed-role/R/s@x")", R"("arn:aws:iam::1:user/a")", R"("-")", "7"}));
    member(out, "accessKeyId", pick({R"("AKIA1")", R"("ASIA1")", "null"}));
    for (const char* key : {"userName", "principalId", "accountId", "invokedBy", "credentialId", "onBehalfOf"}) {
      member(out, key, value(0));
    }
    member(out, "sessionContext",
           R"({"sessionIssuer":{"userName":)" + value(1) + R"(,"arn":"arn:aws:iam::1:role/)" +
               (chance(20) ? "aws-service-role/x.amazonaws.com/y" : "R") + R"("},"attributes":{"mfaAuthenticated":)" +
               value(1) + R"(,"creationDate":)" + pick({R"("20240301T110000.5Z")", R"("bad")", "5"}) +
               R"(},"assumedRoot":)" + value(1) + "}");
    return out + "}";
  }
  std::string payload() {
    if (chance(15)) return value(0);
    std::string out = "{";
    for (const char* key :
         {"userName", "newUserName", "groupName", "UserName", "MFAUsed", "MobileVersion", "LoginTo", "ConsoleLogin",
          "instanceId", "instanceIds", "computerName", "sourceIpAddress", "user", "group", "roleArn", "groupId"}) {
      if (chance(40)) member(out, key, value(0));
    }
    return out + "}";
  }
  std::string resources() {
    if (chance(10)) return value(0);
    std::string out = "[";
    for (int i = static_cast<int>(random_() % 4); i > 0; --i) {
      std::string resource = "{";
      member(resource, "ARN", pick({R"("arn:1")", R"("arn:2")", R"("arn:aws:ec2:r:1:instance/i-0123456789")", "5"}));
      member(resource, "accountId", value(1));
      member(resource, "type", pick({R"("T")", R"("")"}));
      out += (out.size() > 1 ? "," : "") + resource + "}";
    }
    return out + "]";
  }

  std::mt19937 random_;
};

TEST_F(EcsColumns, AgreeWithDocumentsOfRandomRecords) {
  RecordGenerator generator(20240301);
  std::vector<std::string> records;
  for (int i = 0; i < 600; ++i) records.push_back(generator.record());
  expect_equal(records);
}

TEST_F(EcsColumns, AgreeWithDocumentsOfRealRecords) {
  const char* folder = std::getenv("TRAILHOUND_REAL_DATA");
  if (folder == nullptr) GTEST_SKIP() << "TRAILHOUND_REAL_DATA is not set";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto root = document_.parse(text);
    if (!root) continue;
    HandBatch batch;
    for (const json::Value record : root->find("Records").elements()) batch.add(record);
    expect_columns_equal_documents(batch, columns_);
    expect_hot_columns_equal_reads(batch, columns_);
    count += batch.size();
  }
  EXPECT_GT(count, 0u);
}

TEST_F(EcsColumns, AreNamedOnceAndCompletely) {
  std::set<std::string_view> names;
  for (const Column& column : columns_) {
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_EQ(column.view, View::ecs);
    EXPECT_EQ(column.depends_on.has_value(), static_cast<bool>(column.from_hot)) << column.name;
    EXPECT_TRUE(column.read) << column.name;
  }
  EXPECT_GT(names.size(), 500u);
  for (const char* name :
       {"event.action", "event.outcome", "data_stream.dataset", "user.name", "source.as.organization.name",
        "aws.cloudtrail.request_parameters.text", "aws.cloudtrail.user_identity.session_context.session_issuer.arn",
        "aws.cloudtrail.resources.account_id", "entity.target.id", "process.name", "event.ingested", "host.name",
        "aws.cloudtrail.console_login.additional_eventdata.mfa_used", "message", "winlog.event_data.TargetUserName"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_EQ(find("source.ip")->type, LogicalType::ip);
  EXPECT_EQ(find("@timestamp")->type, LogicalType::date);
  EXPECT_EQ(find("source.as.number")->type, LogicalType::long_integer);
  EXPECT_TRUE(find("source.as.number")->needs_asn);
  EXPECT_TRUE(find("source.geo.city_name")->needs_geo);
  EXPECT_EQ(find("event.provider")->depends_on, Hot::event_source);
}

TEST_F(EcsColumns, CoverEveryFieldOfDocuments) {
  RecordGenerator generator(7);
  std::set<std::string> missing;
  const std::function<void(json::Value, const std::string&)> walk = [&](json::Value value, const std::string& path) {
    if (find(path) != nullptr) return;
    if (value.is(json::Kind::array)) {
      for (const json::Value element : value.elements()) walk(element, path);
    } else if (value.is(json::Kind::object)) {
      for (const json::Member& member : value.members()) {
        walk(member.value, path.empty() ? std::string(member.key) : path + "." + std::string(member.key));
      }
    } else if (!ecs_open_column(path)) {
      missing.insert(path);
    }
  };
  json::Document parser;
  for (int i = 0; i < 200; ++i) {
    const auto root = document_.parse(generator.record());
    std::string text;
    build_ecs_document(*root, nullptr, {}).append_json(text);
    walk(*parser.parse(text), "");
  }
  std::erase_if(missing, [](const std::string& name) { return name.starts_with("aws.cloudtrail.resources"); });
  EXPECT_THAT(missing, testing::IsEmpty());
}

TEST_F(EcsColumns, ReadFlattenedLeavesAsTexts) {
  const std::string record = "{" + kTime + R"(,"eventName":"A","requestParameters":{
      "ipPermissions":{"items":[{"fromPort":22,"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"},{"cidrIp":"10.0.0.0/8"}]}},
                                {"fromPort":443.5,"all":true}]},
      "x-amz-acl":"private","a.b":{"c":"dotted"},"empty":"","list":["b","a","b"]}})";
  const std::string root = "aws.cloudtrail.flattened.request_parameters.";
  EXPECT_EQ(cell(root + "ipPermissions.items.ipRanges.items.cidrIp", record), (Texts{"0.0.0.0/0", "10.0.0.0/8"}));
  EXPECT_EQ(cell(root + "ipPermissions.items.fromPort", record), (Texts{"22", "443.5"}));
  EXPECT_EQ(cell(root + "ipPermissions.items.all", record), (Texts{"true"}));
  EXPECT_EQ(cell(root + "x-amz-acl", record), (Texts{"private"}));
  EXPECT_EQ(cell(root + "a.b.c", record), (Texts{"dotted"}));
  EXPECT_EQ(cell(root + "list", record), (Texts{"a", "b"}));
  EXPECT_EQ(cell(root + "empty", record), Texts{});
  EXPECT_EQ(cell(root + "ipPermissions", record), Texts{}) << "an object is no leaf";
  EXPECT_EQ(cell(root + "nothing.here", record), Texts{});
  EXPECT_EQ(cell("aws.cloudtrail.flattened.other.x", record), (Texts{"no such column"}));
  EXPECT_EQ(cell("aws.cloudtrail.flattened.request_parametersX", record), (Texts{"no such column"}));
}

TEST_F(EcsColumns, ReadFederationAttributesAndDigests) {
  EXPECT_EQ(
      cell("aws.cloudtrail.user_identity.session_context.web_id_federation_data.attributes.p:aud",
           "{" + kTime + R"(,"userIdentity":{"sessionContext":{"webIdFederationData":{"attributes":{"p:aud":"x"}}}}})"),
      (Texts{"x"}));
  const std::string digest = "{" + kTime + R"(,"digestS3Bucket":"b","logFiles":[{"s3Object":"o1"},{"s3Object":"o2"}]})";
  EXPECT_EQ(cell("aws.cloudtrail.flattened.digest.s3_bucket", digest), (Texts{"b"}));
  EXPECT_EQ(cell("aws.cloudtrail.flattened.digest.log_files.s3Object", digest), (Texts{"o1", "o2"}));
}

TEST_F(EcsColumns, KeepLongTextsInTheirTwins) {
  const std::string record = "{" + kTime + R"(,"requestParameters":{"k":")" + std::string(9000, 'x') + "\"}}";
  EXPECT_EQ(cell("aws.cloudtrail.request_parameters", record), Texts{});
  EXPECT_EQ(cell("aws.cloudtrail.request_parameters.text", record)[0].size(), 9004u);
}

}  // namespace
}  // namespace trailhound::event
