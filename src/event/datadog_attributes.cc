#include "event/datadog_attributes.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/json_tape.h"
#include "event/user_agent.h"

namespace trailhound::event {
namespace {

/// A value that says something failed: anything but null and the empty text.
bool says_something(const json::Value& value) {
  if (!value || value.is(json::Kind::null)) return false;
  const auto text = value.string();
  return !text || !text->empty();
}

std::string_view last_part(std::string_view arn) {
  const std::size_t slash = arn.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : arn.substr(slash + 1);
}

std::string_view first_of(std::string_view a, std::string_view b) { return a.empty() ? b : a; }

}  // namespace

bool datadog_failed(const json::Value& record) {
  return says_something(record.find("errorCode")) || says_something(record.find("errorMessage")) ||
         record.find("responseElements").find("ConsoleLogin").text() == "Failure";
}

std::string_view datadog_session_name(const json::Value& record) {
  const json::Value identity = record.find("userIdentity");
  const std::string_view type = identity.find("type").text();
  if (type == "Root") return "root";
  if (type != "AssumedRole" && type != "FederatedUser" && type != "IAMUser") return {};
  return last_part(identity.find("arn").text());
}

std::string_view datadog_assumed_role(const json::Value& record) {
  const json::Value identity = record.find("userIdentity");
  const std::string_view issuer = identity.find("sessionContext").find("sessionIssuer").find("userName").text();
  if (!issuer.empty()) return issuer;
  constexpr std::string_view kMarker = ":assumed-role/";
  const std::string_view arn = identity.find("arn").text();
  const std::size_t marker = arn.find(kMarker);
  if (marker == std::string_view::npos) return {};
  const std::string_view role = arn.substr(marker + kMarker.size());
  return role.substr(0, role.find('/'));
}

std::string_view datadog_user_name(const json::Value& record) {
  return first_of(record.find("userIdentity").find("userName").text(), datadog_session_name(record));
}

std::string_view datadog_user_id(const json::Value& record) {
  return first_of(datadog_user_name(record), record.find("userIdentity").find("principalId").text());
}

std::string_view datadog_host(const json::Value& record) {
  if (record.find("userIdentity").find("type").text() != "AssumedRole") return {};
  const std::string_view session = datadog_session_name(record);
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  constexpr std::size_t kShortestId = 3;  // real ones have eight or seventeen digits, made up ones fewer
  if (session.size() < kShortestId || !session.starts_with("i-")) return {};
  return session.find_first_not_of(kHexDigits, 2) == std::string_view::npos ? session : std::string_view();
}

std::vector<std::string> datadog_tags(const json::Value& record) {
  std::vector<std::string> tags = {"source:" + std::string(kDatadogSource)};
  const std::string_view account = record.find("recipientAccountId").text();
  if (!account.empty()) {
    for (const char* const key : {"account:", "account_id:", "aws_account:"})
      tags.push_back(key + std::string(account));
  }
  const std::string_view region = record.find("awsRegion").text();
  if (!region.empty()) tags.push_back("region:" + std::string(region));
  return tags;
}

std::vector<std::string_view> datadog_addresses(const json::Value& record) {
  std::vector<std::string_view> addresses;
  if (!record) return addresses;
  constexpr std::size_t kShortest = 2, kLongest = 45;  // "::" and a mapped address in full
  const json::Tape tape = record.tape();
  tape.for_each_leaf(record.index(), [&](std::size_t at) {
    if (tape.kind(at) != '"') return true;
    const std::string_view text = tape.text(at);
    if (text.size() < kShortest || text.size() > kLongest || !parse_ip(text)) return true;
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) addresses.push_back(text);
    return addresses.size() < kMaxListedAddresses;
  });
  return addresses;
}

std::string DatadogGeo::network_number() const {
  return network && network->number ? "AS" + std::to_string(*network->number) : std::string();
}

DatadogGeo datadog_geo(const Geo* geo, std::string_view address) {
  const auto ip = geo == nullptr ? std::nullopt : parse_ip(address);
  if (!ip) return {};
  return {geo->city(*ip), geo->asn(*ip)};
}

DatadogClient datadog_client(std::string_view user_agent) {
  const UserAgent parsed = parse_user_agent(user_agent);
  return {parsed.os_name.empty() ? "Other" : parsed.os_name, parsed.name, parsed.device};
}

}  // namespace trailhound::event
