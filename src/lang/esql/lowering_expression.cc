// Bound expressions as expressions of the plan.

#include <algorithm>
#include <array>
#include <utility>

#include "lang/esql/codes.h"
#include "lang/esql/like_pattern.h"
#include "lang/esql/lowering_state.h"
#include "lang/lucene_regex.h"

namespace trailhound::esql {
namespace {

using plan::Expr;

/// Definitions are put in where they are used; this bounds what `EVAL b = CONCAT(a, a), c = CONCAT(b, b), ...` grows
/// to.
constexpr std::size_t kMaxNodes = 20'000;

/// Whether the node gives a truth value by itself.
bool is_truth(const Expr& expression) {
  if (const auto* call = std::get_if<plan::Call>(&expression->node))
    return plan::info(call->function).result == plan::ResultRule::truth;
  if (const auto* literal = std::get_if<plan::Literal>(&expression->node)) {
    return literal->values.empty() || (literal->values.size() == 1 && std::holds_alternative<bool>(literal->values[0]));
  }
  return std::holds_alternative<plan::Not>(expression->node) || std::holds_alternative<plan::And>(expression->node) ||
         std::holds_alternative<plan::Or>(expression->node) || std::holds_alternative<plan::IsTrue>(expression->node) ||
         std::holds_alternative<plan::Present>(expression->node) ||
         std::holds_alternative<plan::Compare>(expression->node) ||
         std::holds_alternative<plan::OneOf>(expression->node) ||
         std::holds_alternative<plan::Match>(expression->node) ||
         std::holds_alternative<plan::InNetwork>(expression->node) ||
         std::holds_alternative<plan::Exists>(expression->node);
}

plan::ComparisonOp comparison_of(Operation operation) {
  switch (operation) {
    case Operation::not_equal:
      return plan::ComparisonOp::not_equal;
    case Operation::less:
      return plan::ComparisonOp::less;
    case Operation::less_equal:
      return plan::ComparisonOp::less_equal;
    case Operation::greater:
      return plan::ComparisonOp::greater;
    case Operation::greater_equal:
      return plan::ComparisonOp::greater_equal;
    default:
      return plan::ComparisonOp::equal;
  }
}

/// The boolean of a constant, if it is one.
std::optional<bool> boolean_constant(const Bound& e) {
  if (!e.is_constant() || e.constant.size() != 1) return std::nullopt;
  const auto* truth = std::get_if<bool>(&e.constant.front());
  return truth ? std::optional<bool>(*truth) : std::nullopt;
}

/// LIKE "*" and RLIKE ".*", alone or in a list.
bool matches_everything(const Bound& e) {
  return std::any_of(e.operands.begin() + 1, e.operands.end(), [&](const BoundPtr& pattern) {
    const auto* text = pattern->is_constant() && pattern->constant.size() == 1
                           ? std::get_if<std::string>(&pattern->constant.front())
                           : nullptr;
    if (text == nullptr || text->empty()) return false;
    return e.operation == Operation::rlike ? *text == ".*" : text->find_first_not_of('*') == std::string::npos;
  });
}

}  // namespace

std::optional<std::int64_t> Lowering::fixed_micros(const Span& span) {
  std::int64_t days = 0;
  std::int64_t total = 0;
  if (span.months != 0 || __builtin_mul_overflow(span.days, std::int64_t{86'400'000'000}, &days) ||
      __builtin_add_overflow(days, span.micros, &total)) {
    return std::nullopt;
  }
  return total;
}

Expr Lowering::refuse(const Bound& e, const std::string& what, std::string hint) {
  reporter_.error(codes::kNotSupported, e.at, what + " is not supported in rules yet", std::move(hint));
  return nullptr;
}

/// Whether a cell may hold several values, so that a scalar operator has to meet it through single().
bool Lowering::may_hold_several(const Expr& expression) const {
  if (const auto* column = std::get_if<plan::Column>(&expression->node)) return column->column->name != "@timestamp";
  if (std::holds_alternative<plan::Each>(expression->node)) return true;
  if (const auto* literal = std::get_if<plan::Literal>(&expression->node)) return literal->values.size() > 1;
  if (const auto* slot = std::get_if<plan::Slot>(&expression->node)) {
    if (in_table_) return true;
    return slot->index < aggregate_.measures.size() &&
           aggregate_.measures[slot->index].aggregation == plan::RunAggregate::Aggregation::values;
  }
  const auto* call = std::get_if<plan::Call>(&expression->node);
  if (!call) return false;
  const plan::ResultRule result = plan::info(call->function).result;
  if (result != plan::ResultRule::as_arguments) return result == plan::ResultRule::several;
  return std::ranges::any_of(call->arguments, [this](const Expr& argument) { return may_hold_several(argument); });
}

Expr Lowering::scalar(const Bound& e, const Bound& user) {
  auto expression = cell(e);
  if (!expression || !may_hold_several(expression)) return expression;
  return make(plan::Single{std::move(expression)}, e.type, user);
}

Expr Lowering::as_predicate(Expr expression, const Bound& e) {
  if (!expression || is_truth(expression)) return expression;
  if (may_hold_several(expression)) expression = make(plan::Single{std::move(expression)}, LogicalType::boolean, e);
  return make(plan::Compare{plan::ComparisonOp::equal, plan::Domain::native, std::move(expression),
                            plan::literal(true, LogicalType::boolean)},
              LogicalType::boolean, e);
}

Expr Lowering::predicate(const Bound& e) { return as_predicate(cell(e), e); }

Expr Lowering::cell(const Bound& e) {
  if (built_ > kMaxNodes) {
    reporter_.error(codes::kTooComplex, e.at, "the expression grows too large once EVAL's columns are put in");
    return nullptr;
  }
  switch (e.operation) {
    case Operation::constant:
      return lower_constant(e);
    case Operation::span:
      return refuse(e, "a time span here");
    case Operation::attribute:
      return lower_attribute(e);
    case Operation::column:
      return make(plan::Column{e.column}, e);
    case Operation::call:
      return lower_call(e);
    case Operation::negate:
    case Operation::add:
    case Operation::subtract:
    case Operation::multiply:
    case Operation::divide:
    case Operation::modulo:
      return lower_arithmetic(e);
    case Operation::equal:
    case Operation::not_equal:
    case Operation::less:
    case Operation::less_equal:
    case Operation::greater:
    case Operation::greater_equal:
      return lower_comparison(e);
    case Operation::logical_not:
    case Operation::logical_and:
    case Operation::logical_or:
      return lower_logic(e);
    case Operation::like:
    case Operation::rlike:
      return lower_like(e);
    case Operation::in:
      return lower_in(e);
    case Operation::is_null: {
      auto operand = cell(*e.operands.front());
      if (!operand) return nullptr;
      return make(plan::Not{make(plan::Present{std::move(operand), plan::Present::Need::value}, e)}, e);
    }
    case Operation::cast:
      return lower_cast(e);
  }
  return nullptr;
}

Expr Lowering::lower_attribute(const Bound& e) {
  auto& definitions = stage_ == Stage::events ? events_ : rows_;
  const auto found = definitions.find(e.attribute);
  // Without an expression its definition was refused already.
  if (found == definitions.end() || !found->second.expression) {
    if (found == definitions.end()) return refuse(e, "the column [" + e.source + "]");
    return nullptr;
  }
  used_sources_.insert(e.attribute);
  built_ += found->second.size;
  return found->second.expression;
}

Expr Lowering::lower_constant(const Bound& e) { return make(plan::Literal{e.constant}, e); }

// ---- comparison -----------------------------------------------------------------------------------------------------

plan::Domain Lowering::domain_of(LogicalType a, LogicalType b) {
  const auto either = [&](LogicalType type) { return a == type || b == type; };
  if (either(LogicalType::version)) return plan::Domain::version;
  if (either(LogicalType::unsigned_long)) return plan::Domain::unsigned_whole;
  // Flattened leaves keep the kind they have in the JSON, while Elastic compares all of them as keywords.
  return either(LogicalType::any) ? plan::Domain::text : plan::Domain::native;
}

Expr Lowering::compare(const Bound& e, plan::ComparisonOp op, const Bound& left, const Bound& right) {
  // `condition == true` is the condition, `condition == false` its negation: unknown stays unknown.
  for (const auto& [constant, other] : {std::pair{&left, &right}, std::pair{&right, &left}}) {
    const auto truth = boolean_constant(*constant);
    if (!truth || (op != plan::ComparisonOp::equal && op != plan::ComparisonOp::not_equal)) continue;
    auto operand = cell(*other);
    if (!operand) return nullptr;
    if (!is_truth(operand)) break;
    const bool positive = *truth == (op == plan::ComparisonOp::equal);
    return positive ? operand : make(plan::Not{std::move(operand)}, LogicalType::boolean, e);
  }
  auto left_value = scalar(left, e);
  auto right_value = scalar(right, e);
  if (!left_value || !right_value) return nullptr;
  if (is_date(left.type) && is_date(right.type) && left.type != right.type) {
    auto& date = left.type == LogicalType::date ? left_value : right_value;
    date = make(plan::Call{plan::Function::nanos_to_compare, {std::move(date)}}, LogicalType::date_nanos, e);
  }
  // Beside doubles longs are doubles, rounded where they are large.
  if (left.type == LogicalType::real && right.type == LogicalType::long_integer) {
    right_value = converted(std::move(right_value), right.type, LogicalType::real, e);
  } else if (left.type == LogicalType::long_integer && right.type == LogicalType::real) {
    left_value = converted(std::move(left_value), left.type, LogicalType::real, e);
  }
  return make(plan::Compare{op, domain_of(left.type, right.type), std::move(left_value), std::move(right_value)},
              LogicalType::boolean, e);
}

Expr Lowering::lower_comparison(const Bound& e) {
  return compare(e, comparison_of(e.operation), *e.operands[0], *e.operands[1]);
}

Expr Lowering::lower_in(const Bound& e) {
  const Bound& needle = *e.operands.front();
  // A constant with several values warns when it is compared.
  const bool constants = std::all_of(e.operands.begin() + 1, e.operands.end(), [](const BoundPtr& value) {
    return value->is_constant() && value->constant.size() < 2;
  });
  const auto is_of_other_unit = [&needle](const BoundPtr& value) {
    return is_date(needle.type) && is_date(value->type) && value->type != needle.type;
  };
  if (!constants || boolean_constant(needle) || std::ranges::any_of(e.operands, is_of_other_unit)) {
    std::vector<Expr> alternatives;
    for (std::size_t i = 1; i < e.operands.size(); ++i) {
      auto alternative = compare(e, plan::ComparisonOp::equal, needle, *e.operands[i]);
      if (!alternative) return nullptr;
      alternatives.push_back(std::move(alternative));
    }
    return plan::any_of(std::move(alternatives));
  }
  plan::OneOf one_of;
  LogicalType values_type = LogicalType::null;
  for (std::size_t i = 1; i < e.operands.size(); ++i) {
    const Bound& value = *e.operands[i];
    if (value.type != LogicalType::null) values_type = value.type;
    if (value.constant.size() == 1) {
      one_of.values.push_back(value.constant.front());
    } else {
      one_of.has_null = true;
    }
  }
  one_of.needle = scalar(needle, e);
  if (!one_of.needle) return nullptr;
  one_of.domain = domain_of(needle.type, values_type);
  sort_distinct(one_of.values);
  return make(std::move(one_of), LogicalType::boolean, e);
}

// ---- logic and patterns ---------------------------------------------------------------------------------------------

Expr Lowering::lower_logic(const Bound& e) {
  std::vector<Expr> operands;
  for (const auto& operand : e.operands) {
    auto lowered = predicate(*operand);
    if (!lowered) continue;  // the others may have something to report as well
    operands.push_back(std::move(lowered));
  }
  if (operands.size() != e.operands.size()) return nullptr;
  if (e.operation == Operation::logical_not) {
    // IS NOT NULL is NOT over IS NULL; two negations cancel out in three-valued logic as well.
    if (const auto* negation = std::get_if<plan::Not>(&operands.front()->node)) return negation->operand;
    return make(plan::Not{std::move(operands.front())}, e);
  }
  return e.operation == Operation::logical_and ? plan::all_of(std::move(operands)) : plan::any_of(std::move(operands));
}

Expr Lowering::lower_like(const Bound& e) {
  // A pattern that every text matches asks whether there is a value at all: false for null, true for several values.
  if (matches_everything(e)) {
    auto operand = cell(*e.operands.front());
    return operand ? make(plan::Present{std::move(operand), plan::Present::Need::value}, e) : nullptr;
  }
  auto text = scalar(*e.operands.front(), e);
  if (!text) return nullptr;
  std::vector<Expr> alternatives;
  for (std::size_t i = 1; i < e.operands.size(); ++i) {
    const Bound& operand = *e.operands[i];
    if (operand.is_null_constant()) {
      alternatives.push_back(make(plan::Literal{}, e));
      continue;
    }
    const auto& source = std::get<std::string>(operand.constant.front());
    const bool regular = e.operation == Operation::rlike;
    auto pattern = regular ? lang::lucene_regex(source) : like_pattern(source);
    if (!pattern) {
      reporter_.error(codes::kPattern, operand.at,
                      std::string("Invalid pattern for ") + (regular ? "RLIKE" : "LIKE") + " [" + source +
                          "]: " + pattern.error().what,
                      pattern.error().hint);
      return nullptr;
    }
    alternatives.push_back(make(plan::Match{text, *std::move(pattern)}, e));
  }
  return plan::any_of(std::move(alternatives));
}

}  // namespace trailhound::esql
