#include "engine/function_call.h"

#include <cmath>
#include <limits>

namespace trailhound::engine {

std::optional<double> FunctionCall::real(std::size_t i) const {
  const Scalar* value = scalar(i);
  if (value == nullptr) return std::nullopt;
  if (const auto* real = std::get_if<double>(value)) return *real;
  const auto* whole = std::get_if<std::int64_t>(value);
  if (whole == nullptr) return std::nullopt;
  if (type(i) == LogicalType::unsigned_long) return static_cast<double>(static_cast<std::uint64_t>(*whole));
  return static_cast<double>(*whole);
}

Cell FunctionCall::several_result(const std::vector<Scalar>& elements) const {
  if (elements.empty()) return Cell::null();
  if (elements.size() == 1) return Cell::one(elements.front());
  return Cell::several(context_.arena.copy(std::span<const Scalar>(elements)));
}

Cell FunctionCall::real_result(double real) const {
  if (std::isfinite(real)) return Cell::one(real);
  return fail(Failure::not_finite, std::isnan(real) ? "not a finite double number: NaN"
                                   : real > 0       ? "not a finite double number: Infinity"
                                                    : "not a finite double number: -Infinity");
}

Cell FunctionCall::overflow() const {
  switch (result()) {
    case LogicalType::integer:
      return fail(Failure::overflow, "integer overflow");
    case LogicalType::unsigned_long:
      return fail(Failure::overflow, "unsigned_long overflow");
    case LogicalType::date_nanos:
      return fail(Failure::overflow,
                  "Date nanos out of range.  Must be between 1970-01-01T00:00:00Z and 2262-04-11T23:47:16.854775807");
    default:
      return fail(Failure::overflow, "long overflow");
  }
}

Cell FunctionCall::whole_result(std::int64_t whole) const {
  const bool fits = result() != LogicalType::integer || (whole >= std::numeric_limits<std::int32_t>::min() &&
                                                         whole <= std::numeric_limits<std::int32_t>::max());
  return fits ? Cell::one(whole) : fail(Failure::overflow, "integer overflow");
}

Cell FunctionCall::fail(Failure failure, std::string_view message) const {
  warn(context_, expression_, failure, message);
  return Cell::null();
}

}  // namespace trailhound::engine
