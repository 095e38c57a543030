#include "plan/eql_text.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "base/number_text.h"
#include "base/utf8.h"
#include "plan/fold.h"

namespace trailhound::plan::eql_text {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

char32_t code_point_at(std::string_view text, std::size_t at, std::size_t size) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[at + i])); };
  switch (size) {
    case 2:
      return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3:
      return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    case 4:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    default:
      return byte(0) < 0x80 ? byte(0) : kReplacement;
  }
}

std::u16string to_utf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_step(text, at);
    const char32_t code = code_point_at(text, at, size);
    if (code > 0xFFFF) {
      units += static_cast<char16_t>(0xD800 + ((code - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      units += static_cast<char16_t>(code);
    }
    at += size;
  }
  return units;
}

std::string to_utf8(std::u16string_view units) {
  std::string text;
  text.reserve(units.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    const char16_t unit = units[i];
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    if (high && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000) {
      append_utf8(text, 0x10000 + ((static_cast<char32_t>(unit) - 0xD800) << 10) + (units[i + 1] - 0xDC00u));
      ++i;
    } else {
      append_utf8(text, unit >= 0xD800 && unit < 0xE000 ? kReplacement : static_cast<char32_t>(unit));
    }
  }
  return text;
}

/// Positions counted from the end when negative, kept within the text.
std::size_t position(std::int64_t at, std::size_t size) {
  const auto length = static_cast<std::int64_t>(size);
  if (at < 0) at = at < -length ? 0 : at + length;
  return static_cast<std::size_t>(std::min(at, length));
}

std::string folded(std::string_view text, bool fold) { return fold ? fold_unicode(text) : std::string(text); }

}  // namespace

std::int64_t length(std::string_view text) {
  std::int64_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_step(text, at);
    units += size == 4 ? 2 : 1;
    at += size;
  }
  return units;
}

std::optional<std::int64_t> index_of(std::string_view text, std::string_view part, std::int64_t start, bool fold) {
  const std::u16string units = to_utf16(folded(text, fold));
  const std::size_t from =
      static_cast<std::size_t>(std::clamp<std::int64_t>(start, 0, static_cast<std::int64_t>(units.size())));
  const std::size_t found = units.find(to_utf16(folded(part, fold)), from);
  if (found == std::u16string::npos) return std::nullopt;
  return static_cast<std::int64_t>(found);
}

std::string slice(std::string_view text, std::int64_t start, std::optional<std::int64_t> end) {
  const std::u16string units = to_utf16(text);
  const std::size_t first = position(start, units.size());
  const std::size_t last = end ? position(*end, units.size()) : units.size();
  if (first >= last) return {};
  return to_utf8(std::u16string_view(units).substr(first, last - first));
}

std::optional<std::string> between(std::string_view text, std::string_view left, std::string_view right, bool greedy,
                                   bool fold) {
  if (text.empty() || left.empty() || right.empty()) return std::string(text);
  const std::u16string units = to_utf16(text);
  const std::u16string searched = to_utf16(folded(text, fold));
  if (searched.size() != units.size()) return std::nullopt;  // folding never changes the number of units today
  const std::u16string begin = to_utf16(folded(left, fold));
  const std::u16string end = to_utf16(folded(right, fold));
  std::size_t first = searched.find(begin);
  if (first == std::u16string::npos) return std::string();
  first += begin.size();
  const std::size_t last = greedy ? searched.rfind(end) : searched.find(end, first);
  if (last == std::u16string::npos) return std::string();
  if (last < first) return std::nullopt;
  return to_utf8(std::u16string_view(units).substr(first, last - first));
}

std::optional<Value> number(std::string_view text, std::optional<std::int64_t> base) {
  constexpr std::int64_t kDecimal = 10;
  constexpr std::int64_t kHexadecimal = 16;
  constexpr std::int64_t kLargestBase = 36;
  const bool prefixed = text.starts_with("0x");
  const std::int64_t radix = base.value_or(prefixed ? kHexadecimal : kDecimal);
  if (radix < 2 || radix > kLargestBase) return std::nullopt;
  if (prefixed && radix == kHexadecimal) text.remove_prefix(2);
  if (const auto whole = signed_number_in<std::int64_t>(text, static_cast<int>(radix))) return Value(*whole);
  if (radix != kDecimal) return std::nullopt;
  text = trimmed_as_java(text);
  const auto real = signed_number_in<double>(text);
  return real && std::isfinite(*real) ? std::optional(Value(*real)) : std::nullopt;
}

}  // namespace trailhound::plan::eql_text
