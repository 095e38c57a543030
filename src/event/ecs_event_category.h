#pragma once
/// event.category and event.type of an ECS document: a table over the exact event name, whatever the service.

#include <span>
#include <string_view>

namespace trailhound::event {

struct EventCategory {
  std::string_view category;                ///< empty: the field is absent
  std::span<const std::string_view> types;  ///< one or two
};

/// For a name that the table does not know: no category and the type "info".
[[nodiscard]] EventCategory ecs_event_category(std::string_view event_name);

}  // namespace trailhound::event
