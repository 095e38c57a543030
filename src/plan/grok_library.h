#pragma once
/// The named patterns that GROK knows: Elastic's "ECS v1" set, in definitions of our own. Inside src/plan only.

#include <string_view>
#include <utility>
#include <vector>

namespace trailhound::plan {

/// Null if there is none of that name. Names are case-sensitive.
[[nodiscard]] const std::string_view* grok_definition(std::string_view name);
/// All names with their definitions, sorted by name.
[[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& grok_definitions();

}  // namespace trailhound::plan
