#pragma once
/// The tapes of userIdentity objects that came before. A trail names few callers, each of them again and again, in the
/// same words: where the text is known, so is its tape, and a third of a record need not be walked.
///
///     if (const auto* known = tapes.find(place)) { copy known->words; go on behind known->places; }
///     ... tapes.learn(place, words, places);
///
/// A caller is learned when he comes for the second time, for many come only once. A tape is used again only where it
/// fits as it is: the object lies at the same place of its record, in the text and on the tape, which is so as long as
/// what stands in front of it has the same length. Not thread-safe. Inside src/event only.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trailhound::event {

class IdentityTapes {
 public:
  /// Where an object begins.
  struct Place {
    const char* text = nullptr;             ///< of the window
    const char* text_end = nullptr;         ///< of the window
    const std::uint32_t* places = nullptr;  ///< the first is the object's bracket
    std::size_t places_left = 0;
    std::size_t in_record = 0;  ///< bytes of the record in front of it
    std::size_t on_tape = 0;    ///< words of the record in front of it
  };
  struct Known {
    std::string text;
    std::vector<std::uint64_t> words;
    std::size_t places = 0;  ///< how many the text has
    std::size_t in_record = 0;
    std::size_t on_tape = 0;
    std::uint32_t number = 0;  ///< of this text at this place: never given twice; 0: nothing is known
    std::uint32_t next = 0;    ///< part of the hash of whom it will be, should he come again
  };

  IdentityTapes() : known_(kKnown) {}

  /// Null if it is not known.
  [[nodiscard]] const Known* find(const Place& place) const;
  /// The object, which was not found, is written with so many places and has these words. Gives its number, 0 if it is
  /// not kept.
  std::uint32_t learn(const Place& place, std::span<const std::uint64_t> words, std::size_t places);

 private:
  static constexpr std::size_t kKnown = 1024;  // what shares a place takes turns
  static constexpr std::size_t kFewestBytes = 128;
  static constexpr std::size_t kMostBytes = 4096;

  [[nodiscard]] static std::uint64_t hash_of(const Place& place);

  std::vector<Known> known_;
  std::uint32_t last_number_ = 0;
};

}  // namespace trailhound::event
