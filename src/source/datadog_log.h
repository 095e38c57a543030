#pragma once
/// Logs of Datadog's CloudTrail pipeline that no longer hold the record as it was. Internal to src/source.
///
///     {"date":"2026-03-02T09:00:00.000Z","attributes":{"evt":{"name":"ListSecrets"},"error":{"kind":"AccessDenied"},
///      "network":{"client":{"ip":"203.0.113.7"}},"userIdentity":{"arn":"..."},"awsRegion":"us-east-1"}}
///
/// The pipeline gives some members Datadog's standard names and leaves the others alone. They get their own names back.

#include <optional>
#include <string>

#include "base/json_value.h"

namespace trailhound::source {

/// The record as JSON text; nothing if the attributes are not those of a CloudTrail event, or no time is known. `log`
/// is what holds them, itself if they stand at its top.
[[nodiscard]] std::optional<std::string> record_of_datadog_log(json::Value log, json::Value attributes);

}  // namespace trailhound::source
