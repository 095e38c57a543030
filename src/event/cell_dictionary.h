#pragma once
/// Distinct cells of one hot column and their codes.
///
/// Code 0 is absent, 1 null, 2 an empty list, 3 an object; values and lists of values follow in order of appearance.
/// One a worker and column; kept across batches so that truth caches stay warm. When `full()`, the owner ends its use
/// of the codes and calls `reset()`, which starts a new epoch: caches compare `epoch()`.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/arena.h"
#include "base/same_text.h"
#include "base/value.h"

namespace trailhound::event {

/// The cell with its texts copied into `arena`.
[[nodiscard]] Cell copy_of(const Cell& cell, Arena& arena);

class CellDictionary {
 public:
  static constexpr std::uint32_t kAbsent = 0, kNull = 1, kEmpty = 2, kObject = 3;

  explicit CellDictionary(std::size_t max_entries = 1u << 16, std::size_t max_bytes = 8u << 20);

  /// The code of a string value; the usual case and the fast path.
  std::uint32_t code_of(std::string_view text);
  /// The code of any cell.
  std::uint32_t code_of(const Cell& cell);

  [[nodiscard]] const Cell& cell(std::uint32_t code) const { return cells_[code]; }
  [[nodiscard]] std::size_t size() const { return cells_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }  ///< of the texts
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  [[nodiscard]] bool full() const { return cells_.size() >= max_entries_ || bytes_ >= max_bytes_; }
  void reset();

 private:
  struct TextHash {
    using is_avalanching = void;  // the map need not mix the hash further
    std::size_t operator()(std::string_view text) const;
  };
  struct SameText {
    bool operator()(std::string_view a, std::string_view b) const { return is_same_text(a, b); }
  };

  std::size_t max_entries_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::uint32_t epoch_ = 0;
  Arena arena_;
  std::vector<Cell> cells_;
  using Codes = boost::unordered_flat_map<std::string_view, std::uint32_t, TextHash, SameText>;
  Codes texts_;   ///< strings as they are
  Codes others_;  ///< anything else in canonical form
};

}  // namespace trailhound::event
