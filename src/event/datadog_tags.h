#pragma once
/// Tags of Datadog logs: names without "@" that are no reserved attribute. Hosts, integrations and people put them on;
/// of CloudTrail records only those exist that the pipeline sets.

#include <string_view>

namespace trailhound::event {

/// True for what can be a tag's key but is none of a CloudTrail record, such as `kube_cluster`: its column is absent
/// everywhere. Slips of known names and attributes that lack their "@" are none.
[[nodiscard]] bool is_foreign_datadog_tag(std::string_view name);

}  // namespace trailhound::event
