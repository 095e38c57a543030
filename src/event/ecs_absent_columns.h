#pragma once
/// Fields that ECS and the agent define but that documents of CloudTrail records never carry. Rules written for
/// several data sets name them; they are known, typed, and always absent.

#include <string>
#include <vector>

#include "event/column.h"

namespace trailhound::event {

struct AbsentField {
  std::string name;
  LogicalType type;
};

[[nodiscard]] std::vector<AbsentField> ecs_absent_fields();

}  // namespace trailhound::event
