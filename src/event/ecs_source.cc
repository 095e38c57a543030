#include "event/ecs_source.h"

#include <algorithm>

#include "base/ascii.h"
#include "event/java_text.h"

namespace trailhound::event {
namespace {

constexpr std::string_view kServiceRoleMarker = ":role/aws-service-role/";
constexpr std::string_view kAmazonDomain = ".amazonaws.com";

constexpr EcsMove kMoves[] = {
    {"eventVersion", "event_version"},
    {"eventCategory", "event_category"},
    {"eventType", "event_type"},
    {"apiVersion", "api_version"},
    {"requestID", "request_id"},
    {"errorCode", "error_code"},
    {"errorMessage", "error_message"},
    {"readOnly", "read_only"},
    {"recipientAccountId", "recipient_account_id"},
    {"vpcEndpointId", "vpc_endpoint_id"},
    {"vpcEndpointAccountId", "vpc_endpoint_account_id"},
    {"sessionCredentialFromConsole", "session_credential_from_console"},
    {"addendum.reason", "addendum.reason"},
    {"addendum.updatedFields", "addendum.updated_fields"},
    {"addendum.originalRequestID", "addendum.original_request_id"},
    {"addendum.originalEventID", "addendum.original_event_id"},
};

constexpr EcsMove kIdentityMoves[] = {
    {"type", "type"},
    {"arn", "arn"},
    {"accessKeyId", "access_key_id"},
    {"invokedBy", "invoked_by"},
    {"invokedByDelegate.accountId", "invoked_by_delegate.account_id"},
    {"credentialId", "credential_id"},
    {"identityProvider", "identity_provider"},
    {"onBehalfOf.userId", "on_behalf_of.user_id"},
    {"onBehalfOf.identityStoreArn", "on_behalf_of.identity_store_arn"},
    {"inScopeOf.issuerType", "in_scope_of.issuer_type"},
    {"inScopeOf.credentialsIssuedTo", "in_scope_of.credentials_issued_to"},
    {"inScopeOf.sourceArn", "in_scope_of.source_arn"},
    {"inScopeOf.sourceAccount", "in_scope_of.source_account"},
    {"sessionContext.attributes.mfaAuthenticated", "session_context.mfa_authenticated"},
    {"sessionContext.ec2RoleDelivery", "session_context.ec2_role_delivery"},
    {"sessionContext.sourceIdentity", "session_context.source_identity"},
    {"sessionContext.signInSessionArn", "session_context.sign_in_session_arn"},
    {"sessionContext.sessionIssuer.type", "session_context.session_issuer.type"},
    {"sessionContext.sessionIssuer.principalId", "session_context.session_issuer.principal_id"},
    {"sessionContext.sessionIssuer.arn", "session_context.session_issuer.arn"},
    {"sessionContext.sessionIssuer.accountId", "session_context.session_issuer.account_id"},
    {"sessionContext.webIdFederationData.federatedProvider",
     "session_context.web_id_federation_data.federated_provider"},
    {"sessionContext.webIdFederationData.attributes", "session_context.web_id_federation_data.attributes"},
};

bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

// A bound for the length of the Java text that needs no ordering: bytes are at least UTF-16 units. Stops counting when
// `limit` is reached.
void count_java_text(json::Value value, std::size_t limit, std::size_t& bytes) {
  if (bytes >= limit) return;
  switch (value.kind()) {
    case json::Kind::object:
      bytes += 2;
      for (const json::Member& member : value.members()) {
        bytes += member.key.size() + 3;
        count_java_text(member.value, limit, bytes);
      }
      break;
    case json::Kind::array:
      bytes += 2;
      for (const json::Value element : value.elements()) {
        bytes += 2;
        count_java_text(element, limit, bytes);
      }
      break;
    case json::Kind::string:
      bytes += value.string()->size();
      break;
    default:
      bytes += 26;  // the longest number
  }
}

// An ISO date of which parts are missing, with the first of their values: "2024-05", "2024-05-06T07", "...T07:08+02".
// Pieces of other lengths are left for the parser to refuse.
std::string with_all_parts(std::string_view text) {
  const std::size_t t = text.find('T');
  const std::string_view time = t == std::string_view::npos ? std::string_view() : text.substr(t + 1);
  const std::size_t zone_at = std::min(time.find_first_of("Z+-"), time.size());
  std::string date(text.substr(0, t));
  if (date.size() == 4) date += "-01";
  if (date.size() == 7) date += "-01";
  std::string clock(time.substr(0, zone_at));
  std::string zone(time.substr(zone_at));
  if (clock.empty() && zone.empty()) clock = "00";
  if (clock.size() == 2) clock += ":00";
  if (clock.size() == 5) clock += ":00";
  std::ranges::replace(clock, ',', '.');
  if (zone.size() == 3) zone += ":00";
  return date + "T" + clock + zone;
}

}  // namespace

std::span<const EcsMove> ecs_moves() { return kMoves; }
std::span<const EcsMove> ecs_identity_moves() { return kIdentityMoves; }

json::Value clean_at(json::Value from, std::string_view path) {
  while (from && !path.empty()) {
    const std::size_t dot = path.find('.');
    from = from.find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return cleaned(from);
}

std::string_view text_at(json::Value from, std::string_view path) {
  return clean_at(from, path).string().value_or(std::string_view());
}

json::Value EcsSource::session(std::string_view path) const {
  return clean_at(record_ != nullptr ? record_->member(Member::session_context) : identity_.find("sessionContext"),
                  path);
}

std::string_view EcsSource::service_name() const {
  const std::string_view type = identity_type();
  if (type == "AWSService") return text_at(identity(), "invokedBy");
  if (type != "AssumedRole") return {};
  const std::string_view role = session("sessionIssuer.arn").string().value_or(std::string_view());
  const std::size_t marker = role.find(kServiceRoleMarker);
  if (marker == std::string_view::npos) return {};
  if (const std::string_view invoker = text_at(identity(), "invokedBy"); !invoker.empty()) return invoker;
  const std::string_view rest = role.substr(marker + kServiceRoleMarker.size());
  const std::size_t slash = rest.find('/');
  return slash == std::string_view::npos ? std::string_view() : rest.substr(0, slash);
}

bool EcsSource::is_service_actor() const { return !service_name().empty(); }

json::Value EcsSource::user_id() const {
  json::Value id;
  if (!is_service_actor()) id = identity("principalId");
  if (!id && identity_type() == "IdentityCenterUser") id = identity("onBehalfOf.userId");
  return id;
}

json::Value EcsSource::user_name() const {
  const std::string_view type = identity_type();
  const bool has_issuer = type == "AssumedRole" || type == "FederatedUser";
  json::Value name;
  // Only these two types can be service actors: the common ones need no further look.
  if ((type != "AWSService" && type != "AssumedRole") || !is_service_actor()) {
    if (has_issuer) name = session("sessionIssuer.userName");
    if (!name) name = identity("userName");
  }
  if (!name && action() == "UserAuthentication") name = raw("additionalEventData.UserName");
  return name;
}

bool EcsSource::user_name_is_moved() const {
  if (action() != "UserAuthentication" || !raw("additionalEventData.UserName")) return false;
  if (is_service_actor()) return true;
  const std::string_view type = identity_type();
  const bool has_issuer = type == "AssumedRole" || type == "FederatedUser";
  return !identity("userName") && !(has_issuer && session("sessionIssuer.userName"));
}

std::string_view EcsSource::session_name() const {
  const std::string_view type = identity_type();
  if (type != "AssumedRole" && type != "FederatedUser" && type != "IdentityCenterUser") return {};
  const std::string_view arn = text_at(identity(), "arn");
  const std::size_t slash = arn.rfind('/');
  if (slash == std::string_view::npos || !arn.contains(":sts:")) return {};
  return arn.substr(slash + 1);
}

std::string_view EcsSource::user_email() const {
  if (const std::string_view session = session_name(); session.contains('@')) return session;
  const std::string_view name = user_name().string().value_or(std::string_view());
  const std::size_t at = name.find('@');
  return at != std::string_view::npos && at > 0 ? name : std::string_view();
}

json::Value EcsSource::account_id() const {
  if (const json::Value id = identity("accountId")) return id;
  if (const json::Value id = raw("recipientAccountId")) return id;
  return raw("awsAccountId");
}

std::string EcsSource::outcome() const {
  if (action() == "ConsoleLogin") {
    const std::string_view login = text_at(member(Member::response_elements), "ConsoleLogin");
    if (!login.empty()) return lower_ascii(login);
  }
  return raw("errorCode") || raw("errorMessage") ? "failure" : "success";
}

std::optional<Instant> EcsSource::creation_date() const {
  return parse_pipeline_date(session("attributes.creationDate").string().value_or(std::string_view()));
}

TlsFields EcsSource::tls() const {
  TlsFields fields;
  const json::Value details = raw("tlsDetails");
  const json::Value version = clean_at(details, "tlsVersion");
  if (version.string() == std::string_view("tlsVersion")) return fields;  // a placeholder that AWS writes
  const std::string_view text = version.string().value_or(std::string_view());
  if (const std::size_t v = text.find('v'); v != std::string_view::npos) {
    fields.protocol = lower_ascii(text.substr(0, v));
    fields.version = text.substr(v + 1);
  } else {
    fields.unsplit = version;
  }
  fields.cipher = clean_at(details, "cipherSuite");
  fields.server_name = clean_at(details, "clientProvidedHostHeader");
  fields.key_exchange = clean_at(details, "keyExchange");
  return fields;
}

bool EcsSource::append_payload_text(std::string& out, const EcsPayload& which) const {
  const json::Value value = payload(which);
  if (!value) return false;
  const bool moved = which.raw == "additionalEventData" && user_name_is_moved();
  append_java_text(out, value, moved ? "UserName" : "");
  return true;
}

bool EcsSource::is_flattened(const EcsPayload& which) const {
  const json::Value value = payload(which);
  std::size_t bytes = 0;
  count_java_text(value, kFlattenedLimit, bytes);
  if (bytes < kFlattenedLimit) return true;
  std::string text;
  append_payload_text(text, which);
  return utf16_length(text) < kFlattenedLimit;
}

std::string_view service_of_event_source(std::string_view event_source) {
  if (!event_source.ends_with(kAmazonDomain)) return {};
  return event_source.substr(0, event_source.size() - kAmazonDomain.size());
}

std::optional<Instant> parse_pipeline_date(std::string_view text) {
  if (text.find_first_of("tz") != std::string_view::npos) return std::nullopt;
  if (const auto instant = parse_iso_as_utc(text)) return instant;
  if (const auto instant = parse_iso_as_utc(with_all_parts(text))) return instant;
  // yyyyMMddTHHmmss, an optional fraction, a zone: put the separators in.
  if (text.size() < 16 || text[8] != 'T' || !all_digits(text.substr(0, 8)) || !all_digits(text.substr(9, 6))) {
    return std::nullopt;
  }
  std::string extended;
  extended.append(text.substr(0, 4)).append("-").append(text.substr(4, 2)).append("-").append(text.substr(6, 3));
  extended.append(text.substr(9, 2)).append(":").append(text.substr(11, 2)).append(":").append(text.substr(13));
  return parse_rfc3339(extended);
}

std::string region_iso_code(std::string_view country, std::string_view region) {
  if (region.empty() || region.contains('-') || country.empty()) return std::string(region);
  return std::string(country).append("-").append(region);
}

}  // namespace trailhound::event
