// Multi-values: choosing, ordering and joining their values.

#include <algorithm>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "engine/function_kernels.h"
#include "engine/value_order.h"

namespace trailhound::engine::kernels {

namespace {

constexpr std::size_t kMostJoinedBytes = 1024 * 1024;
constexpr std::size_t kMostValues = 1024 * 1024;

}  // namespace

Cell mv_count(const FunctionCall& call) { return Cell::one(static_cast<std::int64_t>(call.cell(0).size())); }

Cell mv_first(const FunctionCall& call) { return Cell::one(call.values(0).front()); }
Cell mv_last(const FunctionCall& call) { return Cell::one(call.values(0).back()); }

Cell mv_min(const FunctionCall& call) {
  return Cell::one(*std::ranges::min_element(call.values(0), ValueOrder(call.type(0))));
}
Cell mv_max(const FunctionCall& call) {
  return Cell::one(*std::ranges::max_element(call.values(0), ValueOrder(call.type(0))));
}

Cell mv_sort(const FunctionCall& call) {
  bool descending = false;
  if (call.size() > 1) {
    const auto order = call.text(1);
    if (!order) return Cell::null();
    const std::string lower = lower_ascii(*order);
    descending = lower == "desc";
    if (!descending && lower != "asc") return call.fail(Failure::argument, "the order must be ASC or DESC");
  }
  std::vector<Scalar> sorted(call.values(0).begin(), call.values(0).end());
  std::ranges::stable_sort(sorted, ValueOrder(call.type(0)));
  if (descending) std::ranges::reverse(sorted);
  return call.several_result(sorted);
}

Cell mv_dedupe(const FunctionCall& call) { return call.several_result(distinct_values(call.values(0))); }

Cell mv_slice(const FunctionCall& call) {
  const auto count = static_cast<std::int64_t>(call.cell(0).size());
  const auto first = call.whole(1);
  const auto last = call.size() > 2 ? call.whole(2) : first;
  if (!first || !last) return Cell::null();
  if (*first > *last) return call.fail(Failure::argument, "Start offset is greater than end offset");
  if (*first < 0 && *last >= 0) {
    return call.fail(Failure::argument, "Start and end offset have different signs");
  }
  const std::int64_t shift = *first < 0 ? count : 0;
  const std::int64_t from = std::max<std::int64_t>(*first + shift, 0);
  const std::int64_t to = std::min(*last + shift, count - 1);
  if (from >= count || to < 0) return Cell::null();
  return Cell::several(call.values(0).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from + 1)));
}

Cell mv_concat(const FunctionCall& call) {
  const auto separator = call.text(1);
  if (!separator) return Cell::null();
  std::string joined;
  bool first = true;
  for (const Scalar& value : call.values(0)) {
    if (!std::exchange(first, false)) joined += *separator;
    if (const auto* text = std::get_if<std::string_view>(&value)) joined += *text;
    if (joined.size() > kMostJoinedBytes) {
      return call.fail(Failure::argument, "concatenating more than [1048576] bytes is not supported");
    }
  }
  return call.text_result(joined);
}

Cell mv_append(const FunctionCall& call) {
  if (!call.cell(0).has_values() || !call.cell(1).has_values()) return Cell::null();
  if (call.values(0).size() + call.values(1).size() > kMostValues) {
    return call.fail(Failure::argument, "more than [1048576] values are not supported");
  }
  std::vector<Scalar> all(call.values(0).begin(), call.values(0).end());
  all.insert(all.end(), call.values(1).begin(), call.values(1).end());
  return call.several_result(all);
}

Cell mv_zip(const FunctionCall& call) {
  std::string_view separator = ",";
  if (call.size() > 2) {
    const auto given = call.text(2);
    if (call.cell(2).size() > 1) return call.fail(Failure::several_values);
    if (!given) return Cell::null();
    separator = *given;
  }
  const auto left = call.values(0);
  const auto right = call.values(1);
  std::vector<Scalar> pairs;
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    if (i >= right.size() || i >= left.size()) {
      pairs.push_back(i < left.size() ? left[i] : right[i]);
      continue;
    }
    std::string pair = to_text(left[i]);
    pair += separator;
    pair += to_text(right[i]);
    pairs.emplace_back(call.arena().copy(std::string_view(pair)));
  }
  return call.several_result(pairs);
}

// ---- as sets --------------------------------------------------------------------------------------------------------

Cell mv_contains(const FunctionCall& call) {
  const ValueSet set(call.values(0));
  return Cell::one(std::ranges::all_of(call.values(1), [&](const Scalar& value) { return set.contains(value); }));
}

Cell mv_intersects(const FunctionCall& call) {
  const ValueSet set(call.values(0));
  return Cell::one(std::ranges::any_of(call.values(1), [&](const Scalar& value) { return set.contains(value); }));
}

Cell mv_intersection(const FunctionCall& call) {
  const ValueSet set(call.values(1));
  std::vector<Scalar> common = distinct_values(call.values(0));
  std::erase_if(common, [&](const Scalar& value) { return !set.contains(value); });
  return call.several_result(common);
}

Cell mv_union(const FunctionCall& call) {
  std::vector<Scalar> all(call.values(0).begin(), call.values(0).end());
  all.insert(all.end(), call.values(1).begin(), call.values(1).end());
  return call.several_result(distinct_values(all));
}

Cell mv_difference(const FunctionCall& call) {
  const ValueSet set(call.values(1));
  std::vector<Scalar> left = distinct_values(call.values(0));
  std::erase_if(left, [&](const Scalar& value) { return set.contains(value); });
  return call.several_result(left);
}

}  // namespace trailhound::engine::kernels
