#pragma once
/// EQL's text functions. They count as Java does: positions and lengths are in UTF-16 units, so that a character beyond
/// U+FFFF counts as two. What cuts such a character in two gets U+FFFD in its place.
///
/// `fold` compares without regard to case (Unicode's simple folding). Pure functions, for the engine and for constants.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/value.h"

namespace trailhound::plan::eql_text {

[[nodiscard]] std::int64_t length(std::string_view text);

/// Where `part` begins first at or after `start`; nothing if nowhere. An empty part is found at `start`.
[[nodiscard]] std::optional<std::int64_t> index_of(std::string_view text, std::string_view part, std::int64_t start,
                                                   bool fold);

/// As Python slices: negative positions count from the end, positions beyond an end stand for it.
[[nodiscard]] std::string slice(std::string_view text, std::int64_t start, std::optional<std::int64_t> end);

/// What stands between the first `left` and the next `right` (`greedy`: the last one); "" if one is missing; the text
/// itself if it, `left` or `right` is empty. Nothing if a greedy `right` ends before `left` does.
[[nodiscard]] std::optional<std::string> between(std::string_view text, std::string_view left, std::string_view right,
                                                 bool greedy, bool fold);

/// The number that a text spells: base 10 (also with a fraction or exponent) unless given; "0x" announces base 16.
/// Nothing if it spells none.
[[nodiscard]] std::optional<Value> number(std::string_view text, std::optional<std::int64_t> base);

}  // namespace trailhound::plan::eql_text
