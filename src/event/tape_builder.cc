#include "event/tape_builder.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/ascii.h"
#include "base/json_tape.h"
#include "base/utf8.h"

namespace trailhound::event {
namespace {

using json::Tape;

/// True if nothing but a separator stands behind a number or word.
bool ends_scalar(char c) { return is_blank(c) || c == ',' || c == '}' || c == ']'; }

/// The meaning of the letter behind a backslash, '\0' if it is none that is known here.
char meaning_of(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

/// The letter of true, false or null if the text at `at` is that, else '\0'. Comparisons of four bytes are no calls.
char kind_of_word(const char* at) {
  if (std::memcmp(at, "true", 4) == 0) return ends_scalar(at[4]) ? 't' : '\0';
  if (std::memcmp(at, "null", 4) == 0) return ends_scalar(at[4]) ? 'n' : '\0';
  return *at == 'f' && std::memcmp(at + 1, "alse", 4) == 0 && ends_scalar(at[5]) ? 'f' : '\0';
}

/// A number as the tape has it.
struct Number {
  char kind = '\0';  ///< 'l', 'd'; none: it is left to simdjson
  std::uint64_t bits = 0;
};

const char* skip_digits(const char* at) {
  while (is_digit(*at)) ++at;
  return at;
}

/// The real number whose integral part ends at `at`.
[[gnu::noinline]] Number real_at(const char* begin, const char* at) {
  if (*at == '.') {
    const char* const fraction = at + 1;
    at = skip_digits(fraction);
    if (at == fraction) return {};
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    const char* const exponent = at;
    at = skip_digits(exponent);
    if (at == exponent) return {};
  }
  double real = 0;
  const auto [end, error] = std::from_chars(begin, at, real);
  if (error != std::errc() || end != at || !ends_scalar(*at)) return {};
  return {'d', std::bit_cast<std::uint64_t>(real)};
}

/// Integers have at most 18 digits here.
Number number_at(const char* at) {
  constexpr std::ptrdiff_t kMostDigits = 18;
  const bool negative = *at == '-';
  const char* const first = at + (negative ? 1 : 0);
  const char* last = first;
  std::uint64_t number = 0;
  while (is_digit(*last)) number = number * 10 + static_cast<std::uint64_t>(*last++ - '0');
  const std::ptrdiff_t digits = last - first;
  if (digits == 0 || (*first == '0' && digits > 1)) return {};
  if (*last == '.' || *last == 'e' || *last == 'E') return real_at(at, last);
  if (digits > kMostDigits || !ends_scalar(*last)) return {};
  return {'l', negative ? ~number + 1 : number};
}

/// The code point of the four digits at `at`, if there are four and it is no surrogate.
std::optional<char32_t> code_point_at(const char* at) {
  char32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_value(at[i]);
    if (digit < 0) return std::nullopt;
    code = code << 4 | static_cast<char32_t>(digit);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return surrogate ? std::nullopt : std::optional(code);
}

/// Writes a text as the tape's side buffer holds it, and gives the place behind it; null if an escape is not known.
[[gnu::noinline]] std::uint8_t* write_escaped(std::uint8_t* to, const char* from, const char* end,
                                              std::string_view& written) {
  std::uint8_t* out = to + sizeof(std::uint32_t);
  while (from < end) {
    const void* const found = std::memchr(from, '\\', static_cast<std::size_t>(end - from));
    const char* const plain_end = found == nullptr ? end : static_cast<const char*>(found);
    const auto plain = static_cast<std::size_t>(plain_end - from);
    std::memcpy(out, from, plain);
    out += plain;
    if (found == nullptr) break;
    from = plain_end + 2;
    if (const char meaning = meaning_of(plain_end[1]); meaning != '\0') {
      *out++ = static_cast<std::uint8_t>(meaning);
      continue;
    }
    const auto code = plain_end[1] == 'u' ? code_point_at(from) : std::nullopt;
    if (!code) return nullptr;
    std::string bytes;
    append_utf8(bytes, *code);
    out = std::ranges::copy(bytes, out).out;
    from += 4;
  }
  const auto size = static_cast<std::uint32_t>(out - to - static_cast<std::ptrdiff_t>(sizeof(std::uint32_t)));
  std::memcpy(to, &size, sizeof size);
  *out = 0;
  written = {reinterpret_cast<const char*>(to) + sizeof size, size};
  return out + 1;
}

}  // namespace

TapeBuilder::TapeBuilder(const char* text, std::size_t size, const std::uint32_t* places, std::size_t last,
                         IdentityTapes& identities)
    : text_(text),
      end_(text + size),
      places_(places),
      last_(last),
      backslash_(find_backslash(text)),
      identities_(identities) {}

const char* TapeBuilder::find_backslash(const char* from) const {
  const void* found = std::memchr(from, '\\', static_cast<std::size_t>(end_ - from));
  return found == nullptr ? end_ : static_cast<const char*>(found);
}

// What the loop works with are local variables: bytes that are written could be members for all that the compiler
// knows, which it would then read again and again.
bool TapeBuilder::build(std::size_t& next, std::uint64_t* const tape, std::uint8_t* const texts, Head& head) {
  const char* const text = text_;
  const std::uint32_t* at = places_ + next;
  std::uint64_t* word = tape + 1;
  std::uint8_t* text_end = texts;
  std::size_t depth = 0;
  const std::size_t begin = *at;
  const std::uint32_t* identity = nullptr;  // where the value behind its key is
  IdentityTapes::Place identity_place;
  const std::uint8_t* texts_before_identity = nullptr;
  std::string_view added;  // the last text
  if (static_cast<std::size_t>(end_ - text) > Tape::kMostInPlace) return false;

  // The string whose quote is at `at`.
  const auto add_text = [&]() __attribute__((always_inline)) {
    const char* const from = text + at[0] + 1;
    const char* to = text + at[1] - 1;
    if (*to != '"') [[unlikely]] {
      while (is_blank(*to)) --to;  // ends at the opening quote, if nowhere else
      if (*to != '"') return false;
    }
    if (to < from) return false;
    ++at;
    if (backslash_ < to) [[unlikely]] {
      if (backslash_ < from) backslash_ = find_backslash(from);
      if (backslash_ < to) {
        *word++ = Tape::word('"', static_cast<std::uint64_t>(text_end - texts));
        std::string_view written;
        std::uint8_t* const behind = write_escaped(text_end, from, to, written);
        added = written;
        text_end = behind;
        backslash_ = find_backslash(to);
        return behind != nullptr;
      }
    }
    added = {from, static_cast<std::size_t>(to - from)};
    *word++ = Tape::word_in_place(static_cast<std::uint64_t>(from - text) - begin, added.size());
    return true;
  };
  // A key and its colon.
  const auto add_key = [&]() __attribute__((always_inline)) {
    if (text[*at] != '"' || !add_text() || text[*at] != ':') return false;
    ++at;
    if (depth > 1) return true;
    const auto value = static_cast<std::uint32_t>(word - tape);
    if (note_field(head.fields, added, value) == &head.fields.identity) identity = at;
    return true;
  };
  // The value at `at` is userIdentity: true if it is known.
  const auto add_known_identity = [&]() __attribute__((always_inline)) {
    identity_place = {text,        end_,
                      at,          static_cast<std::size_t>(places_ + last_ - at),
                      *at - begin, static_cast<std::size_t>(word - tape)};
    texts_before_identity = text_end;
    const IdentityTapes::Known* known = identities_.find(identity_place);
    if (known == nullptr) return false;
    head.identity = {{text + *at, known->text.size()}, known->number};
    word = std::ranges::copy(known->words, word).out;
    at += known->places;
    return true;
  };

  // Each turn reads one value; behind it come the brackets that end there, and the comma and the key in front of the
  // next one.
  while (true) {
    const char c = text[*at];
    if (c == '"') {
      if (!add_text()) return false;
    } else if (at == identity && c == '{' && add_known_identity()) {
    } else if (c == '{' || c == '[') {
      if (depth == kMaxDepth) return false;
      open_[depth++] = {word, *at, 0, c == '{'};
      ++word;
      ++at;
      if (text[*at] != (c == '{' ? '}' : ']')) {
        open_[depth - 1].count = 1;
        if (c == '{' && !add_key()) return false;
        continue;
      }
    } else if (const char kind = kind_of_word(text + *at); kind != '\0') {
      *word++ = Tape::word(kind, 0);
      ++at;
    } else if (const Number number = number_at(text + *at); number.kind != '\0') {
      *word++ = Tape::word(number.kind, 0);
      *word++ = number.bits;
      ++at;
    } else {
      return false;
    }

    while (true) {
      Open& inner = open_[depth - 1];
      const char behind = text[*at++];
      if (behind == ',') {
        ++inner.count;
        if (inner.is_object && !add_key()) return false;
        break;
      }
      if (behind != (inner.is_object ? '}' : ']')) return false;
      if (at > places_ + last_) return false;  // took the window's own bracket
      *word++ = Tape::word(behind, static_cast<std::uint64_t>(inner.word - tape));
      const std::uint64_t count = inner.count < Tape::kMostCounted ? inner.count : Tape::kMostCounted;
      *inner.word = Tape::word(inner.is_object ? '{' : '[', count << 32 | static_cast<std::uint64_t>(word - tape));
      --depth;
      if (depth == 1 && identity != nullptr && inner.is_object && inner.place == *identity) {
        head.identity.text = {text + inner.place, at[-1] + 1 - inner.place};
        // Texts in the side buffer would lie elsewhere the next time.
        head.identity.number =
            text_end == texts_before_identity
                ? identities_.learn(identity_place, {inner.word, word}, static_cast<std::size_t>(at - identity))
                : 0;
      }
      if (depth > 0) continue;
      *word++ = Tape::word('r', 0);
      tape[0] = Tape::word('r', static_cast<std::uint64_t>(word - tape));
      next = static_cast<std::size_t>(at - places_);
      return true;
    }
  }
}

}  // namespace trailhound::event
