#pragma once
/// Batches and columns without JSON: records whose hot values and other cells a test sets by hand.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "event/batch.h"
#include "event/cell_dictionary.h"
#include "event/column.h"
#include "notation.h"

namespace trailhound::engine::test {

/// A batch of hand-made records over small dictionaries.
class FakeBatch {
 public:
  static constexpr std::size_t kColdColumns = 3;
  struct Row {
    std::array<OwnedCell, event::kHotCount> hot;
    std::array<OwnedCell, kColdColumns> cold;
    /// By facet: its code, and the cell of its column, which must be the same for all rows of one code but 0.
    std::array<std::uint32_t, event::kFacetCount> facets{};
    std::array<OwnedCell, event::kFacetCount> of_facet;
  };

  explicit FakeBatch(std::size_t max_entries = 1u << 17);

  void clear();
  void add(const Row& row);
  /// Resets the dictionaries that are full. Only when clear.
  [[nodiscard]] bool any_full() const;
  void reset_full();

  event::Batch batch;
  std::array<event::CellDictionary, event::kHotCount> dictionaries;

  /// The cold cells of the rows of the batch that is being matched; columns find them by row.
  std::vector<Row> rows;

  /// A column that is a hot value, passed through; or the lengths of its texts.
  [[nodiscard]] static event::ColumnRef hot_column(event::Hot hot);
  [[nodiscard]] static event::ColumnRef lengths_of_hot_column(event::Hot hot);
  /// A column that only the record holds. The batch must outlive it.
  [[nodiscard]] event::ColumnRef cold_column(std::size_t index) const;
  /// A column that is a function of a facet. The batch must outlive it.
  [[nodiscard]] event::ColumnRef facet_column(event::Facet facet) const;
  /// What the caller's column says; else the recipient account, if that is one text; else what the record says.
  [[nodiscard]] event::ColumnRef caller_and_column() const;
};

}  // namespace trailhound::engine::test
