#pragma once
/// The text of a value as ES|QL prints it: what TO_STRING gives and what results show.
///
/// Doubles have a digit on both sides of the point and an exponent from 10^7 up and below 10^-3 ("1.0", "1.0E10");
/// dates are ISO 8601 with three digits of a second and Z, date_nanos with up to nine, as many as it needs;
/// unsigned_long reads all 64 bits.

#include <cstdint>
#include <string>

#include "base/value.h"
#include "event/column.h"

namespace trailhound::engine {

void append_value_text(std::string& out, const Scalar& value, event::LogicalType type);
[[nodiscard]] std::string value_text(const Scalar& value, event::LogicalType type);

}  // namespace trailhound::engine
