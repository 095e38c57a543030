#pragma once
/// The kernels of plan::Function: one row a function, over whole cells. Pure functions of their arguments.
///
/// `coalesce` and `case_when` are not here: they choose which of their arguments is evaluated at all, so the evaluator
/// itself holds them.

#include <span>

#include "base/arena.h"
#include "base/value.h"
#include "plan/expression.h"
#include "plan/functions.h"

namespace trailhound::engine {

struct FunctionCall {
  std::span<const Cell> arguments;
  plan::LogicalType result = plan::LogicalType::any;          ///< `integer` overflows at 32 bits
  plan::LogicalType first_argument = plan::LogicalType::any;  ///< says whether an int64 is a date
  Arena& arena;
};
using Kernel = Cell (*)(const FunctionCall& call);

/// Null for the functions that the evaluator holds.
[[nodiscard]] Kernel kernel_of(plan::Function function);

}  // namespace trailhound::engine
