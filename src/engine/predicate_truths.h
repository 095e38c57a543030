#pragma once
/// The truth of interned predicates for one record at a time, each found out once.
///
/// A hot predicate is evaluated once per distinct value, one over a facet once per distinct code: its truths are kept
/// by code, half a byte each, until the codes mean something new. Any other predicate is evaluated at most once a
/// record. Columns are read at most once a record. One a worker.

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/arena.h"
#include "engine/compiled_rules.h"
#include "engine/evaluator.h"
#include "event/batch.h"
#include "event/cell_dictionary.h"

namespace trailhound::engine {

using Dictionaries = std::array<event::CellDictionary, event::kHotCount>;

class PredicateTruths : private ColumnMemo {
 public:
  explicit PredicateTruths(const CompiledRules& rules);
  PredicateTruths(const PredicateTruths&) = delete;  // its context points to it
  PredicateTruths& operator=(const PredicateTruths&) = delete;

  /// What codes mean something new, by bit.
  struct Changed {
    std::uint32_t hot = 0;
    std::uint32_t facets = 0;
  };
  /// To be called before the records of a batch: drops what belongs to codes of an earlier epoch.
  Changed use(const event::Batch& batch);

  /// Starts a record; cells computed for the last one are gone.
  void begin(const event::Record& record);
  /// The truth of a predicate for this record.
  [[nodiscard]] Truth of(PredicateId id);
  /// For expressions beyond filters: keys, arguments, attributes. Valid until the next `begin`.
  [[nodiscard]] EvaluationContext& context() { return *context_; }
  /// Multi-values that single-value operators met since the last call. A remembered truth counts like a fresh one.
  [[nodiscard]] std::uint64_t take_warnings();

  /// The truth of a hot predicate for one code of its column. Counts no warnings, as no record is concerned.
  [[nodiscard]] Truth of_code(PredicateId id, std::uint32_t code) { return keep_code(id, code).truth(); }
  /// The same together with whether such a record would get a warning, as one byte that says nothing else.
  [[nodiscard]] char told_by_code(PredicateId id, std::uint32_t code) {
    return static_cast<char>(keep_code(id, code).bits);
  }
  /// The truth of a predicate that reads no other hot values than those given.
  [[nodiscard]] Truth of_hot_cells(PredicateId id, const HotCells& cells);

 private:
  /// A truth as it is kept: 0 = not known yet; else the truth plus one, and whether evaluating it gave a warning.
  struct Kept {
    std::uint8_t bits = 0;
    Kept() = default;
    explicit Kept(std::uint8_t raw) : bits(raw) {}
    Kept(Truth truth, bool warned)
        : bits(static_cast<std::uint8_t>((static_cast<unsigned>(truth) + 1) | (warned ? 4u : 0u))) {}
    [[nodiscard]] bool known() const { return bits != 0; }
    [[nodiscard]] Truth truth() const { return static_cast<Truth>((bits & 3u) - 1); }
    [[nodiscard]] bool warned() const { return (bits & 4u) != 0; }
  };
  /// Truths of one predicate by code, two a byte.
  struct CodeTruths {
    std::vector<std::uint8_t> bytes;
    [[nodiscard]] Kept get(std::uint32_t code) const;
    void set(std::uint32_t code, Kept kept);
  };
  struct RecordTruth {
    std::uint64_t record = 0;
    Kept kept;
  };
  struct ColumnCell {
    std::uint64_t record = 0;
    Cell cell;
  };
  /// Cells of one column that is a function of a hot value or facet, by code: parsing a user agent costs microseconds,
  /// and few of them are distinct. Bounded: an epoch's worth of hostile values must not be kept for every column.
  struct CodeCells {
    std::vector<std::uint32_t> place;  ///< by code: index in `cells` plus one; 0: not computed yet
    std::vector<Cell> cells;
  };
  static constexpr std::size_t kMaxCodeCells = 1u << 15;
  static constexpr std::size_t kMaxCodeBytes = 4u << 20;

  /// Cells of the hot value that was asked about last: predicates over one value are mostly asked one after the other,
  /// and parsing a user agent costs more than all of them.
  class ValueCells final : public ColumnMemo {
   public:
    void use(event::Hot column, std::uint32_t code);
    void forget();
    Cell* find(const event::Column& column, bool& known) override;
    Arena arena;

   private:
    std::optional<event::Hot> column_;
    std::uint32_t code_ = 0;
    std::deque<std::pair<const event::Column*, Cell>> cells_;
  };

  /// Numbers of columns by their address, as far as they were asked for lately: finding the number is in the way of
  /// every cell that is read.
  struct NumberedColumn {
    const event::Column* column = nullptr;
    std::uint32_t number = 0;
  };
  static constexpr std::size_t kNumbered = 512;
  [[nodiscard]] std::optional<std::uint32_t> number_of(const event::Column& column);

  Cell* find(const event::Column& column, bool& known) override;
  template <class Read>
  const Cell& cell_of_code(std::size_t number, std::uint32_t code, Read&& read);
  Cell copied_from_record(const event::Column& column);
  void forget_code_cells();
  void forget_truths(Changed changed);
  Kept of_facet(PredicateId id, const Predicate& predicate);
  Kept of_record(PredicateId id, const Predicate& predicate);
  Truth give(Kept kept);
  Kept keep_code(PredicateId id, std::uint32_t code);
  Kept evaluate_record(const Predicate& predicate);
  Truth all_of(const Predicate& predicate);
  Truth any_of(const Predicate& predicate);

  const CompiledRules& rules_;
  const Dictionaries* dictionaries_ = nullptr;
  std::array<std::uint32_t, event::kHotCount> epochs_{};
  std::uint32_t caller_epoch_ = 0;
  std::vector<CodeTruths> by_code_;       // by predicate; only those over a hot value or facet are filled
  std::vector<RecordTruth> by_record_;    // by predicate
  std::vector<ColumnCell> column_cells_;  // by number of column
  std::vector<CodeCells> code_cells_;     // by number of column; likewise
  std::size_t code_cell_count_ = 0;
  std::array<NumberedColumn, kNumbered> numbered_{};
  Arena code_arena_;  // what code_cells_ point to
  std::uint64_t record_number_ = 0;
  std::uint64_t warnings_ = 0;
  Arena record_arena_;
  ValueCells value_cells_;
  Arena value_arena_;  // for evaluating hot values, which no record's cells may vanish by
  std::optional<event::Record> record_;
  std::optional<EvaluationContext> context_;
};

}  // namespace trailhound::engine
