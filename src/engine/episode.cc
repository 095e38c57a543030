#include "engine/episode.h"

#include <algorithm>

namespace trailhound::engine {

void DistinctTexts::add(const std::string& text) {
  if (text.empty() || std::find(texts.begin(), texts.end(), text) != texts.end()) return;
  if (texts.size() >= kCap) {
    capped = true;
    return;
  }
  texts.push_back(text);
}

}  // namespace trailhound::engine
