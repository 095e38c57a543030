#pragma once
/// The tree of a KQL query, before fields get their meaning.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/diagnostics.h"
#include "lang/query_value.h"
#include "plan/expression.h"

namespace trailhound::kuery {

struct Node {
  enum class Kind : std::uint8_t {
    everything,  ///< the empty query
    value,       ///< field: value; without a field: free text
    compare,     ///< field < value
    nested,      ///< field: { ... }; one child
    negation,    ///< one child
    all,         ///< two or more children
    any,
  };

  Kind kind = Kind::everything;
  LineColumn at;
  std::shared_ptr<const lang::QueryValue> field;  ///< shared by all values of a list
  lang::QueryValue value;
  plan::ComparisonOp op = plan::ComparisonOp::equal;
  std::vector<Node> children;
};

}  // namespace trailhound::kuery
