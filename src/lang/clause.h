#pragma once
/// A clause of a query string on its way to an expression: clauses on the same cell are joined before they are made
/// into one, so that `a or b or c` on a field asks for its elements once.
///
///     Expr filter = to_expression(any_of_clauses({std::move(first), std::move(second)}));

#include <vector>

#include "base/diagnostics.h"
#include "base/ip_address.h"
#include "base/value.h"
#include "plan/expression.h"

namespace trailhound::lang {

/// One clause on its way to an expression. Tests of elements of the same cell can be joined.
struct Clause {
  plan::Expr over;                ///< the cell whose elements are tested; null: `whole` is the clause
  plan::Domain domain{};          ///< of `values`
  Values values;                  ///< an element that equals one of them satisfies the clause,
  std::vector<Cidr> blocks;       ///< or lies in one of them,
  std::vector<plan::Expr> tests;  ///< or makes one of these true (Variable 0 is the element)
  plan::Expr whole;
  LineColumn at;
};

/// A clause that no other can be joined with.
[[nodiscard]] Clause whole_clause(plan::Expr expression);
/// Satisfied by nothing.
[[nodiscard]] Clause never(LineColumn at);
[[nodiscard]] plan::Expr to_expression(Clause clause);
[[nodiscard]] Clause any_of_clauses(std::vector<Clause> clauses);

/// The element that a clause's tests are about, and tests of it.
[[nodiscard]] plan::Expr element(LineColumn at);
[[nodiscard]] plan::Expr match(plan::Pattern pattern, LineColumn at);
[[nodiscard]] plan::Expr compare_element(plan::ComparisonOp op, plan::Domain domain, Value value, LineColumn at);

}  // namespace trailhound::lang
