#include "event/ecs_entities.h"

#include <algorithm>
#include <array>
#include <deque>
#include <span>
#include <vector>

#include "event/ecs_entity_rules.h"

namespace trailhound::event {
namespace {

constexpr std::string_view kUserResourceTypes[] = {
    "user", "role", "assumed-role", "federated-user", "instance-profile", "mfa", "serialNumber"};
constexpr std::string_view kServiceResourceTypes[] = {"stack",
                                                      "stack-set",
                                                      "trail",
                                                      "configuration-recorder",
                                                      "file-system",
                                                      "mount-target",
                                                      "rule",
                                                      "detector",
                                                      "key",
                                                      "function",
                                                      "log-group",
                                                      "log-stream",
                                                      "alarm",
                                                      "db",
                                                      "cluster",
                                                      "global-cluster",
                                                      "trust-anchor",
                                                      "resolver-query-log-config",
                                                      "secret",
                                                      "parameter",
                                                      "document",
                                                      "session",
                                                      "webacl",
                                                      "rulegroup",
                                                      "ipset",
                                                      "topic",
                                                      "model",
                                                      "loadbalancer",
                                                      "table",
                                                      "group",
                                                      "policy",
                                                      "security-group",
                                                      "network-interface",
                                                      "vpc",
                                                      "subnet",
                                                      "network-acl",
                                                      "dhcp-options"};
constexpr std::string_view kServiceIdPrefixes[] = {"sg-",  "sgr-", "eni-", "vpc-",  "subnet-", "acl-",
                                                   "rtb-", "igw-", "nat-", "vpce-", "tgw-",    "pcx-"};

template <class F>
void for_each_word(std::string_view words, F f) {
  while (!words.empty()) {
    const std::size_t space = words.find(' ');
    f(words.substr(0, space));
    words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
  }
}

bool has_word(std::string_view words, std::string_view word) {
  bool found = false;
  for_each_word(words, [&](std::string_view w) { found |= w == word; });
  return found;
}

template <class Range>
bool has_item(const Range& range, std::string_view item) {
  return std::ranges::find(range, item) != std::ranges::end(range);
}

bool is_service_role(std::string_view text) {
  return text.contains("/AWSServiceRoleFor") || text.contains("/aws-service-role/");
}

struct ArnParts {
  std::string_view service;
  std::string_view resource;       // the sixth part
  std::string_view resource_type;  // that up to its first slash
};

// The parts of an ARN that has at least six; nothing for any other text.
std::optional<ArnParts> parse_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos && i + 1 < parts.size()) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  }
  std::string_view type = parts[5];
  if (const std::size_t slash = type.find('/'); slash != std::string_view::npos && slash > 0)
    type = type.substr(0, slash);
  return ArnParts{parts[2], parts[5], type};
}

// --- Collecting ----------------------------------------------------------------------------------------------------

/// Where a path starts, and what is left of it.
struct PathStart {
  json::Value from;
  std::string_view rest;
};

class Collector {
 public:
  /// Of what is not wanted only the kinds of values are looked at.
  struct Wanted {
    bool related = true;
    bool targets = true;
  };
  Collector(const EcsSource& source, Wanted wanted)
      : wanted_(wanted),
        source_(source),
        identity_(source.root().find("userIdentity")),
        requests_(source.member(Member::request_parameters)),
        responses_(source.member(Member::response_elements)) {}

  // Fills the sets; false if a value is of the wrong kind.
  bool run();

  EntityIds related;
  EntityIds targets;
  std::string_view actor;

 private:
  [[nodiscard]] bool is_wanted(const EntityIds& ids) const {
    return &ids == &related ? wanted_.related : wanted_.targets;
  }
  void add(EntityIds& ids, json::Value value);
  void add_paths(EntityIds& ids, std::string_view paths);
  void add_path(EntityIds& ids, std::string_view path);
  PathStart start_of(std::string_view path);
  void add_group(EntityIds& ids, std::span<const json::Value> values);
  std::vector<json::Value> objects_at(json::Value from, std::string_view path);
  json::Value member(json::Value from, std::string_view name);
  json::Value nested(json::Value from, std::string_view outer, std::string_view inner);
  std::string_view actor_text(std::string_view path);

  void collect_common();
  void collect_ec2();
  void collect_ec2_instances();
  void collect_lambda();
  void collect_send_command();
  void choose_actor();

  Wanted wanted_;
  const EcsSource& source_;
  json::Value identity_;  // even if it is no object
  json::Value requests_;
  json::Value responses_;
  std::string_view service_;
  std::string_view action_;
  std::deque<std::string> owned_;  // texts that the record does not hold
  bool failed_ = false;
};

void Collector::add(EntityIds& ids, json::Value value) {
  if (!value) return;
  if (const auto text = value.string()) {
    if (is_wanted(ids)) ids.insert(*text);
  } else {
    failed_ = true;
  }
}

// Adds values up to the first that is missing or already there; the rest is lost, but still has to be text.
void Collector::add_group(EntityIds& ids, std::span<const json::Value> values) {
  bool adding = is_wanted(ids);
  for (const json::Value value : values) {
    if (value && !value.is(json::Kind::string)) failed_ = true;
    if (adding) adding = value.is(json::Kind::string) && ids.insert(*value.string()).second;
  }
}

json::Value Collector::member(json::Value from, std::string_view name) {
  if (!from.is(json::Kind::object)) {
    failed_ = true;
    return {};
  }
  return cleaned(from.find(name));
}

json::Value Collector::nested(json::Value from, std::string_view outer, std::string_view inner) {
  const json::Value between = member(from, outer);
  return between ? member(between, inner) : json::Value();
}

// The elements of the list at a path; no list at all is an empty one.
std::vector<json::Value> Collector::objects_at(json::Value from, std::string_view path) {
  const json::Value list = clean_at(from, path);
  std::vector<json::Value> elements;
  if (!list) return elements;
  if (!list.is(json::Kind::array)) failed_ = true;
  for (const json::Value element : list.elements()) {
    if (survives_cleanup(element)) elements.push_back(element);
  }
  return elements;
}

PathStart Collector::start_of(std::string_view path) {
  constexpr std::string_view kIdentity = "userIdentity.";
  if (path.starts_with("q.")) return {requests_, path.substr(2)};
  if (path.starts_with("r.")) return {responses_, path.substr(2)};
  if (path.starts_with(kIdentity)) return {identity_, path.substr(kIdentity.size())};
  return {source_.root(), path};
}

void Collector::add_path(EntityIds& ids, std::string_view path) {
  const auto [from, rest] = start_of(path);
  const std::size_t list = rest.find("[]");
  if (list == std::string_view::npos) {
    add(ids, clean_at(from, rest));
    return;
  }
  const std::string_view inner = rest.substr(list + 2);
  for (const json::Value element : objects_at(from, rest.substr(0, list))) {
    add(ids, inner.empty() ? element : member(element, inner.substr(1)));
  }
}

void Collector::add_paths(EntityIds& ids, std::string_view paths) {
  for_each_word(paths, [&](std::string_view path) { add_path(ids, path); });
}

std::string_view Collector::actor_text(std::string_view path) {
  const json::Value value = source_.identity(path);
  if (!value) return {};
  if (const auto text = value.string()) return *text;
  owned_.emplace_back();
  append_java_text(owned_.back(), value);
  return owned_.back();
}

void Collector::collect_common() {
  add_paths(related,
            "userIdentity.accessKeyId userIdentity.arn userIdentity.userName "
            "userIdentity.sessionContext.sessionIssuer.arn userIdentity.sessionContext.sessionIssuer.userName");
  if (source_.identity_type() == "IdentityCenterUser") add_path(related, "userIdentity.onBehalfOf.identityStoreArn");
  add_path(related, kResourcesPath);
}

void Collector::collect_ec2() {
  for (const json::Value rule : objects_at(responses_, "securityGroupRuleSet.items")) {
    const json::Value group[] = {member(rule, "groupId"), nested(rule, "referencedGroupInfo", "groupId"),
                                 member(rule, "securityGroupRuleId")};
    add_group(related, group);
  }
  add_paths(related, "r.groupSet.items[].groupId q.groupSet.items[].groupId q.instancesSet.items[].instanceId");
  collect_ec2_instances();
  for (const json::Value rule : objects_at(requests_, "revokedSecurityGroupRuleSet.items")) {
    const json::Value group[] = {member(rule, "securityGroupRuleId"), member(rule, "groupId")};
    add_group(related, group);
  }
  if (action_ == "DeleteNetworkAclEntry") {
    if (const json::Value number = source_.raw("requestParameters.ruleNumber")) {
      owned_.emplace_back();
      append_java_text(owned_.back(), number);
      targets.insert(owned_.back());
    }
  }
}

void Collector::collect_ec2_instances() {
  for (const json::Value instance : objects_at(responses_, "instancesSet.items")) {
    const json::Value group[] = {member(instance, "subnetId"), member(instance, "vpcId"),
                                 member(instance, "instanceId"), member(instance, "imageId"),
                                 nested(instance, "iamInstanceProfile", "arn")};
    add_group(related, group);
    for (const json::Value network : objects_at(instance, "networkInterfaceSet.items")) {
      const json::Value ids[] = {member(network, "networkInterfaceId"), member(network, "vpcId"),
                                 member(network, "subnetId")};
      add_group(related, ids);
      for (const json::Value security : objects_at(network, "groupSet.items")) {
        add(related, member(security, "groupId"));
      }
    }
  }
}

void Collector::collect_lambda() {
  add_group(related, objects_at(responses_, "vpcConfig.securityGroupIds"));
  add_group(related, objects_at(responses_, "vpcConfig.subnetIds"));
  // Names carry the API's version: AddPermission20150331v2.
  if (action_.contains("AddPermission")) {
    add_path(targets, "q.functionName");
  } else if (action_.contains("ListFunctions")) {
    add_path(targets, kAccountPath);
  }
}

void Collector::collect_send_command() {
  std::vector<json::Value> instances = objects_at(requests_, "instanceIds");
  if (instances.empty()) {
    for (const json::Value target : objects_at(requests_, "targets")) {
      const json::Value values = member(target, "values");
      if (!values.is(json::Kind::array)) failed_ = true;
      for (const json::Value value : values.elements()) {
        if (survives_cleanup(value)) instances.push_back(value);
      }
    }
  }
  if (instances.size() == 1 && instances[0].string() == std::string_view("*")) {
    instances = {source_.raw(kAccountPath)};
  }
  add_group(targets, instances);
}

void Collector::choose_actor() {
  actor = actor_text("arn");
  if (actor.empty()) actor = actor_text("onBehalfOf.userId");
  if (service_ != "sts") return;
  if (action_ == "AssumeRole") {
    const std::string_view type = source_.identity_type();
    actor = actor_text(type == "AWSService"    ? "invokedBy"
                       : type == "AssumedRole" ? "sessionContext.sessionIssuer.arn"
                                               : "arn");
  } else if (action_ == "GetCallerIdentity") {
    actor = actor_text("arn");
  }
}

bool Collector::run() {
  service_ = service_of_event_source(text_at(source_.root(), "eventSource"));
  action_ = source_.action();
  choose_actor();
  collect_common();
  for (const EntityRelatedRule& row : entity_related_rules()) {
    if (row.service == service_) add_paths(related, row.paths);
  }
  for (const EntityTargetRule& row : entity_target_rules()) {
    if (row.service == service_ && has_word(row.names, action_)) add_paths(targets, row.paths);
  }
  if (service_ == "ec2") collect_ec2();
  if (service_ == "lambda") collect_lambda();
  if (service_ == "ssm" && action_ == "SendCommand") collect_send_command();
  return !failed_;
}

Node id_list(const EntityIds& ids) {
  Node::List list;
  for (const std::string_view id : ids) list.emplace_back(id);
  return list;
}

Node single_id(std::string_view id) { return Node::List{Node(id)}; }

// The i-... ids of host targets, cut out of the ARNs of EC2 instances.
EntityIds instance_ids(const EntityIds& hosts) {
  constexpr std::string_view kInstance = "instance/";
  EntityIds ids;
  for (std::string_view host : hosts) {
    if (const auto arn = parse_arn(host)) {
      if (arn->service != "ec2" || !arn->resource.starts_with(kInstance)) continue;
      host = arn->resource.substr(kInstance.size());
    }
    if (host.starts_with("i-")) ids.insert(host);
  }
  return ids;
}

/// Sets fields of a document; of those that are not wanted nothing is made.
class FieldSetter {
 public:
  FieldSetter(Node& document, std::string_view only) : document_(document), only_(only) {}

  [[nodiscard]] bool wants(std::string_view field) const { return only_.empty() || only_ == field; }
  void set(std::string_view field, const EntityIds& ids) {
    if (wants(field) && !ids.empty()) document_.set(field, id_list(ids));
  }
  void set(std::string_view field, std::string_view id) {
    if (wants(field)) document_.set(field, single_id(id));
  }

 private:
  Node& document_;
  std::string_view only_;
};

void set_targets(FieldSetter& fields, const EntityIds& targets) {
  if (targets.empty()) return;
  fields.set("target.entity.id", targets);
  std::array<EntityIds, 4> by_class;
  for (const std::string_view id : targets) by_class[static_cast<std::size_t>(class_of_target(id))].insert(id);
  constexpr std::string_view kFields[] = {"user.target.entity.id", "host.target.entity.id", "service.target.entity.id",
                                          "entity.target.id"};
  for (std::size_t i = 0; i < by_class.size(); ++i) fields.set(kFields[i], by_class[i]);
  fields.set("host.target.id", instance_ids(by_class[static_cast<std::size_t>(EntityClass::host)]));
}

void set_actor(FieldSetter& fields, std::string_view actor, const EcsSource& source) {
  if (actor.empty()) return;
  fields.set("actor.entity.id", actor);
  const std::string_view type = source.identity_type();
  constexpr std::string_view kFields[] = {"user.entity.id", "host.entity.id", "service.entity.id", "entity.id"};
  const EntityClass actor_class = class_of_actor(actor, type);
  std::string_view id = actor;
  if (actor_class == EntityClass::user && type == "AssumedRole") {
    const std::string_view role = text_at(source.identity("sessionContext.sessionIssuer"), "arn");
    if (!role.empty()) id = role;  // the role stays the same from session to session
  }
  fields.set(kFields[static_cast<std::size_t>(actor_class)], id);
}

}  // namespace

EntityClass class_of_target(std::string_view id) {
  if (id.starts_with("arn:")) {
    const auto arn = parse_arn(id);
    if (!arn) return EntityClass::generic;
    if (is_service_role(id)) return EntityClass::service;
    if (has_item(kUserResourceTypes, arn->resource_type)) return EntityClass::user;
    if (arn->resource_type == "instance") return EntityClass::host;
    if (has_item(kServiceResourceTypes, arn->resource_type)) return EntityClass::service;
    return arn->service == "s3" ? EntityClass::service : EntityClass::generic;
  }
  if (id.starts_with("AKIA") && utf16_length(id) == 20) return EntityClass::user;
  if (id.starts_with("i-")) return EntityClass::host;
  const bool service = std::ranges::any_of(kServiceIdPrefixes, [&](auto prefix) { return id.starts_with(prefix); });
  return service ? EntityClass::service : EntityClass::generic;
}

EntityClass class_of_actor(std::string_view id, std::string_view identity_type) {
  if (identity_type == "AWSService" || is_service_role(id)) return EntityClass::service;
  if (identity_type == "IAMUser" || identity_type == "Root" || identity_type == "AssumedRole") return EntityClass::user;
  if (const auto arn = parse_arn(id)) {
    constexpr std::string_view kUsers[] = {"user", "role", "assumed-role", "federated-user"};
    if (has_item(kUsers, arn->resource_type)) return EntityClass::user;
    if (arn->resource_type == "instance") return EntityClass::host;
  }
  return id.starts_with("i-") ? EntityClass::host : EntityClass::generic;
}

bool set_ecs_entities(Node& document, const EcsSource& source, std::string_view only) {
  if (!source.raw("eventName")) return true;
  FieldSetter fields(document, only);
  const bool related = fields.wants("related.entity");
  Collector collector(source, {.related = related, .targets = related || only.contains("target")});
  if (!collector.run()) return false;
  set_targets(fields, collector.targets);
  set_actor(fields, collector.actor, source);
  if (!related) return true;
  collector.related.insert(collector.targets.begin(), collector.targets.end());
  fields.set("related.entity", collector.related);
  return true;
}

}  // namespace trailhound::event
