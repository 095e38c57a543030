#pragma once
/// Values of ECS documents as the cells that rules see: what Elasticsearch's mapping makes of a field. Lists are
/// flattened, sorted and free of duplicates (doc values); keywords above their length limit are not there; objects
/// where a scalar is mapped give Cell::object().

#include <cstddef>
#include <string_view>

#include "base/arena.h"
#include "base/json_value.h"
#include "base/value.h"
#include "event/column.h"
#include "event/ecs_node.h"

namespace trailhound::event {

/// Limits in UTF-16 units, above which a keyword is not indexed.
inline constexpr std::size_t kKeywordLimit = 1024;
inline constexpr std::size_t kPayloadLimit = 8191;
inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

/// Cell of a cleaned value. Strings point into the record, other texts into `arena`.
[[nodiscard]] Cell ecs_cell(json::Value value, LogicalType type, std::size_t limit, Arena& arena);
/// Cell of a document's node, or absent for null; all texts are copied into `arena`.
[[nodiscard]] Cell ecs_cell(const Node* node, LogicalType type, std::size_t limit, Arena& arena);
/// Cell of a text that outlives the cell.
[[nodiscard]] Cell ecs_keyword(std::string_view text, std::size_t limit = kKeywordLimit);
/// Cell of a raw hot cell moved into a keyword field: the first cleanup and the limit are applied.
[[nodiscard]] Cell ecs_keyword(const Cell& hot, Arena& arena, std::size_t limit = kKeywordLimit);
/// The one text of a hot cell that survives the cleanup; empty if it has none or several.
[[nodiscard]] std::string_view ecs_single_text(const Cell& hot);

/// All leaves at a dotted path below a flattened field, as texts; every leaf below it if the path is empty. A dot may
/// be part of a member's name. Objects at the path are not there: only leaves are.
[[nodiscard]] Cell ecs_flattened(json::Value from, std::string_view path, Arena& arena);
/// The same for a document's node.
[[nodiscard]] Cell ecs_flattened(const Node& from, std::string_view path, Arena& arena);

/// The field of that name of a whole document, whose names may be nested, dotted or both. Values in lists and in lists
/// of objects are taken together.
[[nodiscard]] Cell ecs_field(json::Value document, std::string_view name, LogicalType type, std::size_t limit,
                             Arena& arena);

}  // namespace trailhound::event
