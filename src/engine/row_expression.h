#pragma once
/// Expressions over the result row of an aggregation, and what a rule's threshold looks like. Inside src/engine only.

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/value.h"
#include "plan/plan.h"

namespace trailhound::engine {

/// The row: measures in order, then key parts. None = null, several = a multi-value.
using Row = std::vector<Values>;

/// The value of an expression over the row, at a run at `run_time`.
[[nodiscard]] Values evaluate_on_row(const plan::Expr& expression, const Row& row, Instant run_time);
/// True only if the expression is (a null expression is).
[[nodiscard]] bool keeps_row(const plan::Expr& having, const Row& row, Instant run_time);

/// True if the expression reads the run's time, so that it may change while the row stays the same.
[[nodiscard]] bool uses_run_time(const plan::Expr& expression);

/// A conjunct of `having` of the form "measure > number".
struct RowNeed {
  std::uint32_t slot = 0;
  std::string name;
  double least = 0;     ///< the least value that satisfies it; of a measure that may be broken, in whole steps
  bool counts = false;  ///< the measure is a count: below `least` the row cannot pass
};
[[nodiscard]] std::vector<RowNeed> needs_of(const plan::Expr& having, const plan::RunAggregate& aggregate);

/// What there is to know of an aggregation's `having` once for all its rows.
struct RowThreshold {
  bool uses_run_time = false;
  std::vector<RowNeed> needs;
  std::vector<bool> decisive;  ///< one a measure: a count that a need asks for
};
[[nodiscard]] RowThreshold threshold_of(const plan::RunAggregate& aggregate);

}  // namespace trailhound::engine
