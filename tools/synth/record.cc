#include "record.h"

#include "base/json_writer.h"

namespace trailhound::synth {
namespace {

std::string fill(Random& random, std::string_view shape, const Event& event) {
  std::string out;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != '$' || i + 1 == shape.size()) {
      out += shape[i];
      continue;
    }
    switch (shape[++i]) {
      case 'B':
        out += "data-lake-" + event.identity->account + "-" + std::to_string(random.below(6));
        break;
      case 'I':
        out += "i-0" + random.hex(16);
        break;
      case 'H':
        out += random.hex(32);
        break;
      case 'N':
        out += std::to_string(random.skewed(40));
        break;
      case 'A':
        out += event.identity->account;
        break;
      case 'R':
        out += event.region;
        break;
      case 'U':
        out += random.upper(16);
        break;
      case 'P':
        out += "year=2026/month=03/part-" + std::to_string(random.below(500));
        break;
      default:
        out += shape[i];
    }
  }
  return out;
}

void write_session(json::Writer& w, const Identity& who, Instant time) {
  w.key("sessionContext").begin_object();
  w.key("sessionIssuer").begin_object();
  if (who.kind == Identity::Kind::role) {
    w.key("type").string("Role").key("principalId").string(who.principal.substr(0, who.principal.find(':')));
    w.key("arn").string("arn:aws:iam::" + who.account + ":role/" + who.name);
    w.key("accountId").string(who.account).key("userName").string(who.name);
  }
  w.end_object().key("webIdFederationData").begin_object().end_object();
  w.key("attributes").begin_object();
  w.key("creationDate").string(format_rfc3339(floor_to(time, Duration::seconds(3600))));
  w.key("mfaAuthenticated").string(who.kind == Identity::Kind::console ? "true" : "false");
  w.end_object().end_object();
}

void write_identity(json::Writer& w, const Identity& who, Instant time) {
  w.key("userIdentity").begin_object();
  if (who.kind == Identity::Kind::service) {
    w.key("type").string("AWSService").key("invokedBy").string(who.name).end_object();
    return;
  }
  w.key("type").string(who.kind == Identity::Kind::role ? "AssumedRole" : "IAMUser");
  w.key("principalId").string(who.principal).key("arn").string(who.arn).key("accountId").string(who.account);
  w.key("accessKeyId").string(who.key);
  if (who.kind != Identity::Kind::role) w.key("userName").string(who.name);
  if (who.kind != Identity::Kind::user) write_session(w, who, time);
  w.end_object();
}

std::string denial(const Event& event) {
  const std::string action = event.service + ":" + event.name;
  return "User: " + event.identity->arn + " is not authorized to perform: " + action +
         " because no identity-based policy allows the " + action + " action";
}

}  // namespace

Event background_event(Random& random, const Identity& identity, Instant time) {
  const Call& made = call(identity.calls[random.skewed(identity.calls.size())]);
  Event event;
  event.time = time;
  event.identity = &identity;
  event.service = made.service;
  event.name = made.name;
  event.region = identity.regions[random.below(identity.regions.size())];
  event.read_only = made.read_only;
  event.request = fill(random, made.request, event);
  event.response = fill(random, made.response, event);
  // Everyday failures; refusals of the calls that the shipped rules watch are left to the planted attacks.
  if (random.one_in(40)) {
    const bool watched =
        event.service == "secretsmanager" || event.service == "sagemaker" || event.service == "bedrock";
    event.error =
        watched ? "ThrottlingException" : (event.service == "ec2" ? "Client.UnauthorizedOperation" : "AccessDenied");
    event.response = "null";
  }
  return event;
}

std::string to_json(Random& random, const Event& event) {
  std::string out;
  json::Writer w(out);
  w.begin_object().key("eventVersion").string("1.11");
  write_identity(w, *event.identity, event.time);
  w.key("eventTime").time(event.time).key("eventSource").string(event.service + ".amazonaws.com");
  w.key("eventName").string(event.name).key("awsRegion").string(event.region);
  w.key("sourceIPAddress").string(event.identity->address);
  w.key("userAgent").string(event.agent.empty() ? event.identity->agent : event.agent);
  if (!event.error.empty()) {
    w.key("errorCode").string(event.error);
    w.key("errorMessage").string(event.error.find("Throttl") == std::string::npos ? denial(event) : "Rate exceeded");
  }
  w.key("requestParameters").raw(event.request).key("responseElements").raw(event.response);
  w.key("requestID").string(random.uuid()).key("eventID").string(random.uuid());
  w.key("readOnly").boolean(event.read_only).key("eventType").string("AwsApiCall");
  w.key("managementEvent").boolean(true).key("recipientAccountId").string(event.identity->account);
  w.key("eventCategory").string("Management");
  if (event.identity->kind == Identity::Kind::console) w.key("sessionCredentialFromConsole").string("true");
  if (event.identity->kind == Identity::Kind::user || event.identity->kind == Identity::Kind::role) {
    w.key("tlsDetails")
        .begin_object()
        .key("tlsVersion")
        .string("TLSv1.3")
        .key("cipherSuite")
        .string("TLS_AES_128_GCM_SHA256");
    w.key("clientProvidedHostHeader").string(event.service + "." + event.region + ".amazonaws.com").end_object();
  }
  w.end_object();
  return out;
}

}  // namespace trailhound::synth
