#pragma once
/// A cursor over the tape that simdjson leaves of a parsed text: what reading values for every record costs is decided
/// here, so it is inline, and it knows the tape's form instead of including simdjson. Inside src/event only.
///
/// The tape is an array of 64-bit words: the top byte says the kind, the rest is a payload. An object's or array's word
/// holds the index behind its end (low 32 bits); a string's word the place of its length and bytes in a side buffer;
/// numbers take a second word. An object's content is key, value, key, value ...

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/json_value.h"
#include "base/value.h"

namespace trailhound::event {

class Tape {
 public:
  Tape(const std::uint64_t* words, const std::uint8_t* strings) : words_(words), strings_(strings) {}
  /// The tape behind a value (which must not be missing).
  [[nodiscard]] static Tape of(const json::Value& value);

  /// simdjson's letters: { [ } ] " l (int64) u (beyond int64) d (double) t f n
  [[nodiscard]] char kind(std::size_t at) const { return static_cast<char>(words_[at] >> 56); }
  /// The index behind the value at `at`.
  [[nodiscard]] std::size_t after(std::size_t at) const {
    switch (kind(at)) {
      case '{':
      case '[':
        return static_cast<std::uint32_t>(words_[at]);
      case 'l':
      case 'u':
      case 'd':
        return at + 2;
      default:
        return at + 1;
    }
  }
  /// Text of the string or key at `at`.
  [[nodiscard]] std::string_view text(std::size_t at) const {
    const std::uint8_t* start = strings_ + (words_[at] & kPayload);
    std::uint32_t size;
    std::memcpy(&size, start, sizeof size);
    return {reinterpret_cast<const char*>(start + sizeof size), size};
  }
  /// The words of the value at `at` as they are: equal for equal values behind equally long texts.
  [[nodiscard]] std::string_view words(std::size_t at) const {
    return {reinterpret_cast<const char*>(words_ + at), (after(at) - at) * sizeof(std::uint64_t)};
  }
  /// Where the string or key at `at` begins in the side buffer, with its size in front.
  [[nodiscard]] const char* text_entry(std::size_t at) const {
    return reinterpret_cast<const char*>(strings_ + (words_[at] & kPayload));
  }
  [[nodiscard]] bool is_scalar(std::size_t at) const {
    const char k = kind(at);
    return k != '{' && k != '[' && k != 'n';
  }
  /// The value of the scalar at `at`; integers beyond int64 become doubles.
  [[nodiscard]] Scalar scalar(std::size_t at) const;

  /// Calls `visit(index)` for every scalar and null below (or at) `at`, in order, until it returns false.
  template <class Visit>
  bool for_each_leaf(std::size_t at, Visit&& visit) const {
    if (kind(at) != '{' && kind(at) != '[') return visit(at);
    std::bitset<kMaxDepth + 2> in_object;
    std::size_t depth = 0;
    const std::size_t end = after(at);
    while (at < end) {
      const char k = kind(at);
      if (k == '{' || k == '[') {
        in_object[++depth] = k == '{';
        ++at;
      } else if (k == '}' || k == ']') {
        --depth;
        ++at;
      } else {
        if (!visit(at)) return false;
        at = after(at);
      }
      if (in_object[depth] && at < end && kind(at) == '"') ++at;  // the next member's key
    }
    return true;
  }

  /// The depth at which simdjson refuses a text.
  static constexpr std::size_t kMaxDepth = 1024;

 private:
  static constexpr std::uint64_t kPayload = 0x00FF'FFFF'FFFF'FFFF;

  const std::uint64_t* words_;
  const std::uint8_t* strings_;
};

}  // namespace trailhound::event
