#pragma once
/// A cursor over the tape of a parsed JSON text: what reading values for every record costs is decided here, so it is
/// inline, and it knows the tape's form instead of including simdjson. For json_value.cc and src/event.
///
/// The tape is an array of 64-bit words, as simdjson writes it: the top byte says the kind, the rest is a payload. An
/// object's or array's word holds the index behind its end (low 32 bits) and how many members it has (24 bits, counted
/// up to all ones); numbers take a second word. An object's content is key, value, key, value ...
///
/// A string's word has the place of its size and bytes in a side buffer. Beyond simdjson's form, a text that stands in
/// the JSON as it is need not be copied: then the word has a mark and the place and size in the JSON text itself.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/value.h"

namespace trailhound::json {

/// What a tape consists of, wherever that lies.
struct TapeParts {
  const std::uint64_t* words = nullptr;
  const std::uint8_t* strings = nullptr;  ///< the side buffer
  const char* text = nullptr;             ///< the JSON, for strings that were left in place
};

class Tape {
 public:
  explicit Tape(const TapeParts& parts) : words_(parts.words), strings_(parts.strings), text_(parts.text) {}

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
    const std::uint64_t word = words_[at];
    if ((word & kInPlace) != 0) return {text_ + (word & kMostInPlace), (word >> kSizeShift) & kMostInPlace};
    const std::uint8_t* start = strings_ + (word & kPayload);
    std::uint32_t size;
    std::memcpy(&size, start, sizeof size);
    return {reinterpret_cast<const char*>(start + sizeof size), size};
  }
  [[nodiscard]] bool is_scalar(std::size_t at) const {
    const char k = kind(at);
    return k != '{' && k != '[' && k != 'n';
  }
  /// The value of the scalar at `at`; integers beyond int64 become doubles.
  [[nodiscard]] Scalar scalar(std::size_t at) const;
  /// The second word of the number at `at`.
  template <class Number>
  [[nodiscard]] Number number(std::size_t at) const {
    static_assert(sizeof(Number) == sizeof(std::uint64_t));
    Number value;
    std::memcpy(&value, words_ + at + 1, sizeof value);
    return value;
  }
  /// Members of the object or array at `at`, if they are fewer than kMostCounted.
  [[nodiscard]] std::size_t count(std::size_t at) const { return (words_[at] >> 32) & kMostCounted; }

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

  /// A word of the kind with a payload.
  [[nodiscard]] static constexpr std::uint64_t word(char kind, std::uint64_t payload) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(kind)) << 56 | payload;
  }
  /// The word of a string that is left in place; both at most kMostInPlace.
  [[nodiscard]] static constexpr std::uint64_t word_in_place(std::uint64_t begin, std::uint64_t size) {
    return word('"', kInPlace | size << kSizeShift | begin);
  }

  /// The depth at which simdjson refuses a text.
  static constexpr std::size_t kMaxDepth = 1024;
  static constexpr std::uint64_t kMostInPlace = (1u << 27) - 1;
  static constexpr std::uint32_t kMostCounted = 0xFF'FFFF;

 private:
  static constexpr std::uint64_t kPayload = 0x00FF'FFFF'FFFF'FFFF;
  static constexpr std::uint64_t kInPlace = std::uint64_t{1} << 55;  // no side buffer is that large
  static constexpr int kSizeShift = 27;

  const std::uint64_t* words_;
  const std::uint8_t* strings_;
  const char* text_;
};

}  // namespace trailhound::json
