#pragma once
/// The case files of this folder.

#include <string>
#include <vector>

#include "run/rule_cases.h"

namespace trailhound {

/// All of them by name; what is wrong with one fails the current test.
[[nodiscard]] std::vector<run::RuleCaseFile> read_case_files();

/// JSON lines as a JSON array.
[[nodiscard]] std::string as_array(const std::string& records);

[[nodiscard]] bool has_firing_case(const run::RuleCaseFile& file);
[[nodiscard]] bool has_silent_case(const run::RuleCaseFile& file);

}  // namespace trailhound
