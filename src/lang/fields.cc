#include "lang/fields.h"

namespace trailhound::lang {

Result<event::ColumnRef> EcsFields::find(std::string_view name) const { return catalog_.find(event::View::ecs, name); }

std::vector<std::string_view> EcsFields::names() const { return catalog_.names(event::View::ecs); }

}  // namespace trailhound::lang
