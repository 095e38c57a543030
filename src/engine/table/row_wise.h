#pragma once
/// Commands that look at one row at a time: filter, compute, project, expand. Inside src/engine, and for query workers.

#include <cstddef>
#include <memory>
#include <vector>

#include "base/arena.h"
#include "engine/table/table.h"

namespace trailhound::engine {

/// How many of the steps, from `first` on, look at one row at a time.
[[nodiscard]] std::size_t count_row_wise(const std::vector<plan::Pipeline::Step>& steps, std::size_t first);

/// The command as a sink in front of `next`, which must outlive it. REQUIRES: a row-wise command.
[[nodiscard]] std::unique_ptr<RowSink> make_row_wise(const plan::Pipeline::Step& step, const TableContext& context,
                                                     RowSink& next);

/// Evaluates an expression over a row and keeps account of multi-values that met single-value operators.
class RowEvaluator {
 public:
  explicit RowEvaluator(const TableContext& context) : context_(&context) {}
  [[nodiscard]] Values value(const plan::Expr& expression, const Row& row);
  [[nodiscard]] bool is_true(const plan::Expr& condition, const Row& row);

 private:
  const TableContext* context_;
  Arena arena_;
};

}  // namespace trailhound::engine
