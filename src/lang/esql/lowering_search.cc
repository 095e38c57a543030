// Predicates for which any value of a cell will do: MV_LIKE, MV_RLIKE, MV_IN_RANGE, MATCH and its kin. They are true or
// false, never null.

#include "lang/esql/codes.h"
#include "lang/esql/constant_arguments.h"
#include "lang/esql/like_pattern.h"
#include "lang/esql/lowering_state.h"
#include "lang/lucene_regex.h"

namespace trailhound::esql {

using plan::Expr;

namespace {

Expr element(LogicalType type) { return plan::make(plan::Variable{0}, type); }

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
  auto body = make(plan::Match{element(over->type), *std::move(pattern)}, LogicalType::boolean, e);
  return make(plan::Exists{std::move(over), std::move(body)}, e);
}

Expr Lowering::lower_mv_in_range(const Bound& e) {
  const plan::Domain domain = domain_of(e.operands[0]->type, e.operands[1]->type);
  auto over = cell(*e.operands[0]);
  auto least = scalar(*e.operands[1], e);
  auto most = scalar(*e.operands[2], e);
  if (!over || !least || !most) return nullptr;
  const auto compare = [&](plan::ComparisonOp op, Expr bound) {
    return make(plan::Compare{op, domain, element(over->type), std::move(bound)}, LogicalType::boolean, e);
  };
  auto body = plan::all_of({compare(plan::ComparisonOp::greater_equal, std::move(least)),
                            compare(plan::ComparisonOp::less_equal, std::move(most))});
  return make(plan::Exists{std::move(over), std::move(body)}, e);
}

/// MATCH(field, value), MATCH_PHRASE(field, value), `field : value`: over anything but analysed text, equality with
/// one of the values.
Expr Lowering::lower_match(const Bound& e) {
  const Bound& wanted = *e.operands[1];
  auto field = cell(*e.operands[0]);
  if (!field) return nullptr;
  if (stage_ != Stage::events || !std::holds_alternative<plan::Column>(field->node)) {
    return refuse(e, "a search function on anything but a field of the events, in a WHERE that follows FROM");
  }
  if (field->type == LogicalType::text) return refuse(e, "a search for words in a text field");
  if (!wanted.is_constant() || wanted.constant.size() > 1) {
    return refuse(wanted, "searching for what is not one constant");
  }
  if (wanted.is_null_constant()) return plan::constant(false);
  Value value = wanted.constant.front();
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && !is_string(field->type)) {
    auto converted = convert_literal(*text, field->type);
    if (!converted) {
      reporter_.error(codes::kLiteral, wanted.at,
                      "Cannot convert string [" + *text + "] to [" + std::string(name_of(field->type)) + "]");
      return nullptr;
    }
    value = *std::move(converted);
  } else if (text == nullptr && is_string(field->type)) {
    value = to_text(value);
  }
  const plan::Domain domain = domain_of(field->type, field->type);
  auto body = make(plan::Compare{plan::ComparisonOp::equal, domain, element(field->type),
                                 plan::literal(std::move(value), without_text(field->type))},
                   LogicalType::boolean, e);
  return make(plan::Exists{std::move(field), std::move(body)}, e);
}

Expr Lowering::lower_kql(const Bound& e) {
  if (stage_ == Stage::events && e.search) return e.search;
  return refuse(e, "KQL(...) anywhere but in a WHERE that follows FROM");
}

}  // namespace trailhound::esql
