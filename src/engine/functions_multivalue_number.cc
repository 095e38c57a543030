// Multi-values of numbers: sums and quantiles. Whole numbers are worked with in 128 bits, so that only results
// overflow.

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

using LogicalType = plan::LogicalType;
__extension__ using Wide = __int128;

/// The values as whole numbers; empty if they are doubles.
std::vector<Wide> whole_numbers(const FunctionCall& call) {
  const bool is_unsigned = call.type(0) == LogicalType::unsigned_long;
  std::vector<Wide> numbers;
  for (const Scalar& value : call.values(0)) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole == nullptr) return {};
    numbers.push_back(is_unsigned ? static_cast<Wide>(static_cast<std::uint64_t>(*whole)) : static_cast<Wide>(*whole));
  }
  return numbers;
}

std::vector<double> real_numbers(const FunctionCall& call) {
  const bool is_unsigned = call.type(0) == LogicalType::unsigned_long;
  std::vector<double> numbers;
  for (const Scalar& value : call.values(0)) {
    if (const auto* real = std::get_if<double>(&value)) {
      numbers.push_back(*real);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      numbers.push_back(is_unsigned ? static_cast<double>(static_cast<std::uint64_t>(*whole))
                                    : static_cast<double>(*whole));
    }
  }
  return numbers;
}

Cell wide_result(const FunctionCall& call, Wide number) {
  switch (call.result()) {
    case LogicalType::integer:
      if (number < std::numeric_limits<std::int32_t>::min() || number > std::numeric_limits<std::int32_t>::max()) {
        return call.fail(Failure::overflow, "integer overflow");
      }
      break;
    case LogicalType::unsigned_long:
      if (number < 0 || number > std::numeric_limits<std::uint64_t>::max()) {
        return call.fail(Failure::overflow, "unsigned_long overflow");
      }
      break;
    default:
      if (number < std::numeric_limits<std::int64_t>::min() || number > std::numeric_limits<std::int64_t>::max()) {
        return call.fail(Failure::overflow, "long overflow");
      }
  }
  return Cell::one(static_cast<std::int64_t>(number));
}

/// A sum that carries along what rounding took away.
class CarefulSum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    if (std::isfinite(sum)) rest_ += std::abs(sum_) >= std::abs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
  }
  [[nodiscard]] double value() const { return sum_ + rest_; }

 private:
  double sum_ = 0;
  double rest_ = 0;
};

double sum_of(const std::vector<double>& numbers) {
  CarefulSum sum;
  for (const double number : numbers) sum.add(number);
  return sum.value();
}

template <class Number>
struct Middle {
  Number low;
  Number high;
};
/// The two in the middle of the order; twice the same if there is one.
template <class Number>
Middle<Number> middle_of(std::vector<Number>& numbers) {
  std::ranges::sort(numbers);
  const std::size_t upper = numbers.size() / 2;
  return {numbers[numbers.size() % 2 == 1 ? upper : upper - 1], numbers[upper]};
}

Wide half_rounded_down(Wide sum) { return sum >= 0 ? sum / 2 : -((-sum + 1) / 2); }

}  // namespace

Cell mv_sum(const FunctionCall& call) {
  const auto whole = whole_numbers(call);
  if (whole.empty()) return call.real_result(sum_of(real_numbers(call)));
  Wide sum = 0;
  for (const Wide number : whole) sum += number;
  return wide_result(call, sum);
}

Cell mv_avg(const FunctionCall& call) {
  const auto numbers = real_numbers(call);
  return numbers.empty() ? Cell::null() : call.real_result(sum_of(numbers) / static_cast<double>(numbers.size()));
}

Cell mv_median(const FunctionCall& call) {
  if (auto whole = whole_numbers(call); !whole.empty()) {
    const auto middle = middle_of(whole);
    return wide_result(call, half_rounded_down(middle.low + middle.high));
  }
  auto numbers = real_numbers(call);
  if (numbers.empty()) return Cell::null();
  const auto middle = middle_of(numbers);
  return call.real_result(numbers.size() % 2 == 1 ? middle.high : (middle.low + middle.high) / 2);
}

Cell mv_median_absolute_deviation(const FunctionCall& call) {
  if (auto whole = whole_numbers(call); !whole.empty()) {
    const auto middle = middle_of(whole);
    const Wide median = (middle.low + middle.high) / 2;  // towards zero
    for (Wide& number : whole) number = number > median ? number - median : median - number;
    const auto deviation = middle_of(whole);
    return wide_result(call, (deviation.low + deviation.high) / 2);
  }
  auto numbers = real_numbers(call);
  if (numbers.empty()) return Cell::null();
  const auto median_of = [](std::vector<double>& of) {
    const auto middle = middle_of(of);
    return of.size() % 2 == 1 ? middle.high : middle.low / 2 + middle.high / 2;
  };
  const double median = median_of(numbers);
  for (double& number : numbers) number = std::abs(number - median);
  return call.real_result(median_of(numbers));
}

Cell mv_percentile(const FunctionCall& call) {
  const auto percentile = call.real(1);
  if (!percentile) return Cell::null();
  if (!(*percentile >= 0 && *percentile <= 100)) {
    return call.fail(Failure::argument, "Percentile parameter must be a number between 0 and 100");
  }
  const double place = *percentile / 100.0 * static_cast<double>(call.cell(0).size() - 1);
  const auto lower = static_cast<std::size_t>(place);
  const std::size_t upper = std::min(lower + 1, call.cell(0).size() - 1);
  const double fraction = place - static_cast<double>(lower);
  if (auto whole = whole_numbers(call); !whole.empty()) {
    std::ranges::sort(whole);
    const auto difference = static_cast<long double>(whole[upper] - whole[lower]);
    return wide_result(call, whole[lower] + static_cast<Wide>(static_cast<long double>(fraction) * difference));
  }
  auto numbers = real_numbers(call);
  if (numbers.size() != call.cell(0).size()) return Cell::null();
  std::ranges::sort(numbers);
  const double low = numbers[lower];
  const double high = numbers[upper];
  // In this order the difference of far apart numbers does not overflow.
  if (low < 0 && high > 0) return call.real_result((low + fraction * high) - fraction * low);
  return call.real_result(low + fraction * (high - low));
}

Cell mv_pseries_weighted_sum(const FunctionCall& call) {
  const auto p = call.real(1);
  if (!p) return Cell::null();
  CarefulSum sum;
  double place = 1;
  for (const double number : real_numbers(call)) sum.add(number / std::pow(place++, *p));
  if (!std::isfinite(sum.value())) return call.fail(Failure::overflow, "double overflow");
  return Cell::one(sum.value());
}

}  // namespace trailhound::engine::kernels
