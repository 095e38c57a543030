#pragma once
/// Conditions over aggregates of one group: `a > 3 && b > 0`, `2*a >= b`, `a > 0 THEN b > 0` (Datadog cases).

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "plan/expression.h"

namespace trailhound::plan {

/// factor * value of a query, or a constant when `query` is negative.
struct LinearTerm {
  int query = -1;
  double factor = 1;
  bool operator==(const LinearTerm&) const = default;
};

struct ConditionNode;
using Condition = std::shared_ptr<const ConditionNode>;

struct ConditionCompare {
  LinearTerm left;
  ComparisonOp op = ComparisonOp::greater;
  LinearTerm right;
};
struct ConditionAll {
  std::vector<Condition> operands;
};
struct ConditionAny {
  std::vector<Condition> operands;
};
/// `first` is satisfied by some prefix of the window, and `then` by the events strictly after the earliest such prefix.
struct ConditionThen {
  Condition first;
  Condition then;
};
struct ConditionNode {
  std::variant<ConditionCompare, ConditionAll, ConditionAny, ConditionThen> node;
};

/// Query names are needed to print; "a > 3 && b > 0".
[[nodiscard]] std::string print(const Condition& condition, const std::vector<std::string>& query_names);
[[nodiscard]] bool equal(const Condition& a, const Condition& b);

}  // namespace trailhound::plan
