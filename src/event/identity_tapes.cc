#include "event/identity_tapes.h"

#include <utility>

#include "base/same_text.h"

namespace trailhound::event {
namespace {

/// AWS writes type, principalId, arn, accountId, accessKeyId. What tells callers apart ends in front of the commas
/// behind the second, third and fifth of them: each member has a key, a colon, a value and a comma.
constexpr std::size_t kBehindSecond = 8, kBehindThird = 12, kBehindFifth = 20;

std::uint64_t text_before(const IdentityTapes::Place& place, std::size_t which) {
  return word_at<std::uint64_t>(place.text + place.places[which] - sizeof(std::uint64_t));
}

}  // namespace

/// Only a guess: other objects have other things there, and then mostly are not found again.
std::uint64_t IdentityTapes::hash_of(const Place& place) {
  constexpr std::uint64_t kFactor = 0x9E37'79B9'7F4A'7C15u;
  std::uint64_t mixed = text_before(place, kBehindSecond) * kFactor;
  mixed = (mixed ^ mixed >> 32 ^ text_before(place, kBehindThird)) * kFactor;
  mixed = (mixed ^ mixed >> 32 ^ text_before(place, kBehindFifth)) * kFactor;
  return mixed ^ mixed >> 32;
}

const IdentityTapes::Known* IdentityTapes::find(const Place& place) const {
  if (place.places_left <= kBehindFifth) return nullptr;
  const Known& known = known_[hash_of(place) % kKnown];
  const char* const begin = place.text + place.places[0];
  const bool fits = known.number != 0 && known.in_record == place.in_record && known.on_tape == place.on_tape &&
                    known.text.size() <= static_cast<std::size_t>(place.text_end - begin);
  if (!fits || !is_same_text({begin, known.text.size()}, known.text)) return nullptr;
  return &known;
}

std::uint32_t IdentityTapes::learn(const Place& place, std::span<const std::uint64_t> words, std::size_t places) {
  if (places <= kBehindFifth || place.places_left <= places) return 0;
  const std::size_t begin = place.places[0];
  const std::size_t size = place.places[places - 1] + 1 - begin;
  if (size < kFewestBytes || size > kMostBytes) return 0;
  const std::uint64_t hash = hash_of(place);
  Known& known = known_[hash % kKnown];
  const auto part = static_cast<std::uint32_t>(hash >> 32);
  if (std::exchange(known.next, part) != part) return 0;
  if (++last_number_ == 0) ++last_number_;
  known.text.assign(place.text + begin, size);
  known.words.assign(words.begin(), words.end());
  known.places = places;
  known.in_record = place.in_record;
  known.on_tape = place.on_tape;
  known.number = last_number_;
  return last_number_;
}

}  // namespace trailhound::event
