#include "engine/version_order.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace trailhound::engine {
namespace {

// Each sorts before the dot that more identifiers would begin with, and in this order.
constexpr char kNumber = 1, kPreRelease = 2, kRelease = 3;
constexpr std::size_t kMostIdentifiers = 32, kMostDigits = 127;

bool is_digits(std::string_view part) { return !part.empty() && std::ranges::all_of(part, is_digit); }

bool is_identifier(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return is_digit(c) || is_letter(c) || c == '-'; });
}

/// Digits of any count sort by their count first. False if they are no number of a version.
bool append_number(std::string& key, std::string_view digits) {
  if ((digits.size() > 1 && digits.front() == '0') || digits.size() > kMostDigits) return false;
  key += kNumber;
  key += static_cast<char>(digits.size());
  key += digits;
  return true;
}

/// Calls `append(part)` for each part between dots, with the dots in the key; false as soon as it gives false.
template <class Append>
bool append_parts(std::string& key, std::string_view text, Append append) {
  for (std::size_t count = 1; count <= kMostIdentifiers; ++count) {
    const std::size_t dot = text.find('.');
    if (!append(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    key += '.';
    text.remove_prefix(dot + 1);
  }
  return false;
}

/// Cuts off what begins with the separator, which is no version's first character.
std::string_view cut_suffix(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator, 1);
  if (at == std::string_view::npos) return {};
  const std::string_view suffix = text.substr(at);
  text = text.substr(0, at);
  return suffix;
}

bool append_version(std::string& key, std::string_view text) {
  const std::string_view build = cut_suffix(text, '+');
  const std::string_view pre_release = cut_suffix(text, '-');
  if (!append_parts(key, text, [&](std::string_view part) { return is_digits(part) && append_number(key, part); })) {
    return false;
  }
  key += pre_release.empty() ? kRelease : kPreRelease;
  const auto append_identifier = [&](std::string_view part) {
    if (is_digits(part)) return append_number(key, part);
    key += part;
    return is_identifier(part);
  };
  if (!pre_release.empty() && !append_parts(key, pre_release.substr(1), append_identifier)) return false;
  if (build.empty()) return true;
  key += '+';
  return append_parts(key, build.substr(1), [&](std::string_view part) {
    key += part;
    return is_identifier(part);
  });
}

}  // namespace

std::string version_sort_key(std::string_view version) {
  std::string key;
  if (append_version(key, version)) return key;
  // Behind kNumber, with which every version's key begins.
  return kRelease + std::string(version);
}

std::strong_ordering order_versions(std::string_view a, std::string_view b) {
  return version_sort_key(a).compare(version_sort_key(b)) <=> 0;
}

}  // namespace trailhound::engine
