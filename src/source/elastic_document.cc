#include "source/elastic_document.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/json_writer.h"
#include "source/event_time_text.h"
#include "source/record_source.h"

namespace trailhound::source {
namespace {

using json::Kind;
using json::Value;

/// Names are at most this many parts deep: "aws.cloudtrail.user_identity.session_context.session_issuer.arn" has six.
constexpr int kMaxParts = 10;

/// The value under a dotted name, however its parts are nested. Of a list of one its element.
Value find_field(Value object, std::string_view name, int parts = kMaxParts) {
  Value found = object.find(name);
  for (std::size_t dot = name.find('.'); !found && parts > 0 && dot != std::string_view::npos;
       dot = name.find('.', dot + 1)) {
    if (const Value inner = object.find(name.substr(0, dot)); inner.is(Kind::object)) {
      found = find_field(inner, name.substr(dot + 1), parts - 1);
    }
  }
  if (found.is(Kind::array) && found.size() == 1) return found.elements().front();
  return found;
}

std::string_view text_of(Value document, std::string_view name) {
  return find_field(document, name).string().value_or(std::string_view());
}

/// An object that is being written; members without a value are left out.
class Object {
 public:
  void add_text(std::string_view key, std::string_view text) {
    if (text.empty()) return;
    begin(key);
    json::append_quoted(out_, text);
  }
  void add_json(std::string_view key, Value value) {
    if (!value || value.is(Kind::null)) return;
    begin(key);
    value.append_json(out_);
  }
  void add_raw(std::string_view key, const std::string& json) {
    if (json.size() <= 2) return;  // {} and []
    begin(key);
    out_ += json;
  }
  [[nodiscard]] std::string take() { return std::move(out_ += '}'); }

 private:
  void begin(std::string_view key) {
    if (out_.size() > 1) out_ += ',';
    json::append_quoted(out_, key);
    out_ += ':';
  }
  std::string out_ = "{";
};

bool is_about_cloudtrail(Value document) {
  if (const std::string_view set = data_set_of(document); !set.empty()) return set == kCloudTrailDataSet;
  if (document.find("aws").find("cloudtrail")) return true;
  for (const json::Member& member : document.members()) {
    if (member.key.starts_with("aws.cloudtrail")) return true;
  }
  return text_of(document, "event.provider").ends_with(".amazonaws.com");
}

std::string session_issuer_of(Value document, bool is_role) {
  constexpr std::string_view kIssuer = "aws.cloudtrail.user_identity.session_context.session_issuer.";
  const auto field = [&](std::string_view name) { return text_of(document, std::string(kIssuer).append(name)); };
  Object issuer;
  issuer.add_text("type", field("type"));
  issuer.add_text("principalId", field("principal_id"));
  issuer.add_text("arn", field("arn"));
  issuer.add_text("accountId", field("account_id"));
  if (is_role) issuer.add_text("userName", text_of(document, "user.name"));
  return issuer.take();
}

std::string identity_of(Value document) {
  const auto field = [&](std::string_view name) {
    return text_of(document, std::string("aws.cloudtrail.user_identity.").append(name));
  };
  const bool is_role = field("type") == "AssumedRole";
  Object attributes;
  attributes.add_text("creationDate", field("session_context.creation_date"));
  attributes.add_text("mfaAuthenticated", field("session_context.mfa_authenticated"));
  Object context;
  context.add_raw("sessionIssuer", session_issuer_of(document, is_role));
  context.add_raw("attributes", attributes.take());
  Object identity;
  identity.add_text("type", field("type"));
  identity.add_text("principalId", text_of(document, "user.id"));
  identity.add_text("arn", field("arn"));
  identity.add_text("accountId", text_of(document, "cloud.account.id"));
  identity.add_text("accessKeyId", field("access_key_id"));
  if (!is_role) identity.add_text("userName", text_of(document, "user.name"));
  identity.add_text("invokedBy", field("invoked_by"));
  identity.add_raw("sessionContext", context.take());
  return identity.take();
}

std::string resources_of(Value document) {
  const Value resources = find_field(document, "aws.cloudtrail.resources");
  std::string out = "[";
  const auto add = [&](Value resource) {
    Object made;
    made.add_text("ARN", text_of(resource, "arn"));
    made.add_text("accountId", text_of(resource, "account_id"));
    made.add_text("type", text_of(resource, "type"));
    const std::string json = made.take();
    if (json.size() <= 2) return;
    if (out.size() > 1) out += ',';
    out += json;
  };
  if (resources.is(Kind::object)) add(resources);
  for (const Value resource : resources.elements()) add(resource);
  return out += ']';
}

/// A payload: as an object if the document has it, else as the text that the integration made of it.
Value payload_of(Value document, std::string_view name) {
  const Value object = find_field(document, std::string("aws.cloudtrail.flattened.").append(name));
  return object.is(Kind::object) ? object : find_field(document, std::string("aws.cloudtrail.").append(name));
}

/// What the document says of failure without a code.
std::string_view message_of(Value document) {
  const std::string_view message = text_of(document, "aws.cloudtrail.error_message");
  if (!message.empty() || !text_of(document, "aws.cloudtrail.error_code").empty()) return message;
  return text_of(document, "event.outcome") == "failure" ? "failure" : "";
}

}  // namespace

std::string_view data_set_of(Value document) {
  for (const char* name : {"data_stream.dataset", "event.dataset"}) {
    if (const std::string_view set = text_of(document, name); !set.empty()) return set;
  }
  return {};
}

bool is_elastic_alert(Value document) {
  return !text_of(document, "kibana.alert.rule.uuid").empty() || !text_of(document, "signal.rule.id").empty();
}

std::optional<std::string> record_of_elastic_document(Value document) {
  const std::string time = event_time_text(find_field(document, "@timestamp"));
  const std::string_view action = text_of(document, "event.action");
  if (time.empty() || !is_about_cloudtrail(document)) return std::nullopt;
  // An Insight has no action; anything else without one is no event.
  const Value insight = find_field(document, "aws.cloudtrail.flattened.insight_details");
  if (action.empty() && !insight.is(Kind::object)) return std::nullopt;
  const auto cloudtrail = [&](std::string_view name) {
    return find_field(document, std::string("aws.cloudtrail.").append(name));
  };
  const std::string_view version = cloudtrail("event_version").string().value_or("1.08");
  const std::string_view address = text_of(document, "source.address");
  Object record;
  record.add_text("eventVersion", version.empty() ? "1.08" : version);
  record.add_raw("userIdentity", identity_of(document));
  record.add_text("eventTime", time);
  record.add_text("eventSource", text_of(document, "event.provider"));
  record.add_text("eventName", action);
  record.add_text("awsRegion", text_of(document, "cloud.region"));
  record.add_text("sourceIPAddress", address.empty() ? text_of(document, "source.ip") : address);
  record.add_text("userAgent", text_of(document, "user_agent.original"));
  record.add_text("errorCode", cloudtrail("error_code").string().value_or(std::string_view()));
  record.add_text("errorMessage", message_of(document));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPayloads = {
      {{"requestParameters", "request_parameters"},
       {"responseElements", "response_elements"},
       {"additionalEventData", "additional_eventdata"},
       {"serviceEventDetails", "service_event_details"}}};
  for (const auto& [key, name] : kPayloads) record.add_json(key, payload_of(document, name));
  if (insight.is(Kind::object)) record.add_json("insightDetails", insight);
  record.add_raw("resources", resources_of(document));
  record.add_text("eventID", text_of(document, "event.id"));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOthers = {
      {{"requestID", "request_id"},
       {"eventType", "event_type"},
       {"eventCategory", "event_category"},
       {"readOnly", "read_only"},
       {"apiVersion", "api_version"},
       {"recipientAccountId", "recipient_account_id"},
       {"sharedEventID", "shared_event_id"},
       {"vpcEndpointId", "vpc_endpoint_id"},
       {"sessionCredentialFromConsole", "session_credential_from_console"}}};
  for (const auto& [key, name] : kOthers) record.add_json(key, cloudtrail(name));
  record.add_json(kElasticDocument, document);
  return record.take();
}

}  // namespace trailhound::source
