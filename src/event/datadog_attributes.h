#pragma once
/// What Datadog's CloudTrail pipeline derives from a record beyond moving fields. Used by the columns and by the
/// document, so that both agree. Texts point into the record or are literals. Inside src/event only.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "event/geo.h"

namespace trailhound::event {

inline constexpr std::string_view kDatadogSource = "cloudtrail";

/// True if the call failed: a non-empty errorCode or errorMessage, or a refused console sign-in.
[[nodiscard]] bool datadog_failed(const json::Value& record);

/// @userIdentity.session_name: the last part of the ARN of users and sessions, "root" for the root user; "" if none.
[[nodiscard]] std::string_view datadog_session_name(const json::Value& record);
/// @userIdentity.assumed_role: the issuer's name, else the role in the ARN of the session; "" if none.
[[nodiscard]] std::string_view datadog_assumed_role(const json::Value& record);
/// @usr.name: userName, else the session name.
[[nodiscard]] std::string_view datadog_user_name(const json::Value& record);
/// @usr.id: userName, else the session name, else principalId.
[[nodiscard]] std::string_view datadog_user_id(const json::Value& record);
/// The reserved attribute host: the instance id when an EC2 instance made the call; "" otherwise.
[[nodiscard]] std::string_view datadog_host(const json::Value& record);

/// The log's tags, "key:value".
[[nodiscard]] std::vector<std::string> datadog_tags(const json::Value& record);

/// @network.ip.list: the distinct IP addresses among the record's texts, as written, in order of appearance.
inline constexpr std::size_t kMaxListedAddresses = 100;
[[nodiscard]] std::vector<std::string_view> datadog_addresses(const json::Value& record);

/// What is known of a source address; each text is empty if it is not known.
struct DatadogGeo {
  std::optional<City> city;
  std::optional<AutonomousSystem> network;

  /// "AS16509"
  [[nodiscard]] std::string network_number() const;
};
/// Nothing for a text that is no address.
[[nodiscard]] DatadogGeo datadog_geo(const Geo* geo, std::string_view address);

/// The families of @http.useragent_details: operating system, browser, device.
struct DatadogClient {
  std::string os, browser, device;
};
[[nodiscard]] DatadogClient datadog_client(std::string_view user_agent);

}  // namespace trailhound::event
