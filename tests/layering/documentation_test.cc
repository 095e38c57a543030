/// Holds the documentation to the code: every diagnostic code has an entry, every link between pages leads somewhere.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

const fs::path kRoot = TRAILHOUND_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_below(const fs::path& folder, const std::set<std::string>& extensions) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && extensions.contains(entry.path().extension())) files.push_back(entry.path());
  }
  return files;
}

/// Every "TH" with four digits that stands between `before` and `after`.
std::set<std::string> codes_of(const std::string& text, char before, char after) {
  std::set<std::string> codes;
  for (std::size_t at = text.find("TH"); at != std::string::npos; at = text.find("TH", at + 1)) {
    if (at == 0 || text[at - 1] != before || at + 6 >= text.size() || text[at + 6] != after) continue;
    const std::string code = text.substr(at, 6);
    bool digits = true;
    for (std::size_t i = 2; i < 6; ++i) digits = digits && std::isdigit(static_cast<unsigned char>(code[i])) != 0;
    if (digits) codes.insert(code);
  }
  return codes;
}

TEST(Documentation, EveryDiagnosticCodeHasAnEntryAndEveryEntryACode) {
  std::set<std::string> used;
  for (const fs::path& path : files_below(kRoot / "src", {".cc", ".h"})) used.merge(codes_of(read(path), '"', '"'));
  std::set<std::string> documented;
  for (const fs::path& path : files_below(kRoot / "docs" / "diagnostics", {".md"})) {
    documented.merge(codes_of(read(path), ' ', ' '));
  }
  EXPECT_GT(used.size(), 50u) << "the sources were not found";
  std::vector<std::string> missing, stale;
  std::set_difference(used.begin(), used.end(), documented.begin(), documented.end(), std::back_inserter(missing));
  std::set_difference(documented.begin(), documented.end(), used.begin(), used.end(), std::back_inserter(stale));
  EXPECT_THAT(missing, IsEmpty()) << "codes without an entry in docs/diagnostics";
  EXPECT_THAT(stale, IsEmpty()) << "entries without a code in src";
}

/// The names between single backquotes of the form Suite.Test.
std::set<std::string> tests_named_in(const std::string& text) {
  const auto is_upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  std::set<std::string> names;
  for (std::size_t open = text.find('`'); open != std::string::npos;) {
    const std::size_t close = text.find('`', open + 1);
    if (close == std::string::npos) break;
    const std::string name = text.substr(open + 1, close - open - 1);
    const std::size_t dot = name.find('.');
    const bool one_dot = dot != std::string::npos && name.find('.', dot + 1) == std::string::npos;
    const bool is_word = name.find_first_of(" (/_*") == std::string::npos;
    if (one_dot && is_word && dot + 1 < name.size() && is_upper(name[0]) && is_upper(name[dot + 1])) names.insert(name);
    open = text.find('`', close + 1);
  }
  return names;
}

TEST(Documentation, DeviationsNameTestsThatExist) {
  std::string tests;
  for (const fs::path& path : files_below(kRoot / "tests", {".cc"})) tests += read(path);
  const auto named = tests_named_in(read(kRoot / "docs" / "elastic-deviations.md"));
  EXPECT_GT(named.size(), 10u);
  std::vector<std::string> missing;
  for (const std::string& name : named) {
    const std::size_t dot = name.find('.');
    const std::string arguments = "(" + name.substr(0, dot) + ", " + name.substr(dot + 1) + ")";
    if (tests.find(arguments) == std::string::npos) missing.push_back(name);
  }
  EXPECT_THAT(missing, IsEmpty());
}

TEST(Documentation, LinksBetweenPagesLeadSomewhere) {
  std::vector<fs::path> pages = files_below(kRoot / "docs", {".md"});
  for (const char* page : {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md"}) {
    pages.push_back(kRoot / page);
  }
  std::vector<std::string> broken;
  for (const fs::path& page : pages) {
    const std::string text = read(page);
    EXPECT_FALSE(text.empty()) << page;
    for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
      std::string target = text.substr(at + 2, text.find(')', at) - at - 2);
      target = target.substr(0, target.find('#'));
      if (target.empty() || target.find("://") != std::string::npos) continue;
      if (!fs::exists(page.parent_path() / target)) broken.push_back(page.filename().string() + ": " + target);
    }
  }
  EXPECT_THAT(broken, IsEmpty());
}

}  // namespace
