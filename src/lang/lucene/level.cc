#include "lang/lucene/level.h"

namespace trailhound::lucene {

using lang::Clause;
using plan::Expr;

Level::Occur Level::occur_of(Join join, Sign sign) const {
  if (sign == Sign::prohibited) return Occur::must_not;
  if (all_terms_) return join == Join::by_or ? Occur::should : Occur::must;  // a plus sign says nothing then
  return sign == Sign::required || join == Join::by_and ? Occur::must : Occur::should;
}

void Level::add(Join join, Sign sign, Clause clause) {
  if (!clauses_.empty() && clauses_.back().first != Occur::must_not) {
    if (join == Join::by_and) clauses_.back().first = Occur::must;
    if (all_terms_ && join == Join::by_or) clauses_.back().first = Occur::should;
  }
  clauses_.emplace_back(occur_of(join, sign), std::move(clause));
}

Clause Level::take() {
  std::vector<Expr> operands;
  std::vector<Clause> should;
  bool has_must = false;
  for (auto& [occur, clause] : clauses_) {
    if (occur == Occur::should) {
      should.push_back(std::move(clause));
    } else {
      Expr expression = lang::to_expression(std::move(clause));
      operands.push_back(occur == Occur::must ? std::move(expression) : plan::negate(std::move(expression)));
      has_must = has_must || occur == Occur::must;
    }
  }
  if (has_must || should.empty()) return lang::whole_clause(plan::all_of(std::move(operands)));
  Clause any = lang::any_of_clauses(std::move(should));
  if (operands.empty()) return any;
  operands.insert(operands.begin(), lang::to_expression(std::move(any)));
  return lang::whole_clause(plan::all_of(std::move(operands)));
}

}  // namespace trailhound::lucene
