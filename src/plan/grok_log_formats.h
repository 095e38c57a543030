#pragma once
/// GROK patterns of whole log lines (web servers, syslog, S3, load balancers, CloudFront, HAProxy), with the columns
/// that Elastic's "ECS v1" set gives them. Inside src/plan only.

#include <string>
#include <utility>
#include <vector>

namespace trailhound::plan {

/// Names and definitions, which use those of the library and each other.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> grok_log_formats();

}  // namespace trailhound::plan
