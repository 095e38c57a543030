#pragma once
/// Lower case of ASCII letters, whatever the locale; all other bytes stay.

#include <algorithm>
#include <string>
#include <string_view>

namespace trailhound {

[[nodiscard]] constexpr char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

[[nodiscard]] inline std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return lower_ascii(c); });
  return lower;
}

}  // namespace trailhound
