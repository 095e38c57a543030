/// Holds the folders of src to their order, and heavy headers out of ours.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// From the ground up: a folder may include itself and what stands before it.
const std::vector<std::string> kFolders = {"base",   "source", "event", "plan", "lang", "rule",
                                           "engine", "signal", "sink",  "run",  "cli"};
/// main.cc stands above all folders but sees only the topmost one.
constexpr std::string_view kMain = "main.cc";

/// Headers that cost seconds in every file that includes them: to be included by .cc files only.
const std::vector<std::string> kHeavy = {"simdjson.h", "toml++/", "yaml-cpp/", "fmt/", "ranges", "re2/", "CLI/"};

struct Include {
  std::string name;
  bool quoted = false;
  int line = 0;
};

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> includes;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view rest = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto skip_blanks = [&rest] { rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size())); };
    skip_blanks();
    if (!rest.starts_with('#')) continue;
    rest.remove_prefix(1);
    skip_blanks();
    if (!rest.starts_with("include")) continue;
    rest.remove_prefix(std::string_view("include").size());
    skip_blanks();
    if (rest.empty() || (rest.front() != '"' && rest.front() != '<')) continue;
    const bool quoted = rest.front() == '"';
    rest.remove_prefix(1);
    includes.push_back({std::string(rest.substr(0, rest.find(quoted ? '"' : '>'))), quoted, line});
  }
  return includes;
}

/// Height of a folder; -1 if it has no place in the order.
int height_of(std::string_view folder) {
  const auto at = std::find(kFolders.begin(), kFolders.end(), folder);
  return at == kFolders.end() ? -1 : static_cast<int>(at - kFolders.begin());
}

/// What is wrong with the includes of one file; `path` is relative to src.
std::vector<std::string> findings(const std::string& path, std::string_view text) {
  std::vector<std::string> wrong;
  const std::string folder = path.substr(0, path.find('/'));
  for (const Include& include : includes_of(text)) {
    const std::string where = "src/" + path + ":" + std::to_string(include.line) + ": ";
    if (path.ends_with(".h")) {
      for (const std::string& heavy : kHeavy) {
        if (include.name == heavy || (heavy.ends_with('/') && include.name.starts_with(heavy))) {
          wrong.push_back(where + "a header includes " + include.name);
        }
      }
    }
    if (!include.quoted) continue;
    const int included = height_of(include.name.substr(0, include.name.find('/')));
    if (included < 0) {
      wrong.push_back(where + include.name + " is below no folder of src");
    } else if (path == kMain ? kFolders[static_cast<std::size_t>(included)] != "cli" : included > height_of(folder)) {
      wrong.push_back(where + folder + " may not include " + include.name);
    }
  }
  return wrong;
}

TEST(Layering, EveryFileIncludesOnlyWhatIsBelowIt) {
  const fs::path root = fs::path(TRAILHOUND_SOURCE_DIR) / "src";
  std::vector<std::string> wrong;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    ++files;
    const std::string path = fs::relative(entry.path(), root).generic_string();
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (path != kMain && height_of(path.substr(0, path.find('/'))) < 0) wrong.push_back(path + " has no place");
    for (std::string& finding : findings(path, text)) wrong.push_back(std::move(finding));
  }
  EXPECT_GT(files, 100u) << "the sources were not found";
  EXPECT_THAT(wrong, IsEmpty());
}

// The checker itself, on texts that are wrong.

TEST(Layering, AnIncludeOfAFolderAboveIsFound) {
  EXPECT_THAT(findings("base/a.h", "#include <map>\n#include \"event/batch.h\"\n"),
              ElementsAre("src/base/a.h:2: base may not include event/batch.h"));
  EXPECT_THAT(findings("lang/datadog/a.cc", "  #  include \"rule/rule.h\"\n"),
              ElementsAre("src/lang/datadog/a.cc:1: lang may not include rule/rule.h"));
  EXPECT_THAT(findings("run/a.cc", "#include \"base/value.h\"\n#include \"run/scan.h\"\n"), IsEmpty());
}

TEST(Layering, MainSeesOnlyTheCommandLine) {
  EXPECT_THAT(findings("main.cc", "#include \"cli/commands.h\"\n"), IsEmpty());
  EXPECT_THAT(findings("main.cc", "#include \"base/result.h\"\n"),
              ElementsAre("src/main.cc:1: main.cc may not include base/result.h"));
}

TEST(Layering, HeavyLibrariesInHeadersAreFound) {
  const std::string text =
      "#include <simdjson.h>\n#include <toml++/toml.hpp>\n#include <fmt/format.h>\n"
      "#include <ranges>\n#include <re2/re2.h>\n#include <CLI/CLI.hpp>\n"
      "#include <yaml-cpp/yaml.h>\n";
  EXPECT_EQ(findings("base/a.h", text).size(), 7u);
  EXPECT_THAT(findings("base/a.cc", text), IsEmpty());
}

TEST(Layering, AFolderWithoutAPlaceIsFound) {
  EXPECT_THAT(findings("base/a.h", "#include \"helper.h\"\n"),
              ElementsAre("src/base/a.h:1: helper.h is below no folder of src"));
}

}  // namespace
