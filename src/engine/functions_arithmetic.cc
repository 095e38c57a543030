// + - * / %, over whole numbers of the result's width, over doubles, and over dates with fixed spans.

#include <cmath>
#include <limits>

#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

using plan::LogicalType;

// Each gives false where the result does not fit.
struct Add {
  template <class Whole>
  static bool whole(Whole a, Whole b, Whole& out) {
    return !__builtin_add_overflow(a, b, &out);
  }
  static double real(double a, double b) { return a + b; }
  static constexpr bool kDivides = false;
};
struct Subtract {
  template <class Whole>
  static bool whole(Whole a, Whole b, Whole& out) {
    return !__builtin_sub_overflow(a, b, &out);
  }
  static double real(double a, double b) { return a - b; }
  static constexpr bool kDivides = false;
};
struct Multiply {
  template <class Whole>
  static bool whole(Whole a, Whole b, Whole& out) {
    return !__builtin_mul_overflow(a, b, &out);
  }
  static double real(double a, double b) { return a * b; }
  static constexpr bool kDivides = false;
};
template <class Whole>
bool is_minus_one(Whole value) {
  return std::numeric_limits<Whole>::is_signed && value == static_cast<Whole>(-1);
}
struct Divide {
  template <class Whole>
  static bool whole(Whole a, Whole b, Whole& out) {
    if (is_minus_one(b)) return !__builtin_sub_overflow(Whole{0}, a, &out);
    out = a / b;
    return true;
  }
  static double real(double a, double b) { return a / b; }
  static constexpr bool kDivides = true;
};
struct Modulo {
  template <class Whole>
  static bool whole(Whole a, Whole b, Whole& out) {
    out = is_minus_one(b) ? Whole{0} : a % b;
    return true;
  }
  static double real(double a, double b) { return std::fmod(a, b); }
  static constexpr bool kDivides = true;
};

template <class Operation, class Whole>
Cell whole_arithmetic(const FunctionCall& call, Whole a, Whole b) {
  if (Operation::kDivides && b == 0) return call.fail(Failure::division_by_zero);
  Whole result = 0;
  if (!Operation::whole(a, b, result)) return call.overflow();
  // A date_nanos begins in 1970.
  if (call.result() == LogicalType::date_nanos && static_cast<std::int64_t>(result) < 0) return call.overflow();
  return call.whole_result(static_cast<std::int64_t>(result));
}

template <class Operation>
Cell arithmetic(const FunctionCall& call) {
  const auto i = call.whole(0);
  const auto j = call.whole(1);
  if (i && j) {
    if (call.result() != LogicalType::unsigned_long) return whole_arithmetic<Operation>(call, *i, *j);
    return whole_arithmetic<Operation>(call, static_cast<std::uint64_t>(*i), static_cast<std::uint64_t>(*j));
  }
  const auto x = call.real(0);
  const auto y = call.real(1);
  if (!x || !y) return Cell::null();
  if (Operation::kDivides && *y == 0) return call.fail(Failure::division_by_zero);
  return call.real_result(Operation::real(*x, *y));
}

}  // namespace

Cell add(const FunctionCall& call) { return arithmetic<Add>(call); }
Cell subtract(const FunctionCall& call) { return arithmetic<Subtract>(call); }
Cell multiply(const FunctionCall& call) { return arithmetic<Multiply>(call); }
Cell divide(const FunctionCall& call) { return arithmetic<Divide>(call); }
Cell modulo(const FunctionCall& call) { return arithmetic<Modulo>(call); }

}  // namespace trailhound::engine::kernels
