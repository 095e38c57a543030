#pragma once
/// Texts that come again and again in the stored hits of one collector (paths, callers, user agents): hits name them by
/// number, which makes them less than half as large. Inside src/engine only.
///
///     HitTexts texts(budget);
///     texts.number_of("eu-west-1");               // nothing: seen for the first time
///     texts.number_of("eu-west-1");               // 0
///     texts.text(0);                              // "eu-west-1"
///
/// A text that comes once takes no room; beyond `budget` bytes no more are taken. Adding is for one thread, reading for
/// any number once all are added.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/arena.h"
#include "base/hash.h"
#include "base/same_text.h"

namespace trailhound::engine {

class HitTexts {
 public:
  explicit HitTexts(std::size_t budget) : budget_(budget) {}

  /// The number of the text, which is given when it comes for the second time.
  [[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view text);
  /// The text of a number; nothing if there is none.
  [[nodiscard]] std::optional<std::string_view> text(std::uint64_t number) const {
    if (number >= texts_.size()) return std::nullopt;
    return texts_[number];
  }

  /// Shorter ones are no longer than their number with what marks it.
  static constexpr std::size_t kShortest = 6;
  /// Longer ones hardly come again.
  static constexpr std::size_t kLongest = 1024;

 private:
  struct Hash {
    using is_avalanching = void;  // the map need not mix it further
    std::size_t operator()(std::string_view text) const { return hash64(text); }
  };
  struct Same {
    bool operator()(std::string_view a, std::string_view b) const { return is_same_text(a, b); }
  };
  static constexpr std::size_t kPlaces = 512;
  static constexpr std::size_t kSeenPlaces = 4096;

  [[nodiscard]] bool is_full() const;

  std::size_t budget_;
  Arena arena_;
  std::vector<std::string_view> texts_;
  boost::unordered_flat_map<std::string_view, std::uint32_t, Hash, Same> numbers_;
  std::array<std::uint32_t, kPlaces> recent_{};    ///< numbers plus one; 0: none
  std::array<std::uint32_t, kSeenPlaces> seen_{};  ///< parts of hashes of texts that came once
};

}  // namespace trailhound::engine
