#pragma once
/// Codes of the findings about EQL text. Stable: scripts and documentation refer to them.

#include <string_view>

namespace trailhound::eql::codes {

inline constexpr std::string_view kLexical = "TH3701";          ///< characters that form no token
inline constexpr std::string_view kSyntax = "TH3702";           ///< a token the grammar does not expect here
inline constexpr std::string_view kTooComplex = "TH3703";       ///< a bound on length, depth or number was met
inline constexpr std::string_view kUnknownField = "TH3711";     ///< no field of that name
inline constexpr std::string_view kUnknownFunction = "TH3712";  ///< no function of that name
inline constexpr std::string_view kArgumentCount = "TH3713";    ///< too few or too many arguments
inline constexpr std::string_view kType = "TH3714";             ///< operands or arguments of the wrong type
inline constexpr std::string_view kValue = "TH3715";            ///< a constant that cannot be read as the type needed
inline constexpr std::string_view kConstantNeeded = "TH3716";   ///< an argument that must be constant
inline constexpr std::string_view kPattern = "TH3717";          ///< a regular expression
inline constexpr std::string_view kSequence = "TH3718";         ///< a sequence or sample that makes no sense
inline constexpr std::string_view kNotSupported = "TH3721";     ///< EQL that rules cannot use
inline constexpr std::string_view kWithoutEffect = "TH3722";    ///< warning: has no effect in a rule

}  // namespace trailhound::eql::codes
