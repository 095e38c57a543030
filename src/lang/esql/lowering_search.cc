// Predicates for which any value of a cell will do: MV_LIKE, MV_RLIKE, MV_IN_RANGE and their kin. They are true or
// false, never null.

#include "lang/esql/codes.h"
#include "lang/esql/constant_arguments.h"
#include "lang/esql/like_pattern.h"
#include "lang/esql/lowering_state.h"
#include "lang/lucene_regex.h"

namespace trailhound::esql {

using plan::Expr;

namespace {

bool is_set(const Bound& call, std::size_t option) { return call.operands.at(option)->constant.front() == Value(true); }

}  // namespace

Expr Lowering::lower_mv_pattern(const Bound& e) {
  const bool regular = e.function->name == "mv_rlike";
  auto over = cell(*e.operands[0]);
  if (!over) return nullptr;
  if (e.operands[1]->is_null_constant()) return plan::constant(false);
  const std::string* text = constant_text(e, 1);
  if (text == nullptr) return refuse(*e.operands[1], "a pattern that is not constant");
  auto pattern = regular ? lang::lucene_regex(*text) : like_pattern(*text);
  if (!pattern) {
    reporter_.error(codes::kPattern, e.operands[1]->at,
                    std::string("Invalid pattern for ") + (regular ? "MV_RLIKE" : "MV_LIKE") + " [" + *text +
                        "]: " + pattern.error().what,
                    pattern.error().hint);
    return nullptr;
  }
  auto body = make(plan::Match{plan::element(over->type), *std::move(pattern)}, LogicalType::boolean, e);
  return make(plan::Exists{std::move(over), std::move(body)}, e);
}

/// Operands 3 and 4 say whether the bounds belong to the range.
Expr Lowering::lower_mv_in_range(const Bound& e) {
  const plan::Domain domain = domain_of(e.operands[0]->type, e.operands[1]->type);
  auto over = cell(*e.operands[0]);
  auto least = scalar(*e.operands[1], e);
  auto most = scalar(*e.operands[2], e);
  if (!over || !least || !most) return nullptr;
  const auto compare = [&](plan::ComparisonOp op, Expr bound) {
    return make(plan::Compare{op, domain, plan::element(over->type), std::move(bound)}, LogicalType::boolean, e);
  };
  using enum plan::ComparisonOp;
  auto body = plan::all_of({compare(is_set(e, 3) ? greater_equal : greater, std::move(least)),
                            compare(is_set(e, 4) ? less_equal : less, std::move(most))});
  return make(plan::Exists{std::move(over), std::move(body)}, e);
}

/// MV_GREATER and MV_LESS; operand 2 says whether the bound itself will do.
Expr Lowering::lower_mv_compare(const Bound& e) {
  const plan::Domain domain = domain_of(e.operands[0]->type, e.operands[1]->type);
  auto over = cell(*e.operands[0]);
  auto bound = scalar(*e.operands[1], e);
  if (!over || !bound) return nullptr;
  using enum plan::ComparisonOp;
  const bool included = is_set(e, 2);
  const auto op =
      e.function->name == "mv_greater" ? (included ? greater_equal : greater) : (included ? less_equal : less);
  auto body = make(plan::Compare{op, domain, plan::element(over->type), std::move(bound)}, LogicalType::boolean, e);
  return make(plan::Exists{std::move(over), std::move(body)}, e);
}

}  // namespace trailhound::esql
