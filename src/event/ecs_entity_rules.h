#pragma once
/// Which members of a record name entities, by the event's service and name: the tables behind ecs_entities.h.
///
/// Paths start at the record; "q." and "r." stand for requestParameters and responseElements, "[]" visits the elements
/// of a list. Several names or paths are separated by spaces.

#include <span>
#include <string_view>

namespace trailhound::event {

inline constexpr std::string_view kAccountPath = "recipientAccountId";
inline constexpr std::string_view kResourcesPath = "resources[].ARN";

/// Members that belong to related.entity for every event of a service.
struct EntityRelatedRule {
  std::string_view service;  ///< eventSource without ".amazonaws.com"
  std::string_view paths;
};
/// Members that are the targets of certain events.
struct EntityTargetRule {
  std::string_view service;
  std::string_view names;
  std::string_view paths;
};

[[nodiscard]] std::span<const EntityRelatedRule> entity_related_rules();
[[nodiscard]] std::span<const EntityTargetRule> entity_target_rules();

}  // namespace trailhound::event
