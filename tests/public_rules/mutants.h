#pragma once
/// Filters with one thing taken out.

#include <string>
#include <vector>

#include "plan/expression.h"

namespace trailhound {

struct Mutant {
  plan::Expr expression;
  std::string without;  ///< what was taken out, printed
};

/// One for each operand of a conjunction or disjunction and each value of a list, wherever it stands in the expression.
[[nodiscard]] std::vector<Mutant> mutants_of(const plan::Expr& expression);

}  // namespace trailhound
