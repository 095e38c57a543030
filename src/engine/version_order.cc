#include "engine/version_order.h"

#include <algorithm>
#include <cstddef>

namespace trailhound::engine {
namespace {

struct Version {
  bool valid = false;
  std::string_view numbers;
  std::string_view pre_release;  // without the dash
  std::string_view build;        // without the plus
  bool is_pre_release = false;
};

bool is_number(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

/// The text up to the next dot; `rest` continues behind it.
std::string_view next_part(std::string_view& rest) {
  const std::size_t dot = std::min(rest.find('.'), rest.size());
  const std::string_view part = rest.substr(0, dot);
  rest.remove_prefix(std::min(dot + 1, rest.size()));
  return part;
}

bool is_suffix(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
  });
}

Version read(std::string_view text) {
  Version version;
  if (const std::size_t plus = text.find('+'); plus != text.npos) {
    version.build = text.substr(plus + 1);
    if (!is_suffix(version.build)) return version;
    text = text.substr(0, plus);
  }
  if (const std::size_t dash = text.find('-'); dash != text.npos) {
    version.pre_release = text.substr(dash + 1);
    version.is_pre_release = true;
    if (!is_suffix(version.pre_release)) return version;
    text = text.substr(0, dash);
  }
  version.numbers = text;
  if (text.empty() || text.back() == '.') return version;
  for (std::string_view rest = text; !rest.empty();) {
    if (!is_number(next_part(rest))) return version;
  }
  version.valid = true;
  return version;
}

std::strong_ordering order_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

/// Part by part; numbers before words.
std::strong_ordering order_parts(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const std::string_view x = next_part(a);
    const std::string_view y = next_part(b);
    const bool numbers = is_number(x) && is_number(y);
    if (!numbers && is_number(x) != is_number(y)) {
      return is_number(x) ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const auto order = numbers ? order_numbers(x, y) : x.compare(y) <=> 0;
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();
}

}  // namespace

std::strong_ordering order_versions(std::string_view a, std::string_view b) {
  const Version x = read(a);
  const Version y = read(b);
  if (x.valid != y.valid) return x.valid ? std::strong_ordering::less : std::strong_ordering::greater;
  if (!x.valid) return a.compare(b) <=> 0;
  if (const auto order = order_parts(x.numbers, y.numbers); order != 0) return order;
  if (x.is_pre_release != y.is_pre_release) {
    return x.is_pre_release ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (const auto order = order_parts(x.pre_release, y.pre_release); order != 0) return order;
  return x.build.compare(y.build) <=> 0;
}

}  // namespace trailhound::engine
