#pragma once
/// Case folding of text for patterns: one code point for one, so that `any_one` counts the same before and after.

#include <string>
#include <string_view>

namespace trailhound::plan {

/// Unicode's simple case folding; bytes that are not UTF-8 stay. "ß" stays "ß"; the Kelvin sign becomes "k".
[[nodiscard]] std::string fold_unicode(std::string_view text);
[[nodiscard]] bool is_ascii(std::string_view text);

}  // namespace trailhound::plan
