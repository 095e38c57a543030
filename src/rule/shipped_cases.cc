#include "rule/shipped_cases.h"

#include "rule/shipped_files.h"

namespace trailhound::rule {

std::vector<ShippedText> shipped_cases() {
  std::vector<ShippedText> cases;
  for (const ShippedFile& file : shipped_files()) {
    if (file.name.ends_with(".cases")) cases.push_back({file.name, file.text});
  }
  return cases;
}

}  // namespace trailhound::rule
