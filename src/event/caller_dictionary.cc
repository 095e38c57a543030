#include "event/caller_dictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace trailhound::event {

std::size_t CallerDictionary::ContentHash::operator()(const Content& content) const {
  return XXH3_64bits_withSeed(content.texts.data(), content.texts.size(), content.kinds.size());
}

std::optional<CallerDictionary::Content> CallerDictionary::content_of(const Tape& tape, std::size_t at) {
  const std::size_t first = at + 1;
  const std::size_t words = tape.after(at) - first;
  if (words > kMostWords) return std::nullopt;
  bool numbers = false;
  for (std::size_t i = 0; i < words; ++i) {
    const char kind = tape.kind(first + i);
    kinds_[i] = kind;
    numbers |= kind == 'l' || kind == 'u' || kind == 'd';  // whose second word may look like any kind
  }
  if (numbers) return std::nullopt;
  const std::string_view kinds(kinds_.data(), words);
  const std::size_t last = kinds.rfind('"');
  if (last == std::string_view::npos) return Content{kinds, {}};
  const char* texts = tape.text(first).data() - sizeof(std::uint32_t);  // with the size of the first one
  const std::string_view last_text = tape.text(first + last);
  const auto size = static_cast<std::size_t>(last_text.data() + last_text.size() - texts);
  if (size > kMostBytes) return std::nullopt;
  return Content{kinds, {texts, size}};
}

void CallerDictionary::add(const Content& content) {
  last_content_ = {arena_.copy(content.kinds), arena_.copy(content.texts)};
  last_ = static_cast<std::uint32_t>(entries_.size());
  entries_.emplace_back();
  codes_.emplace(last_content_, last_);
  bytes_ += content.kinds.size() + content.texts.size();
}

void CallerDictionary::reset() {
  codes_.clear();
  entries_.resize(1);
  arena_.reset();
  bytes_ = 0;
  last_ = kUnknown;
  ++epoch_;
}

}  // namespace trailhound::event
