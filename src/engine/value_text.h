#pragma once
/// The text of a value as ES|QL prints it: what TO_STRING gives and what results show.
///
/// Doubles have a digit on both sides of the point and an exponent from 10^7 up and below 10^-3 ("1.0", "1.0E10");
/// dates are ISO 8601 with three digits of a second and Z; unsigned_long reads all 64 bits. A date_nanos has nine
/// digits where results are shown, and as a string those up to the last that is not 0, but three at least.

#include <cstdint>
#include <string>

#include "base/value.h"
#include "event/column.h"

namespace trailhound::engine {

enum class NanoDigits : std::uint8_t { needed, nine };

void append_value_text(std::string& out, const Scalar& value, event::LogicalType type,
                       NanoDigits digits = NanoDigits::nine);
[[nodiscard]] std::string value_text(const Scalar& value, event::LogicalType type,
                                     NanoDigits digits = NanoDigits::nine);

}  // namespace trailhound::engine
