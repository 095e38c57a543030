// EQL's own functions (plan/eql_text.h).

#include "engine/function_kernels.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plan/eql_text.h"

namespace trailhound::engine::kernels {
namespace {

namespace eql_text = plan::eql_text;

template <class T>
std::optional<T> argument(const FunctionCall& call, std::size_t index) {
  const Cell& cell = call.cell(index);
  if (!cell.is_single()) return std::nullopt;
  const T* value = std::get_if<T>(&cell.values()[0]);
  return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

/// A position: fractions are cut, as Java's intValue does.
std::optional<std::int64_t> position(const FunctionCall& call, std::size_t index) {
  if (const auto whole = argument<std::int64_t>(call, index)) return whole;
  const auto real = argument<double>(call, index);
  constexpr double kLargest = 9e15;
  if (!real || !(*real > -kLargest && *real < kLargest)) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

}  // namespace

Cell eql_length(const FunctionCall& call) {
  const auto text = argument<std::string_view>(call, 0);
  return text ? Cell::one(eql_text::length(*text)) : Cell::null();
}

Cell eql_index_of(const FunctionCall& call) {
  const auto text = argument<std::string_view>(call, 0);
  const auto part = argument<std::string_view>(call, 1);
  if (!text || !part) return Cell::null();
  const bool fold = argument<bool>(call, 3).value_or(false);
  const auto found = eql_text::index_of(*text, *part, position(call, 2).value_or(0), fold);
  return found ? Cell::one(*found) : Cell::null();
}

Cell eql_slice(const FunctionCall& call) {
  const auto text = argument<std::string_view>(call, 0);
  const auto start = position(call, 1);
  if (!text || !start) return Cell::null();
  return call.text_result(eql_text::slice(*text, *start, position(call, 2)));
}

Cell eql_between(const FunctionCall& call) {
  const auto text = argument<std::string_view>(call, 0);
  const auto left = argument<std::string_view>(call, 1);
  const auto right = argument<std::string_view>(call, 2);
  if (!text || !left || !right) return Cell::null();
  const bool greedy = argument<bool>(call, 3).value_or(false);
  const bool fold = argument<bool>(call, 4).value_or(false);
  const auto found = eql_text::between(*text, *left, *right, greedy, fold);
  return found ? call.text_result(*found) : Cell::null();
}

Cell eql_number(const FunctionCall& call) {
  const auto text = argument<std::string_view>(call, 0);
  if (!text) return Cell::null();
  const auto value = eql_text::number(*text, argument<std::int64_t>(call, 1));
  return value ? Cell::one(to_scalar(*value)) : Cell::null();
}

}  // namespace trailhound::engine::kernels
