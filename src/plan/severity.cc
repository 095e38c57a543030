#include "plan/severity.h"

#include <array>

namespace trailhound::plan {

namespace {

constexpr std::array<std::string_view, 5> kSeverityNames{"info", "low", "medium", "high", "critical"};

}  // namespace

std::string_view name_of(Severity severity) { return kSeverityNames[static_cast<std::size_t>(severity)]; }

std::optional<Severity> severity_named(std::string_view name) {
  for (std::size_t i = 0; i < kSeverityNames.size(); ++i) {
    if (kSeverityNames[i] == name) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

}  // namespace trailhound::plan
