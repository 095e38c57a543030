#pragma once
/// GROK patterns: regular expressions with named captures, in which %{NAME} stands for a pattern of a library.
///
///     %{IP}                  one of the library's patterns, captured nowhere
///     %{IP:client}           captured into the column client
///     %{NUMBER:status:int}   ... as an integer; also long, float, double, boolean
///     (?<client.name>\w+)    a capture of its own; names may hold dots
///
/// The expression is searched for anywhere in the text; dot does not match a newline; ^ and $ are at every line.

#include <string>
#include <string_view>
#include <vector>

#include "base/backtracking_regex.h"
#include "base/result.h"
#include "event/column.h"

namespace trailhound::plan {

/// A pattern in the syntax of base/backtracking_regex.h, with the options below.
struct GrokRegex {
  struct Capture {
    std::string name;
    event::LogicalType type = event::LogicalType::keyword;
  };
  std::string text;
  std::vector<Capture> captures;  ///< of group i + 1; several may have one name
};

inline constexpr BacktrackingRegex::Options kGrokOptions{.multiline = true, .only_named_groups = true};

[[nodiscard]] Result<GrokRegex> translate_grok(std::string_view pattern);

}  // namespace trailhound::plan
