#pragma once
/// TOML without its long texts: the reader of TOML looks at every character for long, and most of a rule file is prose.
///
///     const TomlOutline outline = outline_of(text);
///     const toml::table table = toml::parse(outline.text);        // every position is that of the file
///     const std::string_view* left_out = outline.find(offset);    // of a text's opening quotes
///
/// A text is left out if it runs over lines and its value is what stands between the quotes: without escapes, other
/// line ends and control characters. Of a file that is no TOML more or less may be left out, but nothing that is wrong
/// with it. Views point into the text. Inside src/rule only.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace trailhound::rule {

struct TomlOutline {
  std::string text;
  std::map<std::size_t, std::string_view> left_out;  ///< by offset of the opening quotes; the value, as TOML has it

  [[nodiscard]] const std::string_view* find(std::size_t offset) const {
    const auto found = left_out.find(offset);
    return found == left_out.end() ? nullptr : &found->second;
  }
};

[[nodiscard]] TomlOutline outline_of(std::string_view text);

}  // namespace trailhound::rule
