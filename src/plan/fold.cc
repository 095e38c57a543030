#include "plan/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"

namespace trailhound::plan {

namespace {

utf8proc_int32_t fold_code_point(utf8proc_int32_t code) {
  std::array<utf8proc_int32_t, 8> folded{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(code, folded.data(), static_cast<utf8proc_ssize_t>(folded.size()),
                                             UTF8PROC_CASEFOLD, &boundary);
  if (count == 1) return folded[0];
  return utf8proc_tolower(code);  // the full folding is longer ("ß" to "ss"): take the simple one
}

}  // namespace

std::string fold_unicode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_step(text, at);
    if (size == 1) {
      out += lower_ascii(text[at]);
    } else {
      utf8proc_int32_t code = 0;
      std::array<utf8proc_uint8_t, 4> bytes{};
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at), static_cast<utf8proc_ssize_t>(size),
                       &code);
      const auto folded_size = utf8proc_encode_char(fold_code_point(code), bytes.data());
      out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(folded_size));
    }
    at += size;
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

}  // namespace trailhound::plan
