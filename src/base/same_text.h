#pragma once
/// Equality of texts that are short and mostly equal, such as the values of dictionaries: words of eight bytes, without
/// a call. And a place for a text in a small table of the texts that came last.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace trailhound {

template <class Word>
Word word_at(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

/// Of texts of one length, which holds at least one word.
template <class Word>
bool has_same_words(std::string_view a, std::string_view b) {
  for (std::size_t at = 0; at + sizeof(Word) < a.size(); at += sizeof(Word)) {
    if (word_at<Word>(a.data() + at) != word_at<Word>(b.data() + at)) return false;
  }
  const std::size_t last = a.size() - sizeof(Word);  // may overlap the one before
  return word_at<Word>(a.data() + last) == word_at<Word>(b.data() + last);
}

/// The same for 32 bytes and more: one branch for four words, as most texts that come here are equal.
inline bool has_same_blocks(std::string_view a, std::string_view b) {
  using Word = std::uint64_t;
  constexpr std::size_t kBlock = 4 * sizeof(Word);
  const auto differs_at = [&](std::size_t at) {
    Word difference = 0;
    for (std::size_t i = 0; i < kBlock; i += sizeof(Word)) {
      difference |= word_at<Word>(a.data() + at + i) ^ word_at<Word>(b.data() + at + i);
    }
    return difference != 0;
  };
  for (std::size_t at = 0; at + kBlock < a.size(); at += kBlock) {
    if (differs_at(at)) return false;
  }
  return !differs_at(a.size() - kBlock);  // may overlap the one before
}

/// Whether so many bytes are equal; 7 at least. The size is known to the compiler: a few loads, without a call.
template <std::size_t size>
bool has_same_bytes(const char* a, const char* b) {
  static_assert(size >= 7);
  using Word = std::conditional_t<(size < sizeof(std::uint64_t)), std::uint32_t, std::uint64_t>;
  constexpr std::size_t kLast = size - sizeof(Word);
  bool same = word_at<Word>(a + kLast) == word_at<Word>(b + kLast);
  for (std::size_t at = 0; at < kLast; at += sizeof(Word)) same &= word_at<Word>(a + at) == word_at<Word>(b + at);
  return same;
}

inline bool is_same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() >= 4 * sizeof(std::uint64_t)) return has_same_blocks(a, b);
  if (a.size() >= sizeof(std::uint64_t)) return has_same_words<std::uint64_t>(a, b);
  if (a.size() >= sizeof(std::uint32_t)) return has_same_words<std::uint32_t>(a, b);
  return a == b;
}

/// One of `kPlaces`, a power of two, by both ends of the text alone: what shares a place takes turns.
template <std::size_t kPlaces>
std::size_t place_of_text(std::string_view text) {
  static_assert(std::has_single_bit(kPlaces) && kPlaces >= sizeof(std::uint64_t));
  if (text.size() < sizeof(std::uint64_t)) return text.size();
  const auto first = word_at<std::uint64_t>(text.data());
  const auto last = word_at<std::uint64_t>(text.data() + text.size() - sizeof(std::uint64_t));
  return (first ^ std::rotl(last, 21)) * 0x9E37'79B9'7F4A'7C15u >> (64 - std::countr_zero(kPlaces));
}

}  // namespace trailhound
