#pragma once
/// One aggregate of one group in a table: takes rows in any order, in parts that are merged, and gives its value at the
/// end. Inside src/engine only.
///
/// Every value of a multi-value takes part (first and last see whole cells); nulls do not. Without
/// any value the result is null, but 0 for the counts, true for `absent` and false for `present`. Sums of doubles and
/// squares are kept in twice the precision, so that parts may be merged in any order.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/table/table.h"
#include "engine/table/value_set.h"

namespace trailhound::engine {

/// A double and the rounding error of what was added to it.
struct LongSum {
  double high = 0;
  double low = 0;
  void add(double value);
  void add_square(double value);
  void add(const LongSum& other);
};

class TableAggregate {
 public:
  explicit TableAggregate(const plan::AggregateRows::Measure& measure) : measure_(&measure) {}

  /// `position` says where the row stands; of two with the same claim the earlier (`last`: the later) one counts.
  /// Returns by how many bytes the state has grown.
  std::size_t add(const Row& row, std::string_view position);
  /// Returns by how many bytes the state has grown.
  std::size_t merge(TableAggregate&& other);
  [[nodiscard]] Values value(TableWarnings* warnings) const;

 private:
  struct Chosen {
    Value order;
    Values cell;
    std::string position;
    bool any = false;
  };
  std::size_t add_value(const Value& value);
  std::size_t add_top(const Value& value, const Values& output);
  std::size_t add_chosen(const Value& order, const Values& cell, std::string_view position);
  [[nodiscard]] bool better(const Value& a, const Value& b) const;
  [[nodiscard]] bool comes_before(const Value& a, const Value& b) const;
  [[nodiscard]] Values sum(TableWarnings* warnings) const;
  [[nodiscard]] Values quantile() const;
  [[nodiscard]] Values variance() const;
  [[nodiscard]] Values distinct_values() const;
  [[nodiscard]] Values top() const;

  const plan::AggregateRows::Measure* measure_;
  std::uint64_t count_ = 0;  ///< rows or values
  // What the rest holds depends on the aggregation; the states that few need are made when needed.
  Value best_;                        ///< min, max
  LongSum sum_;                       ///< sum, average, variance
  LongSum second_sum_;                ///< squares, weights
  __extension__ __int128 whole_ = 0;  ///< sum of integers
  std::unique_ptr<HashedValues> distinct_;
  std::unique_ptr<std::vector<double>> numbers_;                ///< quantiles
  std::unique_ptr<std::vector<std::pair<Value, Values>>> top_;  ///< a heap, the worst in front
  std::unique_ptr<Chosen> chosen_;                              ///< first, last
};

}  // namespace trailhound::engine
