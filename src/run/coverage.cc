#include "run/coverage.h"

#include "base/hash.h"

namespace trailhound::run {

void Coverage::Values::add(std::uint64_t hash) {
  if (hashes.size() < kCap) {
    hashes.insert(hash);
  } else if (!hashes.contains(hash)) {
    capped = true;
  }
}

void Coverage::harvest(const std::array<event::CellDictionary, event::kHotCount>& dictionaries) {
  for (std::size_t c = 0; c < event::kHotCount; ++c) {
    const event::CellDictionary& dictionary = dictionaries[c];
    for (std::uint32_t code = event::CellDictionary::kObject + 1; code < dictionary.size(); ++code) {
      if (values_[c].capped) break;
      const Cell& cell = dictionary.cell(code);
      for (const Scalar& scalar : cell.values()) values_[c].add(hash64(to_text(scalar)));
    }
  }
}

void Coverage::merge(const Coverage& other) {
  for (std::size_t c = 0; c < event::kHotCount; ++c) {
    for (const std::uint64_t hash : other.values_[c].hashes) values_[c].add(hash);
    values_[c].capped = values_[c].capped || other.values_[c].capped;
  }
}

}  // namespace trailhound::run
