#include "event/caller_dictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace trailhound::event {

std::size_t CallerDictionary::TextHash::operator()(std::string_view text) const {
  return XXH3_64bits(text.data(), text.size());
}

CallerDictionary::Codes::iterator CallerDictionary::add(std::string_view text) {
  const auto code = static_cast<std::uint32_t>(entries_.size());
  entries_.emplace_back();
  bytes_ += text.size();
  return codes_.emplace(arena_.copy(text), code).first;
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
