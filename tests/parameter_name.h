#pragma once
// Names of parametrised tests: the same at each run, and readable.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace trailhound {

/// "7_mv_count_1_2" of the case 7 about "(mv_count [1 2])": its number and what names may have of a text, at most 60
/// characters of it. For the last argument of INSTANTIATE_TEST_SUITE_P:
///
///     [](const auto& test) { return parameter_name(test.index, test.param.query); }
inline std::string parameter_name(std::size_t index, std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string name = std::to_string(index);
  bool gap = true;
  for (const char c : text.substr(0, std::min(text.size(), kMost))) {
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (allowed && gap) name += '_';
    if (allowed) name += c;
    gap = !allowed;
  }
  return name;
}

}  // namespace trailhound
