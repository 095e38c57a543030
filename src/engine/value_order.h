#pragma once
/// Order and sets of the values of one multi-value. Inside src/engine only.

#include <span>
#include <vector>

#include "base/value.h"
#include "event/column.h"

namespace trailhound::engine {

/// Whether one value comes before another, both of a type: numbers by value, texts and addresses by bytes, false before
/// true, versions segment by segment. Values of different kinds are in the order of their kinds.
class ValueOrder {
 public:
  explicit ValueOrder(event::LogicalType type) : type_(type) {}
  bool operator()(const Scalar& a, const Scalar& b) const;

 private:
  event::LogicalType type_;
};

class ValueSet {
 public:
  explicit ValueSet(std::span<const Scalar> values);
  [[nodiscard]] bool contains(const Scalar& value) const;

 private:
  std::vector<Scalar> sorted_;
};

/// Each value once, by first appearance.
[[nodiscard]] std::vector<Scalar> distinct_values(std::span<const Scalar> values);

}  // namespace trailhound::engine
