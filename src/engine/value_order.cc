#include "engine/value_order.h"

#include <algorithm>

#include "engine/version_order.h"

namespace trailhound::engine {

bool ValueOrder::operator()(const Scalar& a, const Scalar& b) const {
  if (type_ == event::LogicalType::version) {
    const auto* x = std::get_if<std::string_view>(&a);
    const auto* y = std::get_if<std::string_view>(&b);
    if (x != nullptr && y != nullptr) return version_sort_key(*x) < version_sort_key(*y);
  }
  if (type_ == event::LogicalType::unsigned_long) {
    const auto* x = std::get_if<std::int64_t>(&a);
    const auto* y = std::get_if<std::int64_t>(&b);
    if (x != nullptr && y != nullptr) return static_cast<std::uint64_t>(*x) < static_cast<std::uint64_t>(*y);
  }
  return a < b;
}

ValueSet::ValueSet(std::span<const Scalar> values) : sorted_(values.begin(), values.end()) {
  std::ranges::sort(sorted_, [](const Scalar& a, const Scalar& b) { return a < b; });
}

bool ValueSet::contains(const Scalar& value) const {
  return std::binary_search(sorted_.begin(), sorted_.end(), value,
                            [](const Scalar& a, const Scalar& b) { return a < b; });
}

std::vector<Scalar> distinct_values(std::span<const Scalar> values) {
  // Positions in order of value, then of appearance; the first of each run stays.
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<bool> repeated(values.size());
  for (std::size_t i = 1; i < order.size(); ++i) repeated[order[i]] = values[order[i]] == values[order[i - 1]];
  std::vector<Scalar> distinct;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!repeated[i]) distinct.push_back(values[i]);
  }
  return distinct;
}

}  // namespace trailhound::engine
