#pragma once
/// How many kinds of things the data held, whatever the rules: the ground on which "this rule could not fire" stands.
/// Filled from the workers' dictionaries of distinct hot values, so it costs nothing per record. Values are told apart
/// by a 64-bit hash of their texts, which takes the same memory however long they are.

#include <array>
#include <cstdint>

#include <boost/unordered/unordered_flat_set.hpp>

#include "event/cell_dictionary.h"
#include "event/column.h"

namespace trailhound::run {

class Coverage {
 public:
  /// Distinct values known of a column; beyond it `capped` is set and `distinct` is a lower bound.
  static constexpr std::size_t kCap = 20'000;

  void harvest(const std::array<event::CellDictionary, event::kHotCount>& dictionaries);
  void merge(const Coverage& other);

  [[nodiscard]] std::size_t distinct(event::Hot column) const { return of(column).hashes.size(); }
  [[nodiscard]] bool capped(event::Hot column) const { return of(column).capped; }

 private:
  struct Values {
    boost::unordered_flat_set<std::uint64_t> hashes;
    bool capped = false;
    void add(std::uint64_t hash);
  };
  [[nodiscard]] const Values& of(event::Hot column) const { return values_[static_cast<std::size_t>(column)]; }

  std::array<Values, event::kHotCount> values_;
};

}  // namespace trailhound::run
