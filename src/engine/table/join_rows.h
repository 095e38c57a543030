#pragma once
/// LOOKUP JOIN and ENRICH: rows meet a table that is held in memory. Inside src/engine only.

#include <memory>

#include "engine/table/table.h"

namespace trailhound::engine {

[[nodiscard]] std::unique_ptr<RowSink> make_join(const plan::JoinRows& command, const TableContext& context,
                                                 RowSink& next);

}  // namespace trailhound::engine
