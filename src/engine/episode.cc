#include "engine/episode.h"

#include <algorithm>
#include <tuple>

namespace trailhound::engine {

void DistinctTexts::add(const std::string& text) {
  if (text.empty() || std::find(texts.begin(), texts.end(), text) != texts.end()) return;
  if (texts.size() >= kCap) {
    capped = true;
    return;
  }
  texts.push_back(text);
}

void CarriedCells::add(Instant time, const std::string& event_key, std::vector<Values>&& cells) {
  if (events.empty()) {
    shared = cells;
  } else {
    for (std::size_t i = 0; i < shared.size(); ++i) {
      const auto is_missing = [&](const Value& value) {
        return i >= cells.size() || std::ranges::find(cells[i], value) == cells[i].end();
      };
      std::erase_if(shared[i], is_missing);
    }
  }
  const auto before = [](const Event& a, const Event& b) {
    return std::tie(a.time, a.event_key) < std::tie(b.time, b.event_key);
  };
  Event event{time, event_key, std::move(cells)};
  events.insert(std::upper_bound(events.begin(), events.end(), event, before), std::move(event));
  if (events.size() > (all_events ? kEventCap : 1)) events.pop_back();
}

}  // namespace trailhound::engine
