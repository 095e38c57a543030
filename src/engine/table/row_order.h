#pragma once
/// Commands that order rows or keep the first ones: SORT, LIMIT, LIMIT BY, DEDUP. Inside src/engine only.

#include <memory>
#include <optional>

#include "engine/table/table.h"

namespace trailhound::engine {

/// Equal rows keep their order. `limit`: only the first ones will be asked for.
[[nodiscard]] std::unique_ptr<RowSink> make_sort(const plan::SortRows& command, std::optional<std::uint64_t> limit,
                                                 const TableContext& context, RowSink& next);
[[nodiscard]] std::unique_ptr<RowSink> make_limit(const plan::LimitRows& command, const TableContext& context,
                                                  RowSink& next);
[[nodiscard]] std::unique_ptr<RowSink> make_distinct(const plan::DistinctRows& command, const TableContext& context,
                                                     RowSink& next);

[[nodiscard]] std::unique_ptr<RowSink> make_sample(const plan::SampleRows& command, RowSink& next);

/// The sort key of a row, without what breaks ties.
void append_sort_keys(std::string& out, const Row& row, const plan::SortRows& sort);
/// Eight bytes that order as the number does.
void append_order(std::string& out, std::uint64_t number);

}  // namespace trailhound::engine
