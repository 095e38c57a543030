#pragma once
/// The files of rules/ as they were when the program was built. Their table is made by cmake/embed.cmake.

#include <span>
#include <string_view>

namespace trailhound::rule {

struct ShippedFile {
  std::string_view name;  ///< "aws-secrets-denied-anomaly.yaml"
  std::string_view text;
};

/// In order of name; lives as long as the program.
[[nodiscard]] std::span<const ShippedFile> shipped_files();

}  // namespace trailhound::rule
