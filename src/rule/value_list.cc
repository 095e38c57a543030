#include "rule/value_list.h"

#include <filesystem>
#include <sstream>
#include <system_error>

#include "base/ascii.h"
#include "base/text_file.h"

namespace trailhound::rule {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxBytes = 4u << 20;
constexpr std::size_t kMaxValues = 100'000;

bool is_file_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find_first_of("/\\") == std::string_view::npos;
}

}  // namespace

Result<std::vector<std::string>> read_value_list(const std::string& rule_file, std::string_view list) {
  const std::string name(list);
  const auto missing = [&](std::string what) {
    return fail("the value list \"" + name + "\" " + std::move(what), {},
                "put its values beside the rule, in a file of that name with a value a line, or use --exclude");
  };
  if (!is_file_name(list)) return missing("has no name that a file can have");
  const fs::path path = fs::path(rule_file).parent_path() / name;
  std::error_code problem;
  if (!fs::is_regular_file(path, problem)) return missing("is not there");
  if (fs::file_size(path, problem) > kMaxBytes) return missing("is too long");
  auto text = read_text_file(path.string(), kMaxBytes);
  if (!text) return missing(text.error().what);
  std::istringstream lines(*std::move(text));
  std::vector<std::string> values;
  for (std::string line; std::getline(lines, line);) {
    const std::string_view value = trimmed(line);
    if (value.empty()) continue;
    if (values.size() == kMaxValues) return missing("is too long");
    values.emplace_back(value);
  }
  return values;
}

}  // namespace trailhound::rule
