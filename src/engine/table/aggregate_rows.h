#pragma once
/// STATS and INLINE STATS over a stream of rows. Inside src/engine only.

#include <memory>

#include "engine/table/table.h"

namespace trailhound::engine {

[[nodiscard]] std::unique_ptr<RowSink> make_aggregate(const plan::AggregateRows& command, const TableContext& context,
                                                      RowSink& next);
/// Holds all rows, on disk beyond memory.
[[nodiscard]] std::unique_ptr<RowSink> make_aggregate_inline(const plan::AggregateInline& command,
                                                             const TableContext& context, RowSink& next);

}  // namespace trailhound::engine
