// Function calls as expressions of the plan. A function that plans have under the same name needs nothing here.

#include <algorithm>
#include <array>
#include <utility>

#include "lang/esql/codes.h"
#include "lang/esql/lowering_state.h"

namespace trailhound::esql {

using plan::Expr;

Expr Lowering::lower_call(const Bound& e) {
  const std::string_view name = e.function->name;
  if (e.function->kind == FunctionKind::aggregate) {
    if (const auto slot = aggregate_slots_.find(&e); slot != aggregate_slots_.end()) return slot->second;
    const auto found = measure_of_.find(&e);
    if (found == measure_of_.end()) return nullptr;  // reported when measures were registered
    return make(plan::Slot{found->second, aggregate_.measures[found->second].name}, e);
  }
  static constexpr auto kSpecial = std::to_array<SpecialFunction>({
      {"now", &Lowering::lower_now},
      {"date_trunc", &Lowering::lower_date_trunc},
      {"cidr_match", &Lowering::lower_cidr_match},
      {"case", &Lowering::lower_case},
      {"bucket", &Lowering::lower_bucket},
      {"tbucket", &Lowering::lower_bucket},
  });
  const auto* special = std::ranges::find(kSpecial, name, &SpecialFunction::name);
  if (special != kSpecial.end()) return (this->*special->lower)(e);
  if (const auto function = plan::function_named(name)) return lower_plain_call(e, *function);
  return refuse(e, "function [" + std::string(name) + "]");
}

/// A function that is the same in ES|QL and in plans.
Expr Lowering::lower_plain_call(const Bound& e, plan::Function function) {
  using plan::ArgumentRule;
  const ArgumentRule rule = plan::info(function).arguments;
  std::vector<Expr> arguments;
  for (const auto& operand : e.operands) {
    const bool single = rule == ArgumentRule::single || (rule == ArgumentRule::first_whole && !arguments.empty());
    auto argument = single ? scalar(*operand, e) : cell(*operand);
    if (!argument) return nullptr;
    // Flattened leaves keep the kind they have in the JSON, while Elastic keeps all of them as keywords.
    if (operand->type == LogicalType::any) {
      argument = make(plan::Call{plan::Function::to_text, {std::move(argument)}}, LogicalType::keyword, operand->at);
    }
    arguments.push_back(std::move(argument));
  }
  return make(plan::Call{function, std::move(arguments)}, e);
}

Expr Lowering::lower_now(const Bound& e) {
  if (stage_ == Stage::rows) return make(plan::RunTime{}, e);
  return refuse(e, "NOW() before STATS");
}

Expr Lowering::lower_date_trunc(const Bound& e) {
  const Bound& argument = *e.operands[0];
  const Span& span = argument.span;
  if (argument.operation != Operation::span || (span.months <= 0 && span.days <= 0 && span.micros <= 0)) {
    reporter_.error(codes::kValue, argument.at, "the span of DATE_TRUNC must be a positive time span");
    return nullptr;
  }
  auto date = scalar(*e.operands[1], e);
  if (!date) return nullptr;
  const auto calendar = [&](const char* unit, std::int64_t count) {
    return make(plan::Call{plan::Function::date_trunc_calendar,
                           {plan::literal(std::string(unit), LogicalType::keyword),
                            plan::literal(count, LogicalType::long_integer), date}},
                e);
  };
  if (span.months > 0)
    return span.months % 12 == 0 ? calendar("year", span.months / 12) : calendar("month", span.months);
  if (span.days == 7) return calendar("week", 1);  // seven days and a week are the same period
  const auto micros = fixed_micros(span);
  if (!micros || *micros <= 0) return refuse(argument, "a time span of this length");
  return make(plan::Call{plan::Function::date_trunc, {plan::literal(*micros, LogicalType::time_duration), date}}, e);
}

Expr Lowering::lower_cidr_match(const Bound& e) {
  plan::InNetwork network;
  network.address = scalar(*e.operands.front(), e);
  if (!network.address) return nullptr;
  for (std::size_t i = 1; i < e.operands.size(); ++i) {
    const Bound& block = *e.operands[i];
    if (!block.is_constant()) return refuse(block, "an address block that is not constant");
    for (const auto& value : block.constant) {
      const auto cidr = parse_cidr(std::get<std::string>(value));
      if (!cidr) {
        reporter_.error(codes::kLiteral, block.at, "is no address block: [" + std::get<std::string>(value) + "]");
        return nullptr;
      }
      network.blocks.push_back(*cidr);
    }
  }
  return make(std::move(network), e);
}

Expr Lowering::lower_case(const Bound& e) {
  std::vector<Expr> arguments;
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    const Bound& operand = *e.operands[i];
    const bool condition = i % 2 == 0 && i + 1 < e.operands.size();
    Expr argument = condition ? predicate(operand) : cell(operand);
    // Whole numbers among doubles are doubles.
    if (!condition && e.type == LogicalType::real && operand.is_constant() && is_whole(operand.type) && argument) {
      Values values;
      for (const auto& value : operand.constant)
        values.emplace_back(static_cast<double>(std::get<std::int64_t>(value)));
      argument = make(plan::Literal{std::move(values)}, LogicalType::real, operand.at);
    }
    if (!argument) return nullptr;
    arguments.push_back(std::move(argument));
  }
  return make(plan::Call{plan::Function::case_when, std::move(arguments)}, e);
}

}  // namespace trailhound::esql
