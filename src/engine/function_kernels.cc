#include "engine/function_kernels.h"

#include <array>

namespace trailhound::engine {

namespace {

constexpr auto kKernels = std::to_array<Kernel>({
#define FUNCTION(name, min_arguments, max_arguments, arguments, result) kernels::name,
#define LAZY_FUNCTION(name, min_arguments, max_arguments, result) nullptr,
#include "plan/functions.def"
});

}  // namespace

Kernel kernel_of(plan::Function function) { return kKernels[static_cast<std::size_t>(function)]; }

}  // namespace trailhound::engine
