#pragma once
/// Kleene's three truth values, ordered so that `and` is the minimum and `or` the maximum.

#include <algorithm>
#include <cstdint>

namespace trailhound {

enum class Truth : std::uint8_t { no, unknown, yes };

[[nodiscard]] constexpr Truth truth_of(bool b) { return b ? Truth::yes : Truth::no; }
[[nodiscard]] constexpr Truth operator&(Truth a, Truth b) { return std::min(a, b); }
[[nodiscard]] constexpr Truth operator|(Truth a, Truth b) { return std::max(a, b); }
[[nodiscard]] constexpr Truth operator!(Truth a) {
  return a == Truth::unknown ? a : (a == Truth::yes ? Truth::no : Truth::yes);
}

}  // namespace trailhound
