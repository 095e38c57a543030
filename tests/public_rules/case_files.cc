#include "public_rules/case_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/diagnostics.h"

namespace trailhound {

namespace fs = std::filesystem;

std::vector<run::RuleCaseFile> read_case_files() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(TRAILHOUND_SOURCE_DIR) / "tests/public_rules")) {
    if (entry.path().extension() == ".cases") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<run::RuleCaseFile> files;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    Diagnostics diagnostics;
    auto cases = run::parse_rule_cases(text, path.filename().string(), diagnostics);
    for (const Diagnostic& finding : diagnostics.all()) ADD_FAILURE() << to_text(finding);
    if (cases) files.push_back(std::move(*cases));
  }
  return files;
}

std::string as_array(const std::string& records) {
  std::string array = "[" + records;
  while (array.back() == '\n') array.pop_back();
  std::ranges::replace(array, '\n', ',');
  return array + "]";
}

bool has_firing_case(const run::RuleCaseFile& file) {
  return std::ranges::any_of(file.cases, [](const run::RuleCase& c) { return !c.expects_none; });
}

bool has_silent_case(const run::RuleCaseFile& file) {
  return std::ranges::any_of(file.cases, [](const run::RuleCase& c) { return c.expects_none; });
}

}  // namespace trailhound
