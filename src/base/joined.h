#pragma once
/// Texts one behind the other: joined(std::vector<std::string>{"a", "b"}, ", ") is "a, b".

#include <string>
#include <string_view>

namespace trailhound {

/// `parts` is any range of strings or views.
template <class Parts>
[[nodiscard]] std::string joined(const Parts& parts, std::string_view separator) {
  std::string text;
  bool first = true;
  for (const std::string_view part : parts) {
    if (!first) text += separator;
    text += part;
    first = false;
  }
  return text;
}

}  // namespace trailhound
