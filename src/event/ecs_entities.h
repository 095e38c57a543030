#pragma once
/// Actors and targets of an event as entity ids: who acted (user.entity.id, service.entity.id, ...), on what
/// (user.target.entity.id, ...), and everything else that the event names (related.entity).
///
/// Which members are read depends on the event's service and name; the tables are in the .cc. Like the pipeline's
/// script, a value of the wrong kind where a text is expected gives up on all entities of the event.

#include <set>
#include <string>
#include <string_view>

#include "event/ecs_node.h"
#include "event/ecs_source.h"
#include "event/java_text.h"

namespace trailhound::event {

struct Utf16Less {
  bool operator()(std::string_view a, std::string_view b) const { return utf16_less(a, b); }
};
/// Ids in Java's order.
using EntityIds = std::set<std::string_view, Utf16Less>;

enum class EntityClass { user, host, service, generic };

/// The class of a target by the form of its id: an ARN's resource type, or the prefix of a short id.
[[nodiscard]] EntityClass class_of_target(std::string_view id);
/// The class of the actor by the identity's type, else by the form of its id.
[[nodiscard]] EntityClass class_of_actor(std::string_view id, std::string_view identity_type);

/// Sets the entity fields of a document, or only one of them. False, and nothing set, if a value is not of the expected
/// kind. Does nothing for a record without eventName.
[[nodiscard]] bool set_ecs_entities(Node& document, const EcsSource& source, std::string_view only = {});

}  // namespace trailhound::event
