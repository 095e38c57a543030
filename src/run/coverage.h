#pragma once
/// What kinds of things the data held, whatever the rules: the ground on which "this rule could not fire" stands.
/// Filled from the workers' dictionaries of distinct hot values, so it costs nothing per record. Bounded.

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "event/cell_dictionary.h"
#include "event/column.h"

namespace trailhound::run {

class Coverage {
 public:
  /// Distinct values kept a column; beyond it `capped` is set and a count is a lower bound.
  static constexpr std::size_t kCap = 20'000;

  void harvest(const std::array<event::CellDictionary, event::kHotCount>& dictionaries);
  void merge(const Coverage& other);

  [[nodiscard]] const std::set<std::string>& values(event::Hot column) const {
    return values_[static_cast<std::size_t>(column)];
  }
  [[nodiscard]] bool capped(event::Hot column) const { return capped_[static_cast<std::size_t>(column)]; }

 private:
  std::array<std::set<std::string>, event::kHotCount> values_;
  std::array<bool, event::kHotCount> capped_{};
};

}  // namespace trailhound::run
