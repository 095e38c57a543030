#pragma once
/// REPLACE's regular expressions, which are Java's, and its replacements.
///
///     TRY(auto regex, JavaRegex::compile("(?i)key=(\\w+)"));
///     auto replaced = regex.replace("KEY=a", "$1!", kMaxText);    // "a!"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/backtracking_regex.h"
#include "base/result.h"

namespace trailhound::plan {

class JavaRegex {
 public:
  [[nodiscard]] static Result<JavaRegex> compile(std::string_view pattern);

  /// Every match replaced, `$1` and `${name}` by groups, `\$` by `$`. Errors: a replacement that names no group, a
  /// result beyond `most` bytes, a search that takes too long.
  [[nodiscard]] Result<std::string> replace(std::string_view text, std::string_view replacement,
                                            std::size_t most) const;

 private:
  /// A literal, then a group (if `group` is one).
  struct Part {
    static constexpr std::size_t kNone = ~std::size_t{0};
    std::string literal;
    std::size_t group = kNone;
  };
  JavaRegex(BacktrackingRegex regex, std::vector<std::pair<std::string, std::size_t>> names)
      : regex_(std::move(regex)), names_(std::move(names)) {}
  [[nodiscard]] Result<std::vector<Part>> parts_of(std::string_view replacement) const;
  [[nodiscard]] Result<std::size_t> group_at(std::string_view replacement, std::size_t& at) const;

  BacktrackingRegex regex_;
  std::vector<std::pair<std::string, std::size_t>> names_;  ///< Java's name, number
};

}  // namespace trailhound::plan
