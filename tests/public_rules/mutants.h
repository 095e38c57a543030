#pragma once
/// Plans with one thing taken out or moved by one: what tests of the cases themselves compare with the whole plan.

#include <string>
#include <vector>

#include "plan/expression.h"
#include "plan/plan.h"

namespace trailhound {

struct Mutant {
  plan::Expr expression;
  std::string without;  ///< what was taken out or changed, printed
};

/// One for each operand of a conjunction or disjunction and each value of a list, wherever it stands in the expression.
[[nodiscard]] std::vector<Mutant> mutants_of(const plan::Expr& expression);

/// One each for a number in a comparison that is one more, and one that is one less.
[[nodiscard]] std::vector<Mutant> with_other_bounds(const plan::Expr& expression);

struct PlanMutant {
  plan::Plan plan;
  std::string change;
};

/// Plans whose operator counts, waits or groups otherwise: a bound moved by one, a time by a run of the schedule, a
/// part of the key left out.
[[nodiscard]] std::vector<PlanMutant> operator_mutants_of(const plan::Plan& plan);

}  // namespace trailhound
