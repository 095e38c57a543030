// Mathematics. What gives NaN or an infinity is null, with a warning.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

using plan::LogicalType;

template <class F>
Cell unary(const FunctionCall& call, F f) {
  const auto x = call.real(0);
  return x ? call.real_result(f(*x)) : Cell::null();
}
template <class F>
Cell binary(const FunctionCall& call, F f) {
  const auto x = call.real(0);
  const auto y = call.real(1);
  return x && y ? call.real_result(f(*x, *y)) : Cell::null();
}

/// Null with that message where `inside` does not hold for the argument.
template <class Inside, class F>
Cell unary_inside(const FunctionCall& call, std::string_view message, Inside inside, F f) {
  const auto x = call.real(0);
  if (!x) return Cell::null();
  return inside(*x) ? call.real_result(f(*x)) : call.fail(Failure::not_finite, message);
}

/// An overflow of sinh and cosh.
Cell hyperbolic(const FunctionCall& call, double value, std::string_view message) {
  return std::isfinite(value) ? Cell::one(value) : call.fail(Failure::not_finite, message);
}

/// Every element times the factor; what becomes infinite is left out, with a warning.
Cell each_scaled(const FunctionCall& call, double factor) {
  std::vector<Scalar> scaled;
  for (const Scalar& element : call.values(0)) {
    const auto* whole = std::get_if<std::int64_t>(&element);
    const auto* real = std::get_if<double>(&element);
    if (whole == nullptr && real == nullptr) continue;
    const bool is_unsigned = call.type(0) == LogicalType::unsigned_long;
    const double x = real          ? *real
                     : is_unsigned ? static_cast<double>(static_cast<std::uint64_t>(*whole))
                                   : static_cast<double>(*whole);
    if (std::isfinite(x * factor)) {
      scaled.emplace_back(x * factor);
    } else {
      (void)call.real_result(x * factor);
    }
  }
  return call.several_result(scaled);
}

bool is_ratio(double x) { return x >= -1 && x <= 1; }

/// Whole numbers and everything that is no double come back as they are.
bool is_real(const FunctionCall& call) { return call.get<double>(0).has_value(); }

/// Rounded to `decimals` (negative: tens, hundreds, ...), halves away from zero, of the product with the power of ten.
double round_real(double x, std::int64_t decimals) {
  if (decimals == 0) return std::round(x);
  const double scale = std::pow(10.0, static_cast<double>(decimals));
  if (scale == 0) return 0;
  const double scaled = x * scale;
  if (!std::isfinite(scaled)) return x;
  return std::round(scaled) / scale;
}

/// Elasticsearch rounds whole numbers to 0 where they have no more digits than are rounded away: 55 to hundreds is 0.
bool rounds_to_nothing(std::int64_t value, std::int64_t decimals) {
  if (value == 0) return true;
  const auto digits = static_cast<std::int64_t>(std::log10(std::fabs(static_cast<double>(value))) + 1);
  return digits <= -decimals;
}

Cell round_whole(const FunctionCall& call, std::int64_t value, std::int64_t decimals) {
  if (decimals >= 0) return Cell::one(value);
  const bool beyond_long = call.result() == LogicalType::unsigned_long && value < 0;
  if (!beyond_long && rounds_to_nothing(value, decimals)) return Cell::one(std::int64_t{0});
  if (call.result() == LogicalType::unsigned_long) {
    if (decimals < -19) return Cell::one(std::int64_t{0});
    std::uint64_t scale = 1;
    for (std::int64_t i = decimals; i < 0; ++i) scale *= 10;
    const auto number = static_cast<std::uint64_t>(value);
    const std::uint64_t rest = number % scale;
    std::uint64_t rounded = number - rest;
    if (rest >= scale - rest && __builtin_add_overflow(rounded, scale, &rounded)) {
      return call.fail(Failure::overflow, "unsigned_long overflow");
    }
    return Cell::one(static_cast<std::int64_t>(rounded));
  }
  if (decimals < -18) return Cell::one(std::int64_t{0});
  std::int64_t scale = 1;
  for (std::int64_t i = decimals; i < 0; ++i) scale *= 10;
  const std::int64_t rest = value % scale;
  std::int64_t rounded = value - rest;
  const std::int64_t size = rest < 0 ? -rest : rest;
  if (size >= scale - size && __builtin_add_overflow(rounded, value < 0 ? -scale : scale, &rounded)) {
    return call.fail(Failure::overflow, "long overflow");
  }
  return call.whole_result(rounded);
}

}  // namespace

Cell negate(const FunctionCall& call) {
  if (const auto whole = call.whole(0)) {
    std::int64_t result = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, *whole, &result)) return call.fail(Failure::overflow, "long overflow");
    return call.whole_result(result);
  }
  return unary(call, [](double x) { return -x; });
}

Cell abs(const FunctionCall& call) {
  const auto whole = call.whole(0);
  if (!whole) return unary(call, [](double x) { return std::fabs(x); });
  if (*whole >= 0 || call.type(0) == LogicalType::unsigned_long) return Cell::one(*whole);
  return negate(call);
}

Cell round(const FunctionCall& call) {
  const auto decimals = call.size() > 1 ? call.whole(1) : std::optional<std::int64_t>(0);
  if (!decimals) return Cell::null();
  if (const auto whole = call.whole(0)) return round_whole(call, *whole, *decimals);
  return unary(call, [&](double x) { return round_real(x, *decimals); });
}

Cell round_to(const FunctionCall& call) {
  const bool real = call.result() == LogicalType::real;
  const auto x = call.real(0);
  if (!x) return Cell::null();
  const auto at = [&](std::size_t i) { return call.scalar(i); };
  const auto less = [&](std::size_t a, std::size_t b) {
    const auto i = call.whole(a);
    const auto j = call.whole(b);
    return i && j ? *i < *j : *call.real(a) < *call.real(b);
  };
  std::size_t best = 0;      // the largest point that is not above the value
  std::size_t smallest = 1;  // what a value below all points becomes
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (!call.real(i)) return Cell::null();
    if (less(i, smallest)) smallest = i;
    if (!less(0, i) && (best == 0 || less(best, i))) best = i;
  }
  const std::size_t chosen = best == 0 ? smallest : best;
  return real ? Cell::one(*call.real(chosen)) : Cell::one(*at(chosen));
}

Cell bucket_number(const FunctionCall& call) {
  if (call.real(0) && call.real(1) == 0.0) return call.fail(Failure::division_by_zero);
  return binary(call, [](double x, double size) { return std::floor(x / size) * size; });
}

Cell ceil(const FunctionCall& call) {
  return is_real(call) ? unary(call, [](double x) { return std::ceil(x); }) : call.cell(0);
}
Cell floor(const FunctionCall& call) {
  return is_real(call) ? unary(call, [](double x) { return std::floor(x); }) : call.cell(0);
}
Cell signum(const FunctionCall& call) {
  return unary(call, [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; });
}
Cell sqrt(const FunctionCall& call) {
  return unary_inside(
      call, "Square root of negative", [](double x) { return x >= 0; }, [](double x) { return std::sqrt(x); });
}
Cell cbrt(const FunctionCall& call) {
  // In double, the library is off by one for some perfect cubes.
  return unary(call, [](double x) { return static_cast<double>(std::cbrt(static_cast<long double>(x))); });
}
Cell exp(const FunctionCall& call) {
  return unary(call, [](double x) { return std::exp(x); });
}
Cell log(const FunctionCall& call) {
  if (call.size() == 1) {
    return unary_inside(
        call, "Log of non-positive number", [](double x) { return x > 0; }, [](double x) { return std::log(x); });
  }
  const auto base = call.real(0);
  const auto x = call.real(1);
  if (!base || !x) return Cell::null();
  if (*base <= 0 || *x <= 0) return call.fail(Failure::not_finite, "Log of non-positive number");
  if (*base == 1) return call.fail(Failure::not_finite, "Log of base 1");
  return call.real_result(std::log10(*x) / std::log10(*base));
}
Cell log10(const FunctionCall& call) {
  return unary_inside(
      call, "Log of non-positive number", [](double x) { return x > 0; }, [](double x) { return std::log10(x); });
}
Cell pow(const FunctionCall& call) {
  return binary(call, [](double x, double y) { return std::pow(x, y); });
}
Cell hypot(const FunctionCall& call) {
  return binary(call, [](double x, double y) { return std::hypot(x, y); });
}
Cell sin(const FunctionCall& call) {
  return unary(call, [](double x) { return std::sin(x); });
}
Cell cos(const FunctionCall& call) {
  return unary(call, [](double x) { return std::cos(x); });
}
Cell tan(const FunctionCall& call) {
  return unary(call, [](double x) { return std::tan(x); });
}
Cell asin(const FunctionCall& call) {
  return unary_inside(call, "Asin input out of range", is_ratio, [](double x) { return std::asin(x); });
}
Cell acos(const FunctionCall& call) {
  return unary_inside(call, "Acos input out of range", is_ratio, [](double x) { return std::acos(x); });
}
Cell atan(const FunctionCall& call) {
  return unary(call, [](double x) { return std::atan(x); });
}
Cell atan2(const FunctionCall& call) {
  return binary(call, [](double y, double x) { return std::atan2(y, x); });
}
Cell sinh(const FunctionCall& call) {
  const auto x = call.real(0);
  return x ? hyperbolic(call, std::sinh(*x), "sinh overflow") : Cell::null();
}
Cell cosh(const FunctionCall& call) {
  const auto x = call.real(0);
  return x ? hyperbolic(call, std::cosh(*x), "cosh overflow") : Cell::null();
}
Cell tanh(const FunctionCall& call) {
  return unary(call, [](double x) { return std::tanh(x); });
}
Cell asinh(const FunctionCall& call) {
  return unary(call, [](double x) { return std::asinh(x); });
}
Cell acosh(const FunctionCall& call) {
  return unary_inside(
      call, "Acosh input out of range", [](double x) { return x >= 1; }, [](double x) { return std::acosh(x); });
}
Cell atanh(const FunctionCall& call) {
  return unary_inside(
      call, "Atanh input out of range", [](double x) { return x > -1 && x < 1; },
      [](double x) { return std::atanh(x); });
}
Cell to_degrees(const FunctionCall& call) { return each_scaled(call, 180.0 / std::numbers::pi); }
Cell to_radians(const FunctionCall& call) { return each_scaled(call, std::numbers::pi / 180.0); }

Cell copy_sign(const FunctionCall& call) {
  const auto sign = call.real(1);
  if (!sign) return Cell::null();
  const auto whole = call.whole(0);
  if (!whole) return unary(call, [&](double x) { return std::copysign(x, *sign); });
  if ((*whole < 0) == std::signbit(*sign)) return Cell::one(*whole);
  return negate(call);
}

Cell scalb(const FunctionCall& call) {
  const auto x = call.real(0);
  const auto exponent = call.whole(1);
  if (!x || !exponent) return Cell::null();
  const auto bounded = static_cast<int>(std::clamp<std::int64_t>(*exponent, -5000, 5000));
  return call.real_result(std::ldexp(*x, bounded));
}

}  // namespace trailhound::engine::kernels
