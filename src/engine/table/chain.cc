#include "engine/table/chain.h"

#include <utility>

#include "engine/table/aggregate_rows.h"
#include "engine/table/row_order.h"
#include "engine/table/row_wise.h"

namespace trailhound::engine {
namespace {

std::unique_ptr<RowSink> make_sink(const std::vector<plan::Pipeline::Step>& steps, std::size_t at,
                                   const TableContext& context, RowSink& next) {
  const plan::TableCommand& command = steps[at].command;
  if (const auto* sort = std::get_if<plan::SortRows>(&command)) {
    return make_sort(*sort, limit_behind(steps, at), context, next);
  }
  if (const auto* limit = std::get_if<plan::LimitRows>(&command)) return make_limit(*limit, context, next);
  if (const auto* sample = std::get_if<plan::SampleRows>(&command)) return make_sample(*sample, next);
  if (const auto* distinct = std::get_if<plan::DistinctRows>(&command)) return make_distinct(*distinct, context, next);
  if (const auto* aggregate = std::get_if<plan::AggregateRows>(&command)) {
    return make_aggregate(*aggregate, context, next);
  }
  if (const auto* in_line = std::get_if<plan::AggregateInline>(&command)) {
    return make_aggregate_inline(*in_line, context, next);
  }
  return make_row_wise(steps[at], context, next);
}

}  // namespace

std::optional<std::uint64_t> limit_behind(const std::vector<plan::Pipeline::Step>& steps, std::size_t step) {
  for (std::size_t i = step + 1; i < steps.size(); ++i) {
    const plan::TableCommand& command = steps[i].command;
    if (const auto* limit = std::get_if<plan::LimitRows>(&command)) {
      return limit->keys.empty() ? std::optional(limit->count) : std::nullopt;
    }
    if (!std::holds_alternative<plan::ComputeColumns>(command) &&
        !std::holds_alternative<plan::ProjectColumns>(command)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

Chain::Chain(const std::vector<plan::Pipeline::Step>& steps, std::size_t first, std::size_t last,
             const TableContext& context, RowSink& end)
    : front_(&end) {
  for (std::size_t i = last; i-- > first;) {
    sinks_.push_back(make_sink(steps, i, context, *front_));
    front_ = sinks_.back().get();
  }
}

}  // namespace trailhound::engine
