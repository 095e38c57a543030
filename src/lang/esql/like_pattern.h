#pragma once
/// LIKE's patterns: * any run, ? one character, \* \? \\ themselves; everything else is literal.

#include <string_view>

#include "base/result.h"
#include "plan/pattern.h"

namespace trailhound::esql {

/// Fails on a backslash before anything else.
[[nodiscard]] Result<plan::Pattern> like_pattern(std::string_view text);

}  // namespace trailhound::esql
