#pragma once
/// The regular expressions of GROK (Ruby's, as Oniguruma reads them) and of REPLACE (Java's), rewritten for
/// base/backtracking_regex.h. Inside src/plan only, but for `replacement.h`.
///
///     translate_regex("(?<a.b>\\h+)", RegexDialect::ruby, {})   // "(?<n0>[0-9A-Fa-f]+)", names {"a.b"}
///
/// What the two spell alike passes as it is. What PCRE2 would read in another way is rewritten or refused: escapes such
/// as \h and \v, `(?m)`, nested brackets in classes, `&&`, `(?P<`, verbs, recursion.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound::plan {

enum class RegexDialect : std::uint8_t { ruby, java };

struct TranslatedRegex {
  std::string text;
  std::vector<std::string> names;  ///< names[i] is what the group "n<i>" was called; a name may come several times
};

/// The definition behind a name of `%{name:...}`; null if there is none. With no function `%{` has no meaning.
using PatternLibrary = std::function<const std::string_view*(std::string_view name)>;

[[nodiscard]] Result<TranslatedRegex> translate_regex(std::string_view text, RegexDialect dialect,
                                                      const PatternLibrary& library);

}  // namespace trailhound::plan
