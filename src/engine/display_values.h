#pragma once
/// Values of typed columns as people and signals read them. Inside src/engine only.

#include "base/value.h"
#include "plan/expression.h"

namespace trailhound::engine {

/// Dates become RFC 3339 text, unsigned longs beyond the signed range their digits; the rest stays as it is.
[[nodiscard]] Values display_values(Values values, plan::LogicalType type);

[[nodiscard]] inline plan::LogicalType type_of(const plan::Expr& expression) {
  return expression ? expression->type : plan::LogicalType::any;
}

}  // namespace trailhound::engine
