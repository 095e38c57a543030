#pragma once
/// The regular expressions of Elastic's languages, which are Lucene's: ES|QL's RLIKE, EQL's `regex` and `regex~`, and
/// `/.../` in Lucene queries.
///
///     TRY(auto pattern, lucene_regex("arn:aws:iam::[0-9]{12}:.*"));
///
/// Grammar and meaning: plan/regex_parser.h. The whole value must match; there are no anchors, no look-around, no
/// `(?i)`, and `" @ # & < > ~` are operators unless a backslash stands before them. Errors: wrong syntax, or an
/// expression whose automaton would be too large.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/pattern.h"

namespace trailhound::lang {

enum class Case : std::uint8_t { sensitive, insensitive };

/// Insensitive, each single character matches in any case of Unicode's; ranges such as `[a-f]` stay as they are.
[[nodiscard]] inline Result<plan::Pattern> lucene_regex(std::string_view text, Case letters = Case::sensitive) {
  const auto fold = letters == Case::insensitive ? plan::Pattern::Fold::unicode : plan::Pattern::Fold::none;
  return plan::Pattern::regular(std::string(text), fold);
}

}  // namespace trailhound::lang
