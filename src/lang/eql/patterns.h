#pragma once
/// What EQL's wildcards become.

#include <string_view>

#include "plan/pattern.h"

namespace trailhound::eql {

/// `:` and like: `*` is any run, `?` any character, everything else (a backslash too) itself.
[[nodiscard]] plan::Pattern wildcard_pattern(std::string_view text, plan::Pattern::Fold fold);
[[nodiscard]] bool has_wildcard(std::string_view text);

/// The text of a Lucene wildcard query, as stringContains and endsWith with a constant build it without escaping:
/// `\` makes the next character itself, at the end it is itself. `leading` and `trailing` add a run.
[[nodiscard]] plan::Pattern lucene_wildcard(std::string_view text, plan::Pattern::Fold fold, bool leading,
                                            bool trailing);

/// The text itself, folded.
[[nodiscard]] plan::Pattern exact_pattern(std::string_view text, plan::Pattern::Fold fold);
[[nodiscard]] plan::Pattern prefix_pattern(std::string_view text, plan::Pattern::Fold fold);

}  // namespace trailhound::eql
