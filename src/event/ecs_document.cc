#include "event/ecs_document.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/utf8.h"
#include "event/ecs_entities.h"
#include "event/ecs_event_category.h"
#include "event/ecs_source.h"
#include "event/java_text.h"
#include "event/user_agent.h"

namespace trailhound::event {
namespace {

using Move = EcsMove;

constexpr Move kDigestMoves[] = {
    {"previousDigestS3Object", "previous_s3_object"},
    {"previousDigestSignature", "previous_signature"},
    {"previousDigestHashValue", "previous_hash_value"},
    {"logFiles", "log_files"},
    {"digestS3Bucket", "s3_bucket"},
    {"previousDigestS3Bucket", "previous_s3_bucket"},
    {"previousDigestHashAlgorithm", "previous_hash_algorithm"},
    {"digestSignatureAlgorithm", "signature_algorithm"},
};

constexpr Move kDigestDates[] = {
    {"digestStartTime", "start_time"},
    {"digestEndTime", "end_time"},
    {"newestEventTime", "newest_event_time"},
    {"oldestEventTime", "oldest_event_time"},
};

bool is_ip(std::string_view text) { return parse_ip(text).has_value(); }

std::string java_text(json::Value value) {
  std::string text;
  append_java_text(text, value);
  return text;
}

class Builder {
 public:
  Builder(json::Value root, const Geo* geo) : source_(root), geo_(geo) {}

  Node build(const EcsOptions& options, std::string_view original) {
    set_constants();
    if (options.original) document_.set_if("event.original", original);
    set_timestamp();
    if (options.entities && !set_ecs_entities(document_, source_)) {
      errors_.emplace_back("actor and target entities: a value is not of the expected kind");
    }
    set_identity();
    set_event();
    set_source_address();
    set_user_agent();
    set_payloads();
    set_members();
    set_resources();
    set_console_login();
    set_digest();
    set_changed_identities();
    set_tls();
    set_related();
    document_.prune();
    set_errors();
    return std::move(document_);
  }

 private:
  void set_constants();
  void set_timestamp();
  void set_identity();
  void set_event();
  void set_source_address();
  void set_geo(const IpAddress& address);
  void set_user_agent();
  void set_payloads();
  void set_members();
  void set_resources();
  void set_console_login();
  void set_digest();
  void set_changed_identities();
  void set_tls();
  void set_related();
  void set_related_hosts();
  void set_errors();
  /// The date of a member of that name; one that cannot be read is an error of the document.
  void set_date(std::string_view path, std::string_view name, json::Value value);

  EcsSource source_;
  const Geo* geo_;
  Node document_;
  std::vector<std::string> errors_;
};

void Builder::set_constants() {
  document_.set("ecs.version", "8.11.0");
  document_.set("data_stream.type", "logs");
  document_.set("data_stream.dataset", "aws.cloudtrail");
  document_.set("data_stream.namespace", "default");
  document_.set("event.dataset", "aws.cloudtrail");
  document_.set("event.module", "aws");
  document_.set("event.kind", "event");
  document_.set("cloud.provider", "aws");
}

void Builder::set_date(std::string_view path, std::string_view name, json::Value value) {
  if (const auto instant = parse_pipeline_date(value.string().value_or(""))) {
    document_.set(path, format_iso_millis(*instant));
  } else {
    errors_.push_back(ecs_name(name, " is not a date: ").append(utf8_prefix(java_text(value), 100)));
  }
}

void Builder::set_timestamp() {
  // Cleanup runs later than this step: only the empty text counts as no time.
  const json::Value time = source_.root().find("eventTime");
  if (!time || time.is(json::Kind::null) || time.string() == std::string_view()) return;
  set_date("@timestamp", "eventTime", time);
}

void Builder::set_identity() {
  for (const Move& move : ecs_identity_moves())
    document_.set_if(ecs_name(kEcsIdentity, move.to), source_.identity(move.from));
  if (const json::Value date = source_.identity("sessionContext.attributes.creationDate")) {
    set_date(ecs_name(kEcsIdentity, "session_context.creation_date"), "creationDate", date);
  }
  document_.set_if(ecs_name(kEcsIdentity, "session_context.assumed_root"),
                   source_.identity("sessionContext.assumedRoot"));
  document_.set_if("service.name", source_.service_name());
  document_.set_if("user.id", source_.user_id());
  document_.set_if("user.name", source_.user_name());
  document_.set_if("user.email", source_.user_email());
  document_.set_if("cloud.account.id", source_.account_id());
}

void Builder::set_event() {
  const json::Value provider = source_.raw("eventSource");
  document_.set_if("event.provider", provider);
  document_.set_if("cloud.service.name", service_of_event_source(provider.string().value_or("")));
  const json::Value action = source_.raw("eventName");
  document_.set_if("event.action", action);
  document_.set_if("event.id", source_.raw("eventID"));
  document_.set_if("cloud.region", source_.raw("awsRegion"));
  document_.set("event.outcome", source_.outcome());
  const EventCategory category = ecs_event_category(source_.action());
  document_.append_unique("event.category", category.category);
  for (const std::string_view type : category.types) document_.append_unique("event.type", type);
}

void Builder::set_source_address() {
  const json::Value address = source_.raw("sourceIPAddress");
  document_.set_if("source.address", address);
  const std::string_view text = address.string().value_or("");
  if (const auto ip = parse_ip(text)) {
    document_.set("source.ip", text);
    if (geo_ != nullptr) set_geo(*ip);
  }
}

void Builder::set_geo(const IpAddress& address) {
  if (const auto city = geo_->city(address)) {
    document_.set_if("source.geo.continent_name", city->continent_name);
    document_.set_if("source.geo.country_name", city->country_name);
    document_.set_if("source.geo.country_iso_code", city->country_iso_code);
    document_.set_if("source.geo.region_name", city->region_name);
    document_.set_if("source.geo.region_iso_code", region_iso_code(city->country_iso_code, city->region_iso_code));
    document_.set_if("source.geo.city_name", city->city_name);
    if (city->latitude && city->longitude) {
      document_.set("source.geo.location.lat", *city->latitude);
      document_.set("source.geo.location.lon", *city->longitude);
    }
  }
  if (const auto network = geo_->asn(address)) {
    if (network->number) document_.set("source.as.number", *network->number);
    document_.set_if("source.as.organization.name", network->organization);
  }
}

void Builder::set_user_agent() {
  const json::Value value = source_.raw("userAgent");
  if (!value) return;
  document_.set("user_agent.original", value);
  if (!value.is(json::Kind::string)) return;
  const UserAgent agent = parse_user_agent(*value.string());
  document_.set("user_agent.name", agent.name);
  document_.set_if("user_agent.version", agent.version);
  document_.set_if("user_agent.os.name", agent.os_name);
  document_.set_if("user_agent.os.version", agent.os_version);
  document_.set_if("user_agent.os.full", agent.os_full);
  document_.set("user_agent.device.name", agent.device);
}

void Builder::set_payloads() {
  for (const EcsPayload& which : kEcsPayloads) {
    std::string text;
    if (!source_.append_payload_text(text, which)) continue;
    const bool flattened = utf16_length(text) < kFlattenedLimit;
    document_.set(ecs_name("aws.cloudtrail.", which.ecs), std::move(text));
    if (!flattened) continue;
    Node& node = document_.at(ecs_name("aws.cloudtrail.flattened.", which.ecs));
    const json::Value value = source_.payload(which);
    if (which.raw == "additionalEventData" && source_.user_name_is_moved()) {
      Node::Members members;
      for (const json::Member& member : java_members(value)) {
        if (member.key != "UserName") members.emplace_back(std::string(member.key), Node(member.value));
      }
      node = Node(std::move(members));
    } else {
      node = Node(value);
    }
  }
}

void Builder::set_members() {
  for (const Move& move : ecs_moves()) document_.set_if(ecs_name("aws.cloudtrail.", move.to), source_.raw(move.from));
  if (const json::Value management = source_.raw("managementEvent")) {
    document_.set("aws.cloudtrail.management_event", java_text(management));
  }
  json::Value shared = source_.raw("sharedEventID");
  if (!shared) shared = source_.raw("sharedEventId");
  document_.set_if("aws.cloudtrail.shared_event_id", shared);
}

// One resource with the pipeline's names, and the key by which duplicates are recognised.
std::pair<std::string, Node> renamed_resource(json::Value resource) {
  Node::Members members;
  json::Value arn, account, type;
  for (const json::Member& member : java_members(resource)) {
    // The upper-case names replace members that already have the new ones.
    if (member.key == "ARN" || (member.key == "arn" && !arn)) arn = member.value;
    if (member.key == "accountId" || (member.key == "account_id" && !account)) account = member.value;
    if (member.key == "type") type = member.value;
    if (member.key != "ARN" && member.key != "arn" && member.key != "accountId" && member.key != "account_id") {
      members.emplace_back(std::string(member.key), Node(member.value));
    }
  }
  if (arn) members.emplace_back("arn", Node(arn));
  if (account) members.emplace_back("account_id", Node(account));
  return {java_text(arn) + "_" + java_text(account) + "_" + java_text(type), Node(std::move(members))};
}

void Builder::set_resources() {
  const json::Value resources = source_.raw("resources");
  if (!resources) return;
  if (!resources.is(json::Kind::array)) {
    document_.set("aws.cloudtrail.resources", resources);
    return;
  }
  std::vector<std::string> keys;
  Node::List unique;
  std::unordered_map<std::string, std::size_t> places;
  for (const json::Value resource : resources.elements()) {
    if (!resource.is(json::Kind::object) || !survives_cleanup(resource)) continue;
    auto [key, node] = renamed_resource(resource);
    const auto [place, added] = places.try_emplace(key, unique.size());
    if (added) {
      keys.push_back(std::move(key));
      unique.push_back(std::move(node));
    } else {
      unique[place->second] = std::move(node);
    }
  }
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  Node::List list;
  for (const std::size_t i : java_map_order(views, views.size())) list.push_back(std::move(unique[i]));
  document_.set("aws.cloudtrail.resources", std::move(list));
}

void Builder::set_console_login() {
  if (source_.action() != "ConsoleLogin") return;
  const auto set_flag = [&](std::string_view path, json::Value value) {
    if (value) document_.set(path, value.string() != std::string_view("No"));
  };
  set_flag("aws.cloudtrail.console_login.additional_eventdata.mobile_version",
           source_.raw("additionalEventData.MobileVersion"));
  document_.set_if("aws.cloudtrail.console_login.additional_eventdata.login_to",
                   source_.raw("additionalEventData.LoginTo"));
  set_flag("aws.cloudtrail.console_login.additional_eventdata.mfa_used", source_.raw("additionalEventData.MFAUsed"));
}

void Builder::set_digest() {
  constexpr std::string_view kDigest = "aws.cloudtrail.flattened.digest.";
  for (const Move& move : kDigestMoves) document_.set_if(ecs_name(kDigest, move.to), source_.raw(move.from));
  for (const Move& move : kDigestDates) {
    if (const json::Value date = source_.raw(move.from)) set_date(ecs_name(kDigest, move.to), move.from, date);
  }
  json::Value fingerprint = source_.raw("digestPublicKeyFingerprint");
  if (!fingerprint) fingerprint = source_.raw("publicKeyFingerprint");
  document_.set_if(ecs_name(kDigest, "public_key_fingerprint"), fingerprint);
  if (const Node* end = document_.find(ecs_name(kDigest, "end_time"))) document_.set("@timestamp", Node(*end));
  document_.set_if("file.path", source_.raw("digestS3Object"));
  document_.append_unique("related.hash", text_at(source_.root(), "previousDigestHashValue"));
  document_.set_if("aws.cloudtrail.flattened.insight_details", source_.raw("insightDetails"));
}

void Builder::set_changed_identities() {
  document_.set_if("group.id", source_.raw("responseElements.group.groupId"));
  document_.set_if("group.name", source_.raw("requestParameters.groupName"));
  document_.set_if("user.target.id", source_.raw("responseElements.user.userId"));
  document_.set_if("user.target.name", source_.raw("requestParameters.userName"));
  document_.set_if("user.changes.name", source_.raw("requestParameters.newUserName"));
}

void Builder::set_tls() {
  const TlsFields tls = source_.tls();
  document_.set_if("tls.version_protocol", tls.protocol);
  document_.set_if("tls.version", tls.version);
  document_.set_if("tls.version", tls.unsplit);
  document_.set_if("tls.cipher", tls.cipher);
  document_.set_if("tls.client.server_name", tls.server_name);
  document_.set_if("aws.cloudtrail.tls_details.key_exchange", tls.key_exchange);
}

// Texts in order of appearance, each once.
class DistinctTexts {
 public:
  void add(std::string_view text) {
    if (!text.empty() && seen_.emplace(text).second) list_.emplace_back(text);
  }
  [[nodiscard]] Node::List take() { return std::move(list_); }

 private:
  std::unordered_set<std::string> seen_;
  Node::List list_;
};

// What the pipeline's templates make of a value: its text, and of a list the text of a map from the elements' places.
std::string template_text(json::Value value) {
  if (!value.is(json::Kind::array)) return java_text(value);
  std::string text = "{";
  std::size_t place = 0;
  for (const json::Value element : value.elements()) {
    if (!survives_cleanup(element)) continue;
    if (place > 0) text += ", ";
    text.append(std::to_string(place++)).append("=");
    append_java_text(text, element);
  }
  return text + "}";
}

void Builder::set_related() {
  DistinctTexts users;
  const std::string_view session = source_.session_name();
  users.add(session);
  if (session.contains('@')) users.add(session.substr(0, session.find('@')));
  const auto add = [&](json::Value value) {
    if (value) users.add(template_text(value));
  };
  add(source_.raw("requestParameters.userName"));
  add(source_.raw("requestParameters.newUserName"));
  add(source_.raw("responseElements.user.userId"));
  add(source_.user_id());
  add(source_.user_name());
  add(source_.identity("onBehalfOf.userId"));
  document_.set("related.user", users.take());

  for (const std::string_view path : {"sourceIPAddress", "serviceEventDetails.sourceIpAddress"}) {
    const std::string_view address = text_at(source_.root(), path);
    if (is_ip(address)) document_.append_unique("related.ip", address);
  }
  set_related_hosts();
}

bool is_instance_id(std::string_view text) { return text.starts_with("i-") && text.size() >= 10; }

// The EC2 instances that request parameters or response elements name.
void add_instance_ids(DistinctTexts& hosts, json::Value payload) {
  const auto add = [&](json::Value value) {
    if (const std::string_view id = value.string().value_or(""); is_instance_id(id)) hosts.add(id);
  };
  for (const std::string_view key : {"instanceId", "target", "resourceId"}) add(clean_at(payload, key));
  for (const json::Value id : clean_at(payload, "instanceIds").elements()) add(id);
  for (const json::Value item : clean_at(payload, "instancesSet.items").elements()) add(clean_at(item, "instanceId"));
}

// The EC2 instances among the resources as they stand in the document: the last step of their ARNs.
void add_resource_hosts(DistinctTexts& hosts, const Node* resources) {
  if (resources == nullptr || resources->list() == nullptr) return;
  for (const Node& resource : *resources->list()) {
    const Node* node = resource.find("arn");
    if (node == nullptr || node->json() == nullptr) continue;
    const std::string_view arn = node->json()->string().value_or("");
    if (!arn.contains(":instance/")) continue;
    if (const std::string_view id = arn.substr(arn.rfind('/') + 1); is_instance_id(id)) hosts.add(id);
  }
}

void Builder::set_related_hosts() {
  constexpr std::string_view kAmazon = ".amazonaws.com";
  DistinctTexts hosts;
  const std::string_view server = source_.tls().server_name.string().value_or("");
  if (!server.ends_with(kAmazon)) hosts.add(server);
  const std::string_view address = text_at(source_.root(), "sourceIPAddress");
  if (!is_ip(address) && address.contains('.') && !address.contains(' ') && !address.ends_with(kAmazon)) {
    hosts.add(address);
  }
  if (const json::Value computer = source_.raw("requestParameters.computerName")) hosts.add(template_text(computer));
  add_resource_hosts(hosts, document_.find("aws.cloudtrail.resources"));
  add_instance_ids(hosts, source_.raw("requestParameters"));
  add_instance_ids(hosts, source_.raw("responseElements"));
  document_.set("related.hosts", hosts.take());
}

void Builder::set_errors() {
  if (errors_.empty()) return;
  for (const std::string& error : errors_) document_.append_unique("error.message", error);
  document_.set("event.kind", "pipeline_error");
  document_.append_unique("tags", "preserve_original_event");
}

}  // namespace

Node build_ecs_document(json::Value root, const Geo* geo, const EcsOptions& options, std::string_view original) {
  return Builder(root, geo).build(options, original);
}

void append_ecs_document(std::string& out, const Record& record, const Geo* geo, const EcsOptions& options) {
  const std::string_view original = options.original ? record.batch().raw_text(record.row()) : std::string_view();
  build_ecs_document(record.root(), geo, options, original).append_json(out);
}

void append_ecs_digest(std::string& out, json::Value digest) {
  build_ecs_document(digest, nullptr, {}).append_json(out);
}

}  // namespace trailhound::event
