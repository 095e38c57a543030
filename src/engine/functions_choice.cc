// Choices by order. Arguments are of one type: what differs was converted before.

#include "engine/function_kernels.h"
#include "engine/scalar_kernels.h"

namespace trailhound::engine::kernels {
namespace {

bool is_less(const FunctionCall& call, const Scalar& a, const Scalar& b) {
  return order(domain_for(call.result()), a, b) < 0;
}

Cell extreme(const FunctionCall& call, bool greatest_wanted) {
  const Scalar* best = nullptr;
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (!call.cell(i).has_values()) return Cell::null();
    for (const Scalar& value : call.values(i)) {
      if (best == nullptr || (greatest_wanted ? is_less(call, *best, value) : is_less(call, value, *best)))
        best = &value;
    }
  }
  return best == nullptr ? Cell::null() : Cell::one(*best);
}

// NOLINTBEGIN(clang-analyzer-core.uninitialized.UndefReturn): these functions are called with single values only
const Scalar& at_least(const FunctionCall& call, const Scalar& value, std::size_t bound) {
  return is_less(call, value, *call.scalar(bound)) ? *call.scalar(bound) : value;
}
const Scalar& at_most(const FunctionCall& call, const Scalar& value, std::size_t bound) {
  return is_less(call, *call.scalar(bound), value) ? *call.scalar(bound) : value;
}
// NOLINTEND(clang-analyzer-core.uninitialized.UndefReturn)

}  // namespace

Cell greatest(const FunctionCall& call) { return extreme(call, true); }
Cell least(const FunctionCall& call) { return extreme(call, false); }

Cell clamp(const FunctionCall& call) { return Cell::one(at_most(call, at_least(call, *call.scalar(0), 1), 2)); }
Cell clamp_min(const FunctionCall& call) { return Cell::one(at_least(call, *call.scalar(0), 1)); }
Cell clamp_max(const FunctionCall& call) { return Cell::one(at_most(call, *call.scalar(0), 1)); }

}  // namespace trailhound::engine::kernels
