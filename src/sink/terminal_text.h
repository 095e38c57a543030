#pragma once
/// Text that came from a log, made fit for a terminal: no control characters, known width.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trailhound::sink {

/// Control characters, C1 controls, bidirectional overrides and invalid UTF-8 become U+FFFD; the rest stays.
[[nodiscard]] std::string printable(std::string_view text);
/// The same for a text of several lines, whose line breaks stay.
[[nodiscard]] std::string printable_lines(std::string_view text);
/// Columns that a printable text takes on a terminal.
[[nodiscard]] std::size_t display_width(std::string_view text);
/// Padded with blanks to `width` columns; longer texts are left whole.
[[nodiscard]] std::string pad_right(std::string_view text, std::size_t width);
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t width);
/// Broken at blanks into lines of at most `width` columns; a longer word has a line to itself and is never cut.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);
/// 812440 → "812,440"
[[nodiscard]] std::string with_commas(std::uint64_t n);
/// "1 region", "4 regions"
[[nodiscard]] std::string counted(std::uint64_t n, std::string_view noun);

}  // namespace trailhound::sink
