#pragma once
/// Regular expressions that need backtracking: look-around, possessive quantifiers, back references. The syntax is
/// PCRE2's, and this is the only place that knows the library; dialects (GROK's, Java's) are translated by those who
/// have them.
///
///     TRY(auto regex, BacktrackingRegex::compile("(?<a>\\d+)", {}));
///     if (regex.match(text, 0, groups) == BacktrackingRegex::Outcome::match) text.substr(groups[1].begin, ...)
///
/// A search is bounded in steps and memory: one that would take longer gives `gave_up`. Patterns and texts are UTF-8;
/// bytes of a text that are not match nothing. Immutable; may be used by several threads at once.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace trailhound {

class BacktrackingRegex {
 public:
  struct Options {
    bool multiline = false;               ///< ^ and $ at every line, as in Ruby
    bool only_named_groups = false;       ///< plain brackets capture nothing
    bool any_line_end = false;            ///< \r, \u0085, \u2028 ... end lines, as in Java; else \n alone
    bool dollar_at_very_end = false;      ///< $ not before a final line end
    std::size_t max_pattern = 64 * 1024;  ///< bytes
  };
  enum class Outcome : std::uint8_t { match, no_match, gave_up };
  struct Group {
    static constexpr std::size_t kUnset = ~std::size_t{0};
    std::size_t begin = kUnset;
    std::size_t end = kUnset;
    [[nodiscard]] bool is_set() const { return begin != kUnset; }
  };

  /// Errors: what is wrong with the pattern, and where: "at character 5".
  [[nodiscard]] static Result<BacktrackingRegex> compile(std::string_view pattern, const Options& options);

  /// The leftmost match at or behind `from`; `groups` then holds the whole match and each group. With `not_empty_at`
  /// an empty match at `from` itself does not count.
  [[nodiscard]] Outcome match(std::string_view text, std::size_t from, std::vector<Group>& groups,
                              bool not_empty_at_start = false) const;

  /// Groups without the whole match.
  [[nodiscard]] std::size_t group_count() const;
  /// Names with their group's number.
  [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> names() const;

 private:
  struct Code;
  explicit BacktrackingRegex(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

  std::shared_ptr<const Code> code_;
};

}  // namespace trailhound
