#pragma once
/// Codes of the findings about ES|QL text. Stable: scripts and documentation refer to them.

#include <string_view>

namespace trailhound::esql::codes {

inline constexpr std::string_view kLexical = "TH3001";          ///< characters that form no token
inline constexpr std::string_view kSyntax = "TH3002";           ///< a token the grammar does not expect here
inline constexpr std::string_view kTooComplex = "TH3003";       ///< a bound on depth or size was met
inline constexpr std::string_view kUnknownColumn = "TH3101";    ///< no column of that name
inline constexpr std::string_view kUnknownFunction = "TH3102";  ///< no function of that name
inline constexpr std::string_view kArgumentCount = "TH3103";    ///< too few or too many arguments
inline constexpr std::string_view kArgumentType = "TH3104";     ///< an argument of the wrong type
inline constexpr std::string_view kOperandTypes = "TH3105";     ///< operands that do not go together
inline constexpr std::string_view kConditionType = "TH3106";    ///< a condition that is not boolean
inline constexpr std::string_view kLiteral = "TH3107";          ///< a literal that cannot be read as the type needed
inline constexpr std::string_view kConstantNeeded = "TH3108";   ///< an argument that must be constant
inline constexpr std::string_view kAggregation = "TH3109";      ///< aggregates where they may not be, or the reverse
inline constexpr std::string_view kPattern = "TH3110";          ///< a LIKE, RLIKE, DISSECT or GROK pattern
inline constexpr std::string_view kRename = "TH3111";           ///< RENAME, KEEP or DROP that cannot be done
inline constexpr std::string_view kColumnType = "TH3112";       ///< a value that no column can hold (a time span)
inline constexpr std::string_view kMetadata = "TH3113";         ///< an unknown METADATA field
inline constexpr std::string_view kUnknownType = "TH3114";      ///< an unknown type name after `::`
inline constexpr std::string_view kValue = "TH3115";            ///< a value out of range: LIMIT -1
inline constexpr std::string_view kUnknownTable = "TH3116";     ///< a table, index or database that is not there
inline constexpr std::string_view kSearch = "TH3117";           ///< a search function where none may be
inline constexpr std::string_view kNotSupported = "TH3201";     ///< legal ES|QL that rules cannot use yet
inline constexpr std::string_view kWithoutEffect = "TH3202";    ///< warning: has no effect in a rule
inline constexpr std::string_view kShadowed = "TH3203";         ///< warning: two columns of one name, the last wins
inline constexpr std::string_view kEmptyRun = "TH3204";         ///< warning: runs without events give no row
inline constexpr std::string_view kDeprecated = "TH3205";       ///< warning: an old way to write something
inline constexpr std::string_view kRowsLeftOut = "TH3206";      ///< warning: a default limit cut the answer

}  // namespace trailhound::esql::codes
