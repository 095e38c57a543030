#pragma once
/// What a User-Agent text says about product, operating system and device, in the names of the ua-parser project, whose
/// rules Elasticsearch applies to CloudTrail's userAgent.
///
///     parse_user_agent("aws-cli/2.9.1 Python/3.9 Linux/5.10.7 botocore/2.4")
///         → name "aws-cli", version "2.9.1", os_name "Linux", os_version "5.10.7", os_full "Linux 5.10.7",
///           device "Spider"   (because of the "bot" in botocore: a quirk of those rules that is kept)
///
/// Own rules for the products seen in CloudTrail; the long tail of phones and feed readers is not covered and gives
/// "Other" or the browser it imitates. Costs some microseconds: callers keep results per distinct text. Thread-safe.

#include <cstdint>
#include <string>
#include <string_view>

namespace trailhound::event {

struct UserAgent {
  std::string name = "Other";
  std::string version;     ///< found parts joined by dots; empty if none
  std::string os_name;     ///< empty if no rule matches
  std::string os_version;  ///< empty if unknown
  std::string os_full;     ///< "name version"; empty without a version
  std::string device = "Other";
};

/// What finding a part of it takes: each costs by itself.
enum class UserAgentPart : std::uint8_t { product, system, device };

[[nodiscard]] UserAgent parse_user_agent(std::string_view text);
/// Only the fields of one part; the others are as in an object by itself.
[[nodiscard]] UserAgent parse_user_agent(std::string_view text, UserAgentPart part);

}  // namespace trailhound::event
