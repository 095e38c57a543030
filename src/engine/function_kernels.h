#pragma once
/// The kernels of plan::Function: one a row of plan/functions.def, in engine/functions_*.cc by family.
///
/// `coalesce` and `case_when` are not here: they choose which of their arguments is evaluated at all, so the evaluator
/// itself holds them.

#include "base/value.h"
#include "engine/function_call.h"
#include "plan/functions.h"

namespace trailhound::engine {

using Kernel = Cell (*)(const FunctionCall& call);

/// Null for the functions that the evaluator holds.
[[nodiscard]] Kernel kernel_of(plan::Function function);

namespace kernels {
#define FUNCTION(name, min_arguments, max_arguments, arguments, result) Cell name(const FunctionCall& call);
#include "plan/functions.def"
}  // namespace kernels

}  // namespace trailhound::engine
