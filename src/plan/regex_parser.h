#pragma once
/// Lucene's regular expression language, with all its optional operators. Inside src/plan only.
///
///     union = intersection [ "|" union ]     intersection = sequence [ "&" intersection ]
///     sequence = repetition [ sequence ]     repetition = complement { "?" | "*" | "+" | "{" n [ "," [ m ] ] "}" }
///     complement = "~" complement | "[" [ "^" ] classes "]" | simple
///     simple = "." | "#" (no text) | "@" (any text) | "\"" text "\"" | "(" [ union ] ")" | "<" n "-" m ">" | character
///
/// What stands where a `simple` has to begin and is none of these is a literal, be it `|`, `*` or `)`. There are no
/// anchors: a whole text matches or does not. `\d \D \s \S \w \W` are ASCII; a backslash before another letter is an
/// error, before anything else it makes it literal.

#include <string_view>

#include "base/result.h"
#include "plan/pattern.h"
#include "plan/regex_nodes.h"

namespace trailhound::plan {

/// `fold` makes single characters and quoted texts match in either case; ranges stay as they are, as in Lucene.
[[nodiscard]] Result<RegexNodes::Id> parse_regex(std::string_view text, Pattern::Fold fold, RegexNodes& nodes);

/// The characters that equal `code` when case is folded, itself among them.
[[nodiscard]] CodePointSet case_variants(CodePoint code, Pattern::Fold fold);

}  // namespace trailhound::plan
