#include "engine/hit_texts.h"

namespace trailhound::engine {

std::optional<std::uint32_t> HitTexts::number_of(std::string_view text) {
  if (text.size() < kShortest || text.size() > kLongest) return std::nullopt;
  std::uint32_t& recent = recent_[place_of_text<kPlaces>(text)];
  if (recent != 0 && is_same_text(texts_[recent - 1], text)) return recent - 1;
  if (const auto found = numbers_.find(text); found != numbers_.end()) {
    recent = found->second + 1;
    return found->second;
  }
  const std::uint64_t hash = hash64(text);
  const auto mark = static_cast<std::uint32_t>(hash >> 32);
  std::uint32_t& seen = seen_[hash % kSeenPlaces];
  if (seen != mark || is_full()) {
    seen = mark;
    return std::nullopt;
  }
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(arena_.copy(text));
  numbers_.emplace(texts_.back(), number);
  recent = number + 1;
  return number;
}

bool HitTexts::is_full() const {
  // What a text takes beside its bytes: its view twice and its number, in tables that are up to half empty.
  constexpr std::size_t kBeside = 2 * (2 * sizeof(std::string_view) + sizeof(std::uint32_t));
  constexpr std::size_t kNextBlock = 64 * 1024;
  return arena_.bytes() + kNextBlock + texts_.size() * kBeside > budget_;
}

}  // namespace trailhound::engine
