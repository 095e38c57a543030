#include "run/coverage.h"

namespace trailhound::run {

void Coverage::harvest(const std::array<event::CellDictionary, event::kHotCount>& dictionaries) {
  for (std::size_t c = 0; c < event::kHotCount; ++c) {
    const event::CellDictionary& dictionary = dictionaries[c];
    for (std::uint32_t code = event::CellDictionary::kObject + 1; code < dictionary.size(); ++code) {
      const Cell& cell = dictionary.cell(code);
      for (const Scalar& scalar : cell.values()) {
        if (values_[c].size() >= kCap) {
          capped_[c] = true;
          break;
        }
        values_[c].insert(to_text(scalar));
      }
    }
  }
}

void Coverage::merge(const Coverage& other) {
  for (std::size_t c = 0; c < event::kHotCount; ++c) {
    values_[c].insert(other.values_[c].begin(), other.values_[c].end());
    capped_[c] = capped_[c] || other.capped_[c];
  }
}

}  // namespace trailhound::run
