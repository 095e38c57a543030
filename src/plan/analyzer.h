#pragma once
/// Elasticsearch's standard analyzer, as the fields of type text are indexed with: a text becomes lower-case tokens.
///
///     analyze("AccessDenied: user.name is 'Bob'")      // accessdenied, user.name, is, bob
///
/// Letters and digits make tokens, `_` joins them; a single `.`, `'` or `:` between letters and a single `.`, `,`, `;`
/// or `'` between digits stays inside. Ideographs and Hiragana stand alone. Of the letters beyond ASCII all count as
/// letters that are no punctuation of the common blocks, which is simpler than Unicode's word boundaries.

#include <string>
#include <string_view>
#include <vector>

namespace trailhound::plan {

[[nodiscard]] std::vector<std::string> analyze(std::string_view text);

/// The tokens with one blank around each, " a b c ": a phrase is contained in it if it is one of the text. "" if there
/// is none.
[[nodiscard]] std::string analyzed_phrase(std::string_view text);

}  // namespace trailhound::plan
