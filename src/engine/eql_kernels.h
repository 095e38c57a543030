#pragma once
/// Kernels of EQL's own functions (plan/eql_text.h).

#include "engine/function_kernels.h"

namespace trailhound::engine {

/// Null for functions that are not EQL's.
[[nodiscard]] Kernel eql_kernel_of(plan::Function function);

}  // namespace trailhound::engine
