#include "text_case.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace trailhound::language_test {
namespace {

constexpr std::string_view kIndent = "  ";

bool is_directive(std::string_view line, std::size_t colon) {
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](unsigned char c) { return std::islower(c) != 0 || c == '-'; });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view TextCase::value(std::string_view directive) const {
  const auto found =
      std::find_if(directives.begin(), directives.end(), [&](const auto& item) { return item.first == directive; });
  return found == directives.end() ? std::string_view() : std::string_view(found->second);
}

bool TextCase::has(std::string_view directive) const {
  return std::any_of(directives.begin(), directives.end(), [&](const auto& item) { return item.first == directive; });
}

std::vector<std::string_view> TextCase::lines(std::string_view directive) const {
  std::vector<std::string_view> found;
  std::string_view rest = value(directive);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (!trimmed(rest.substr(0, end)).empty()) found.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

std::vector<TextCase> parse_cases(std::string_view text, const std::string& file) {
  std::vector<TextCase> cases;
  std::istringstream stream{std::string(text)};
  std::string line;
  const auto wrong = [&](int number, const std::string& why) {
    return std::runtime_error(file + ":" + std::to_string(number) + ": " + why);
  };
  for (int number = 1; std::getline(stream, line); ++number) {
    const bool inside = !cases.empty() && !cases.back().directives.empty();
    if (line.starts_with("---")) {
      cases.push_back({file, number, std::string(trimmed(std::string_view(line).substr(3))), {}});
    } else if (line.starts_with(kIndent) && inside) {
      std::string& value = cases.back().directives.back().second;
      if (!value.empty()) value += '\n';
      value += line.substr(kIndent.size());
    } else if (line.starts_with('#') || trimmed(line).empty()) {
      continue;
    } else if (const std::size_t colon = line.find(':'); is_directive(line, colon)) {
      if (cases.empty()) throw wrong(number, "a directive before the first case");
      cases.back().directives.emplace_back(line.substr(0, colon),
                                           std::string(trimmed(std::string_view(line).substr(colon + 1))));
    } else {
      throw wrong(number, "neither a case, a directive nor an indented line: " + line);
    }
  }
  std::set<std::string> names;
  for (const TextCase& one : cases) {
    if (!names.insert(one.name).second) throw wrong(one.line, "two cases of the name " + one.name);
  }
  return cases;
}

std::vector<TextCase> read_cases(const std::string& folder) {
  const std::filesystem::path path = std::filesystem::path(TRAILHOUND_SOURCE_DIR) / "tests/language" / folder;
  std::vector<std::filesystem::path> files;
  for (const auto& item : std::filesystem::directory_iterator(path)) {
    if (item.path().extension() == ".cases") files.push_back(item.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<TextCase> all;
  for (const auto& file : files) {
    std::ifstream stream(file);
    std::stringstream text;
    text << stream.rdbuf();
    for (TextCase& one : parse_cases(text.str(), folder + "/" + file.filename().string())) {
      all.push_back(std::move(one));
    }
  }
  return all;
}

void PrintTo(const TextCase& one, std::ostream* out) { *out << one.file << ':' << one.line; }

std::string test_name(const TextCase& one) {
  std::string name = std::filesystem::path(one.file).stem().string() + "_" + std::to_string(one.line) + "_" + one.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name.substr(0, 100);
}

}  // namespace trailhound::language_test
