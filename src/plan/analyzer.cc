#include "plan/analyzer.h"

#include <cstdint>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "plan/fold.h"

namespace trailhound::plan {

namespace {

enum class Class : std::uint8_t { other, letter, digit, joiner, alone, middle_any, middle_letter, middle_digit };

std::uint32_t code_point(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  switch (bytes.size()) {
    case 2:
      return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3:
      return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    case 4:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    default:
      return byte(0);
  }
}

Class class_of_ascii(char c) {
  if (is_letter(c)) return Class::letter;
  if (is_digit(c)) return Class::digit;
  switch (c) {
    case '_':
      return Class::joiner;
    case '.':
    case '\'':
      return Class::middle_any;
    case ':':
      return Class::middle_letter;
    case ',':
    case ';':
      return Class::middle_digit;
    default:
      return Class::other;
  }
}

Class class_of(std::string_view character) {
  const std::uint32_t code = code_point(character);
  const auto within = [code](std::uint32_t first, std::uint32_t last) { return code >= first && code <= last; };
  if (code < 0x80) return class_of_ascii(character.front());
  if (character.size() == 1) return Class::other;  // no UTF-8
  if (within(0x3040, 0x309F) || within(0x3400, 0x4DBF) || within(0x4E00, 0x9FFF) || within(0x20000, 0x3FFFF)) {
    return Class::alone;
  }
  const bool punctuation = (within(0x80, 0xBF) && code != 0xAA && code != 0xB5 && code != 0xBA) || code == 0xD7 ||
                           code == 0xF7 || within(0x2000, 0x2BFF) || within(0x3000, 0x303F) || within(0xFF00, 0xFF0F) ||
                           within(0xFFF0, 0xFFFF);
  return punctuation ? Class::other : Class::letter;
}

struct Character {
  std::size_t begin = 0, end = 0;
  Class kind = Class::other;
};

Character character_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {at, at, Class::other};
  const std::size_t end = at + utf8_step(text, at);
  return {at, end, class_of(text.substr(at, end - at))};
}

bool is_word(Class kind) { return kind == Class::letter || kind == Class::digit || kind == Class::joiner; }

/// Whether `middle` stays inside a token between these two.
bool joins(Class before, Class middle, Class after) {
  if (before == Class::letter && after == Class::letter) {
    return middle == Class::middle_any || middle == Class::middle_letter;
  }
  if (before == Class::digit && after == Class::digit) {
    return middle == Class::middle_any || middle == Class::middle_digit;
  }
  return false;
}

}  // namespace

std::vector<std::string> analyze(std::string_view text) {
  std::vector<std::string> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    Character last = character_at(text, at);
    const std::size_t begin = at;
    at = last.end;
    if (last.kind == Class::alone) {
      tokens.emplace_back(text.substr(begin, at - begin));
      continue;
    }
    if (!is_word(last.kind)) continue;
    bool has_more_than_joiners = last.kind != Class::joiner;
    while (at < text.size()) {
      Character next = character_at(text, at);
      if (!is_word(next.kind)) {
        const Character after = character_at(text, next.end);
        if (!joins(last.kind, next.kind, after.kind)) break;
        next = after;
      }
      has_more_than_joiners = has_more_than_joiners || next.kind != Class::joiner;
      last = next;
      at = next.end;
    }
    if (has_more_than_joiners) tokens.push_back(fold_unicode(text.substr(begin, at - begin)));
  }
  return tokens;
}

std::string analyzed_phrase(std::string_view text) {
  std::string phrase;
  for (const std::string& token : analyze(text)) phrase += ' ' + token;
  if (!phrase.empty()) phrase += ' ';
  return phrase;
}

}  // namespace trailhound::plan
