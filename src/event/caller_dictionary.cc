#include "event/caller_dictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace trailhound::event {

namespace {

/// The end of the texts of the object at `at`, which has a key.
const char* end_of_texts(const Tape& tape, std::size_t at) {
  const std::size_t end = tape.after(at);
  if (tape.kind(end) == '"') return tape.text_entry(end);  // the next member's key lies behind them
  std::size_t last = at + 1;                               // a key
  for (std::size_t i = at + 1; i < end;) {
    const char kind = tape.kind(i);
    if (kind == '"') last = i;
    i = kind == '{' || kind == '[' ? i + 1 : tape.after(i);
  }
  const std::string_view text = tape.text(last);
  return text.data() + text.size() + 1;  // with the zero that simdjson puts there
}

}  // namespace

std::size_t CallerDictionary::ContentHash::operator()(const Content& content) const {
  const auto kinds = XXH3_64bits(content.kinds.data(), content.kinds.size());
  return XXH3_64bits_withSeed(content.texts.data(), content.texts.size(), kinds);
}

/// Eight samples all over the texts. What shares a place takes turns.
std::size_t CallerDictionary::place_of(std::string_view texts) {
  constexpr std::size_t kSamples = 8;
  std::uint64_t mixed = texts.size();
  if (texts.size() >= kSamples * sizeof(std::uint64_t)) {
    const std::size_t step = (texts.size() - sizeof(std::uint64_t)) / (kSamples - 1);
    const char* at = texts.data();
    for (std::size_t i = 0; i < kSamples; ++i, at += step) {
      mixed = (mixed ^ word_at<std::uint64_t>(at)) * 0x9E37'79B9'7F4A'7C15u;
      mixed ^= mixed >> 32;
    }
  }
  return mixed % kPlaces;
}

std::string_view CallerDictionary::texts_of(const Tape& tape, std::size_t at) {
  if (tape.kind(at + 1) != '"') return {};  // an empty object
  const char* const begin = tape.text_entry(at + 1);
  return {begin, static_cast<std::size_t>(end_of_texts(tape, at) - begin)};
}

bool CallerDictionary::note_kinds(const Tape& tape, std::size_t at) {
  kinds_.clear();
  for (std::size_t i = at + 1, end = tape.after(at); i < end; ++i) {
    const char kind = tape.kind(i);
    if (kind == 'l' || kind == 'u' || kind == 'd') return false;
    kinds_ += kind;
  }
  return true;
}

CallerDictionary::Codes::iterator CallerDictionary::add(const Content& content) {
  const Content copy = {arena_.copy(content.kinds), arena_.copy(content.texts)};
  const auto code = static_cast<std::uint32_t>(entries_.size());
  entries_.emplace_back();
  bytes_ += content.kinds.size() + content.texts.size();
  return codes_.emplace(copy, code).first;
}

void CallerDictionary::reset() {
  codes_.clear();
  entries_.resize(1);
  arena_.reset();
  bytes_ = 0;
  known_ = {};
  ++epoch_;
}

}  // namespace trailhound::event
