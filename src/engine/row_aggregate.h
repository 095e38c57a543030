#pragma once
/// Aggregates of one result row: what STATS computes over the hits of one key. Inside src/engine only.
///
/// COUNT(*) counts hits, COUNT values; COUNT_DISTINCT, VALUES, MIN, MAX, SUM and AVG take every value of a multi-value
/// and no null. Without any value VALUES, MIN, MAX, SUM and AVG are null. VALUES come sorted and distinct. Integer sums
/// are exact, and null beyond 64 bits; sums of doubles are compensated. Hits may be taken away again, oldest first.

#include <cstdint>
#include <map>
#include <span>

#include "base/value.h"
#include "engine/hit.h"
#include "engine/queue.h"
#include "plan/plan.h"

namespace trailhound::engine {

// -Wpedantic knows no other way to name it.
__extension__ typedef __int128 Integer128;  // NOLINT(modernize-use-using): the same

struct ValueLess {
  bool operator()(const Value& a, const Value& b) const;  ///< numbers by value whatever their kind
};

class RowAggregate {
 public:
  explicit RowAggregate(const plan::RunAggregate::Measure& measure) : measure_(&measure) {}

  /// `arguments` are the query's argument cells of one hit.
  void add(std::span<const Values> arguments);
  void remove(std::span<const Values> arguments);
  [[nodiscard]] Values value() const;

 private:
  [[nodiscard]] bool counts(std::span<const Values> arguments) const;
  [[nodiscard]] bool keeps_distinct() const;
  [[nodiscard]] Values sum() const;
  [[nodiscard]] Values average() const;

  const plan::RunAggregate::Measure* measure_;
  std::uint64_t rows_ = 0;
  std::uint64_t values_ = 0;
  std::map<Value, std::uint64_t, ValueLess> distinct_;
  Integer128 integer_sum_ = 0;
  Queue<double> reals_;
};

}  // namespace trailhound::engine
