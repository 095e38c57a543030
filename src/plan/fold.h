#pragma once
/// Case folding of text for patterns: one code point for one, so that `any_one` counts the same before and after.

#include <string>
#include <string_view>

namespace trailhound::plan {

[[nodiscard]] constexpr char fold_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
[[nodiscard]] std::string fold_ascii(std::string_view text);
/// Unicode's simple case folding; bytes that are not UTF-8 stay. "ß" stays "ß"; the Kelvin sign becomes "k".
[[nodiscard]] std::string fold_unicode(std::string_view text);
[[nodiscard]] bool is_ascii(std::string_view text);

}  // namespace trailhound::plan
