#pragma once
/// Aggregates over a window that moves forward: count, distinct tuples, sum, maximum. Inside src/engine only.
///
/// Entries come in and leave in the same order (first in, first out); each step costs amortised constant time. Sums and
/// maxima are never corrected by subtraction: a window that empties is exactly zero again, whatever passed through it.

#include <cstdint>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/hash.h"
#include "base/value.h"
#include "plan/plan.h"

namespace trailhound::engine {

using Aggregation = plan::TrailingCondition::Aggregation;

/// What a hit adds to the measure of one query besides being counted: a number, or the hash of a distinct tuple.
struct MeasureItem {
  std::uint32_t query = 0;
  double number = 0;
  Hash128 tuple;
};

/// At most this many tuples come from one hit whose distinct fields have several values each.
inline constexpr std::size_t kMaxTuplesPerHit = 1000;

/// Appends what a hit of `query` adds. Distinct fields are compared by their JSON text; each combination of their
/// elements is one tuple, and a missing field makes none. Only numbers are summed. False if there were more tuples than
/// kMaxTuplesPerHit: the others were left out.
[[nodiscard]] bool append_items(const plan::TrailingCondition::Measure& measure, std::uint32_t query,
                                std::span<const Values> arguments, std::vector<MeasureItem>& items);

/// Sum or maximum of a queue, by two stacks.
class QueueFold {
 public:
  void push(double value, bool maximum);
  void pop(bool maximum);
  /// 0 for an empty queue.
  [[nodiscard]] double value(bool maximum) const;

 private:
  std::vector<double> back_;                      ///< as pushed
  double back_fold_ = 0;                          ///< over back_
  std::vector<std::pair<double, double>> front_;  ///< value and fold over it and all newer ones of the front
};

struct HashOfHash128 {
  std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
};

class SlidingMeasure {
 public:
  explicit SlidingMeasure(Aggregation aggregation) : aggregation_(aggregation) {}

  /// A hit of this measure's query enters; `items` are those of the query.
  void add(std::span<const MeasureItem> items);
  /// The oldest hit leaves; called with what it was added with.
  void remove(std::span<const MeasureItem> items);
  [[nodiscard]] double value() const;

 private:
  Aggregation aggregation_;
  std::uint64_t count_ = 0;
  boost::unordered_flat_map<Hash128, std::uint64_t, HashOfHash128> tuples_;
  QueueFold fold_;
};

/// An integer value where the number is whole, as counts are.
[[nodiscard]] Value number_value(double number);
/// "3", "2.5".
[[nodiscard]] std::string number_text(double number);

}  // namespace trailhound::engine
