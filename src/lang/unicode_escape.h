#pragma once
/// `\u00e9`, as KQL and Lucene query strings write a character.

#include <cstddef>
#include <string>
#include <string_view>

namespace trailhound::lang {

/// Reads the escape that `text` begins with, or the two of a surrogate pair, and appends the character; half a pair is
/// U+FFFD. The bytes read, 0 if there is none.
[[nodiscard]] std::size_t read_unicode_escape(std::string_view text, std::string& out);

}  // namespace trailhound::lang
