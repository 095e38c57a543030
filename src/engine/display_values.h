#pragma once
/// Values of typed columns as people and signals read them.

#include <cstdint>
#include <string>

#include "base/value.h"
#include "plan/expression.h"

namespace trailhound::engine {

/// RFC 3339, of what a date (microseconds since the epoch) or date_nanos holds.
[[nodiscard]] std::string display_date(std::int64_t count, plan::LogicalType type);

/// Dates become RFC 3339 text, unsigned longs beyond the signed range their digits; the rest stays as it is.
[[nodiscard]] Values display_values(Values values, plan::LogicalType type);

[[nodiscard]] inline plan::LogicalType type_of(const plan::Expr& expression) {
  return expression ? expression->type : plan::LogicalType::any;
}

}  // namespace trailhound::engine
