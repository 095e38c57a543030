#pragma once
/// Writes the tape of one element of a window from the places that simdjson's first stage has found, in less time than
/// its second stage takes. Inside src/event only.
///
///     TapeBuilder builder(text, size, places, last);
///     if (!builder.build(next, tape, texts)) ...      // leave the element to simdjson
///
/// What saves the time: a text ends in front of the place that follows it, so nobody searches for its end, and it stays
/// where it is unless it has escapes; where the next backslash lies is known beforehand; and the userIdentity of a
/// caller who was there before is taken from the record in which he was (identity_tapes.h). What is rare is not done
/// here: integers of more than 18 digits, escaped surrogates, great depth, and whatever is no JSON. Then `build` gives
/// up, and simdjson decides. What it does build reads as what simdjson would have built.
///
/// Rests on what the first stage has made sure of: the text is UTF-8, and no string is open or holds a control
/// character.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "event/identity_tapes.h"
#include "event/record_fields.h"

namespace trailhound::event {

class TapeBuilder {
 public:
  /// `places` are those of the window's structural characters and values; places[last] is the bracket that closes the
  /// window. All must outlive the builder; behind the text, 64 bytes must be readable.
  TapeBuilder(const char* text, std::size_t size, const std::uint32_t* places, std::size_t last,
              IdentityTapes& identities);

  /// The last "userIdentity" object at the top of an element.
  struct Identity {
    std::string_view text;     ///< how it is written; empty: there is none
    std::uint32_t number = 0;  ///< see IdentityTapes::Known
  };
  /// What is found on the way.
  struct Head {
    RecordFields fields;  ///< where the values lie that are read for every record, as scan_record would say
    Identity identity;
  };

  /// Builds the element whose bracket is places[next], and moves `next` behind it; elements come in order. Afterwards
  /// tape[0] holds the number of words; the places of texts are counted from the bracket. `head` must be empty. False
  /// if it gives up: `next` is as it was, and `head` means nothing.
  [[nodiscard]] bool build(std::size_t& next, std::uint64_t* tape, std::uint8_t* texts, Head& head);

 private:
  struct Open {
    std::uint64_t* word = nullptr;  ///< of the bracket
    std::uint32_t place = 0;        ///< of the bracket
    std::uint32_t count = 0;
    bool is_object = false;
  };
  static constexpr std::size_t kMaxDepth = 256;

  [[nodiscard]] const char* find_backslash(const char* from) const;

  const char* text_;
  const char* end_;
  const std::uint32_t* places_;
  std::size_t last_;
  const char* backslash_;  ///< none lies in front of it that was not passed; end_: none
  IdentityTapes& identities_;
  std::array<Open, kMaxDepth> open_{};
};

}  // namespace trailhound::event
