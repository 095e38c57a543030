// Multi-values.

#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {

Cell mv_count(const FunctionCall& call) { return Cell::one(static_cast<std::int64_t>(call.cell(0).size())); }

}  // namespace trailhound::engine::kernels
