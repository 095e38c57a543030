#pragma once
/// The test cases of the shipped rules, which are inside the program beside them.

#include <string_view>
#include <vector>

namespace trailhound::rule {

struct ShippedText {
  std::string_view name;  ///< file name, "aws-cli-discovery-burst.cases"
  std::string_view text;
};

[[nodiscard]] std::vector<ShippedText> shipped_cases();

}  // namespace trailhound::rule
