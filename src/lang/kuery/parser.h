#pragma once
/// Reads KQL. Inside src/lang/kuery and tests only.

#include <optional>
#include <string_view>

#include "lang/kuery/syntax.h"
#include "lang/reporter.h"

namespace trailhound::kuery {

inline constexpr std::size_t kMaxText = 256 * 1024;
inline constexpr int kMaxDepth = 100;  ///< of parentheses and braces

/// None if an error was reported.
[[nodiscard]] std::optional<Node> parse(std::string_view text, lang::Reporter& reporter);

}  // namespace trailhound::kuery
