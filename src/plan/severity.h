#pragma once
/// How bad: the five levels that all rule languages share. Ordered.

#include <cstdint>
#include <optional>
#include <string_view>

namespace trailhound::plan {

enum class Severity : std::uint8_t { info, low, medium, high, critical };

[[nodiscard]] std::string_view name_of(Severity severity);  ///< "info" ... "critical"
[[nodiscard]] std::optional<Severity> severity_named(std::string_view name);

}  // namespace trailhound::plan
