#pragma once
/// What the lexers of EQL and ES|QL have in common: white space and comments, numbers, names in backquotes, raw
/// strings.
///
///     const Skipped blank = skip_blank(text, offset);
///     if (blank.unclosed) ...                          // "/* never closed" begins at blank.end
///     const NumberText number = number_at(text, blank.end);
///
/// Offsets are bytes in `text`; those given must lie in it.

#include <cstddef>
#include <string>
#include <string_view>

namespace trailhound::lang {

[[nodiscard]] constexpr bool is_line_end(char c) { return c == '\r' || c == '\n'; }
/// Where the line that `offset` lies in ends.
[[nodiscard]] std::size_t line_end_from(std::string_view text, std::size_t offset);

/// The first offset that is neither white space nor in a comment: `// to the end of the line`, `/* ... */`.
struct Skipped {
  std::size_t end = 0;
  bool unclosed = false;  ///< a comment begins at `end` that nothing closes
};
/// Comments nest; an opening in a comment that nothing closes is only text.
[[nodiscard]] Skipped skip_blank(std::string_view text, std::size_t offset);

/// `12`, `1.5`, `.5`, `1e-3`: `begin` is at the first digit or the point. A letter behind is no part of it.
struct NumberText {
  std::size_t end = 0;
  bool is_decimal = false;
};
[[nodiscard]] NumberText number_at(std::string_view text, std::size_t begin);

struct QuotedText {
  std::size_t end = std::string_view::npos;  ///< behind the closing mark; npos: nothing closes it
  std::string value;                         ///< what stands in between
};
/// A name in backquotes, in which two stand for one.
[[nodiscard]] QuotedText quoted_name_at(std::string_view text, std::size_t begin);
/// """...""" on one line, in which nothing is an escape; up to two quotes in front of the closing ones belong to it.
[[nodiscard]] QuotedText raw_string_at(std::string_view text, std::size_t begin);

}  // namespace trailhound::lang
