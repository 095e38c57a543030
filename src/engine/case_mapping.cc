#include "engine/case_mapping.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace trailhound::engine {
namespace {

constexpr utf8proc_int32_t kCapitalSigma = 0x3A3, kSmallSigma = 0x3C3, kFinalSigma = 0x3C2;
constexpr utf8proc_int32_t kCapitalDottedI = 0x130, kDotAbove = 0x307;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void append(std::string& out, utf8proc_int32_t code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(code_point, bytes.data());
  out.append(bytes.begin(), bytes.begin() + size);
}

/// One step through a text: the code point and its bytes; -1 and one byte for what is not UTF-8.
struct Step {
  utf8proc_int32_t code_point;
  std::size_t size;
};
Step step(std::string_view text) {
  utf8proc_int32_t code_point = -1;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (size <= 0) return {-1, 1};
  return {code_point, static_cast<std::size_t>(size)};
}

bool is_letter(utf8proc_int32_t code_point) {
  const auto category = utf8proc_category(code_point);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LT;
}

/// Marks and signs that stand within a word without ending it.
bool is_ignorable(utf8proc_int32_t code_point) {
  const auto category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_SK || code_point == '\'' ||
         code_point == '.' || code_point == ':' || code_point == 0xB7 || code_point == 0x2019;
}

bool letter_follows(std::string_view rest) {
  while (!rest.empty()) {
    const Step next = step(rest);
    if (next.code_point < 0) return false;
    if (!is_ignorable(next.code_point)) return is_letter(next.code_point);
    rest.remove_prefix(next.size);
  }
  return false;
}

/// The upper case of a code point that has no single one, such as ß: that of its full case folding.
bool append_expanding_upper(std::string& out, utf8proc_int32_t code_point) {
  if (utf8proc_category(code_point) == UTF8PROC_CATEGORY_LU) return false;
  std::array<utf8proc_int32_t, 8> folded{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(code_point, folded.data(), static_cast<utf8proc_ssize_t>(folded.size()),
                                             UTF8PROC_CASEFOLD, &boundary);
  if (count < 2 || count > static_cast<utf8proc_ssize_t>(folded.size())) return false;
  for (utf8proc_ssize_t i = 0; i < count; ++i) append(out, utf8proc_toupper(folded[static_cast<std::size_t>(i)]));
  return true;
}

}  // namespace

void append_lower(std::string& out, std::string_view text) {
  if (is_ascii(text)) {
    for (const char c : text) out += lower_ascii(c);
    return;
  }
  bool in_word = false;
  while (!text.empty()) {
    const Step at = step(text);
    const std::string_view rest = text.substr(at.size);
    if (at.code_point < 0) {
      out += text.front();
    } else if (at.code_point == kCapitalSigma) {
      append(out, in_word && !letter_follows(rest) ? kFinalSigma : kSmallSigma);
    } else if (at.code_point == kCapitalDottedI) {
      append(out, 'i');
      append(out, kDotAbove);
    } else {
      append(out, utf8proc_tolower(at.code_point));
    }
    if (at.code_point < 0 || !is_ignorable(at.code_point)) in_word = at.code_point >= 0 && is_letter(at.code_point);
    text = rest;
  }
}

void append_upper(std::string& out, std::string_view text) {
  if (is_ascii(text)) {
    for (const char c : text) out += upper_ascii(c);
    return;
  }
  while (!text.empty()) {
    const Step at = step(text);
    if (at.code_point < 0) {
      out += text.front();
    } else if (!append_expanding_upper(out, at.code_point)) {
      append(out, utf8proc_toupper(at.code_point));
    }
    text.remove_prefix(at.size);
  }
}

}  // namespace trailhound::engine
