#include "lang/clause.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace trailhound::lang {

using plan::ComparisonOp;
using plan::Domain;
using plan::Expr;
using plan::LogicalType;
using plan::Pattern;

Expr element(LineColumn at) { return plan::element(LogicalType::any, at); }

Expr match(Pattern pattern, LineColumn at) {
  return plan::make(plan::Match{element(at), std::move(pattern)}, LogicalType::boolean, at);
}

Expr compare_element(ComparisonOp op, Domain domain, Value value, LineColumn at) {
  return plan::make(
      plan::Compare{op, domain, element(at), plan::make(plan::Literal{{std::move(value)}}, LogicalType::any, at)},
      LogicalType::boolean, at);
}

Clause never(LineColumn at) {
  Clause clause = whole_clause(plan::constant(false));
  clause.at = at;
  return clause;
}

Clause whole_clause(Expr expression) {
  Clause clause;
  clause.at = expression->at;
  clause.whole = std::move(expression);
  return clause;
}

Expr to_expression(Clause clause) {
  if (clause.over == nullptr) return clause.whole;
  const LineColumn at = clause.at;
  std::vector<Expr> tests;
  if (!clause.values.empty()) {
    sort_distinct(clause.values);
    if (clause.values.size() == 1) {
      tests.push_back(compare_element(ComparisonOp::equal, clause.domain, std::move(clause.values.front()), at));
    } else {
      tests.push_back(plan::make(plan::OneOf{element(at), clause.domain, std::move(clause.values), false},
                                 LogicalType::boolean, at));
    }
  }
  if (!clause.blocks.empty()) {
    tests.push_back(plan::make(plan::InNetwork{element(at), std::move(clause.blocks)}, LogicalType::boolean, at));
  }
  for (Expr& test : clause.tests) tests.push_back(std::move(test));
  return plan::make(plan::Exists{clause.over, plan::any_of(std::move(tests))}, LogicalType::boolean, at);
}

Clause any_of_clauses(std::vector<Clause> clauses) {
  // One element that satisfies one of the clauses is one element that satisfies their disjunction.
  std::vector<Clause> joined;
  for (Clause& clause : clauses) {
    const auto same = std::ranges::find_if(joined, [&](const Clause& earlier) {
      return clause.over != nullptr && earlier.over != nullptr && earlier.domain == clause.domain &&
             plan::equal(earlier.over, clause.over);
    });
    if (same == joined.end()) {
      joined.push_back(std::move(clause));
      continue;
    }
    const auto append = [](auto& to, auto& from) {
      to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    append(same->values, clause.values);
    append(same->blocks, clause.blocks);
    append(same->tests, clause.tests);
  }
  if (joined.size() == 1) return std::move(joined.front());
  std::vector<Expr> operands;
  for (Clause& clause : joined) operands.push_back(to_expression(std::move(clause)));
  return whole_clause(plan::any_of(std::move(operands)));
}

}  // namespace trailhound::lang
