#pragma once
/// The version of the program, as printed by --version and in reports.

#include <string_view>

namespace trailhound {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace trailhound
