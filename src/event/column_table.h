#pragma once
/// The parts that make up the catalog: one table a view. Inside src/event only.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/column.h"
#include "event/geo.h"

namespace trailhound::event {

/// The closed part of each view. Geo may be null.
[[nodiscard]] std::vector<Column> ecs_columns(const std::shared_ptr<const Geo>& geo);
[[nodiscard]] std::vector<Column> datadog_columns(const std::shared_ptr<const Geo>& geo);
[[nodiscard]] std::vector<Column> address_columns(const std::shared_ptr<const Geo>& geo);

/// Names of the open parts: nothing if the name does not belong to one.
[[nodiscard]] std::optional<Column> ecs_open_column(std::string_view name);      ///< aws.cloudtrail.flattened.…
[[nodiscard]] std::optional<Column> datadog_open_column(std::string_view name);  ///< @any.path
[[nodiscard]] std::optional<Column> raw_open_column(std::string_view name);      ///< any.path

}  // namespace trailhound::event
