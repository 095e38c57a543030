#pragma once
/// A pipeline's commands, one behind the other. Inside src/engine, and for the driver of queries.
///
///     Chain chain(pipeline.steps, first, pipeline.steps.size(), context, result);
///     chain.front().add(row) ...; chain.front().finish();
///
/// Rows come out in the order in which they went in unless a SORT changes it; groups by first appearance.

#include <memory>
#include <vector>

#include "engine/table/table.h"

namespace trailhound::engine {

class Chain {
 public:
  /// Steps [first, last); `steps`, `context` and `end` must outlive the chain.
  Chain(const std::vector<plan::Pipeline::Step>& steps, std::size_t first, std::size_t last,
        const TableContext& context, RowSink& end);
  [[nodiscard]] RowSink& front() { return *front_; }

 private:
  std::vector<std::unique_ptr<RowSink>> sinks_;  ///< from the last command to the first
  RowSink* front_;
};

/// The LIMIT that a SORT at `step` is followed by, if only row-wise commands that keep every row lie between.
[[nodiscard]] std::optional<std::uint64_t> limit_behind(const std::vector<plan::Pipeline::Step>& steps,
                                                        std::size_t step);

}  // namespace trailhound::engine
