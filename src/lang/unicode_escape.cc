#include "lang/unicode_escape.h"

#include <cstdint>
#include <optional>

#include "base/number_text.h"
#include "base/utf8.h"

namespace trailhound::lang {
namespace {

constexpr std::size_t kEscape = 6;

std::optional<std::uint32_t> unit_of(std::string_view text) {
  if (text.size() < kEscape || !text.starts_with("\\u")) return std::nullopt;
  return number_in<std::uint32_t>(text.substr(2, 4), 16);
}

}  // namespace

std::size_t read_unicode_escape(std::string_view text, std::string& out) {
  const auto unit = unit_of(text);
  if (!unit) return 0;
  if (*unit < 0xD800 || *unit >= 0xE000) {
    append_utf8(out, *unit);
    return kEscape;
  }
  const auto low = unit_of(text.substr(kEscape));
  if (*unit >= 0xDC00 || !low || *low < 0xDC00 || *low >= 0xE000) {
    append_utf8(out, 0xFFFD);
    return kEscape;
  }
  append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
  return 2 * kEscape;
}

}  // namespace trailhound::lang
