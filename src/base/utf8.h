#pragma once
/// Steps through text that should be UTF-8 but need not be; writes code points as UTF-8.

#include <cstddef>
#include <string>
#include <string_view>

namespace trailhound {

/// Bytes of the well-formed sequence at `at` (< text.size()): 1 to 4; 0 if there is none: overlong forms, surrogates,
/// code points beyond U+10FFFF, stray continuation bytes, sequences cut short.
[[nodiscard]] std::size_t utf8_sequence_size(std::string_view text, std::size_t at);

/// Bytes of the character at `at`: a well-formed sequence, else one byte.
[[nodiscard]] inline std::size_t utf8_step(std::string_view text, std::size_t at) {
  if (static_cast<unsigned char>(text[at]) < 0x80) return 1;
  const std::size_t size = utf8_sequence_size(text, at);
  return size == 0 ? 1 : size;
}

/// Bytes of the character that ends before `end` (> 0): the steps of `utf8_step`, walked backwards.
[[nodiscard]] std::size_t utf8_step_back(std::string_view text, std::size_t end);

/// Whether the byte goes on with a character that began before.
[[nodiscard]] constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Appends the code point, of at most U+10FFFF.
void append_utf8(std::string& out, char32_t code);

/// The beginning of the text, of at most so many bytes and cut between characters.
[[nodiscard]] inline std::string_view utf8_prefix(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && continues_character(text[most])) --most;
  return text.substr(0, most);
}

}  // namespace trailhound
