#include "engine/table/version_order.h"

#include <algorithm>

namespace trailhound::engine {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }
bool is_identifier(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

/// A number of any length: how many digits, then the digits.
void append_number(std::string& out, std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  const auto size = static_cast<unsigned char>(std::min<std::size_t>(digits.size(), 255));
  out += static_cast<char>(size);
  out += digits;
}

/// Calls `part` for each part between dots; false as soon as it gives false.
template <class Part>
bool each_part(std::string_view text, Part part) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!part(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string version_sort_key(std::string_view version) {
  constexpr char kVersion = 1, kOther = 2;           // what is no version comes last
  constexpr char kEnd = 1, kSegment = 2;             // fewer segments come first
  constexpr char kPreRelease = 1, kRelease = 2;      // and before them what comes before a release
  constexpr char kLast = 1, kNumber = 2, kText = 3;  // parts of a pre-release
  const auto other = [&] { return std::string(1, kOther) + std::string(version); };
  const std::string_view without_build = version.substr(0, version.find('+'));
  const std::size_t dash = without_build.find('-');
  std::string key(1, kVersion);
  const bool numbers = each_part(without_build.substr(0, dash), [&](std::string_view part) {
    key += kSegment;
    append_number(key, part);
    return is_number(part);
  });
  if (!numbers) return other();
  key += kEnd;
  if (dash == std::string_view::npos) {
    key += kRelease;
  } else {
    key += kPreRelease;
    const bool good = each_part(without_build.substr(dash + 1), [&](std::string_view part) {
      if (is_number(part)) {
        key += kNumber;
        append_number(key, part);
      } else {
        key += kText;
        key += part;
        key += '\0';
      }
      return is_identifier(part);
    });
    if (!good) return other();
    key += kLast;
  }
  return key + std::string(version);
}

}  // namespace trailhound::engine
