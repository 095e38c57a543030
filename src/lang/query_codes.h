#pragma once
/// Codes of the findings about KQL and Lucene query strings. Stable: scripts and documentation refer to them.

#include <string_view>

namespace trailhound::lang::query_codes {

inline constexpr std::string_view kSyntax = "TH3501";          ///< text that the grammar does not expect here
inline constexpr std::string_view kTooComplex = "TH3502";      ///< a bound on length or depth was met
inline constexpr std::string_view kValue = "TH3503";           ///< a value that the field's type cannot read
inline constexpr std::string_view kFieldType = "TH3504";       ///< an operation that the field's type does not have
inline constexpr std::string_view kUnknownField = "TH3505";    ///< warning: no such field, the clause never matches
inline constexpr std::string_view kNotSupported = "TH3506";    ///< legal, but not supported
inline constexpr std::string_view kMixedOperators = "TH3507";  ///< warning: Lucene's AND and OR without parentheses
inline constexpr std::string_view kJoinedWords = "TH3508";     ///< warning: Lucene's words side by side are one text
inline constexpr std::string_view kQuotedStar = "TH3509";      ///< warning: a star in quotes, which is no wildcard

}  // namespace trailhound::lang::query_codes
