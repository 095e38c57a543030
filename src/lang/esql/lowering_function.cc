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
      {"mv_in_range", &Lowering::lower_mv_in_range}, {"mv_greater", &Lowering::lower_mv_compare},
      {"mv_less", &Lowering::lower_mv_compare},      {"mv_like", &Lowering::lower_mv_pattern},
      {"mv_rlike", &Lowering::lower_mv_pattern},     {"now", &Lowering::lower_now},
      {"date_trunc", &Lowering::lower_date_trunc},   {"date_diff", &Lowering::lower_date_diff},
      {"date_extract", &Lowering::lower_local_date}, {"date_unit_count", &Lowering::lower_local_date},
      {"day_name", &Lowering::lower_local_date},     {"month_name", &Lowering::lower_local_date},
      {"cidr_match", &Lowering::lower_cidr_match},   {"case", &Lowering::lower_case},
      {"bucket", &Lowering::lower_bucket},           {"date_format", &Lowering::lower_date_text},
      {"date_parse", &Lowering::lower_date_text},    {"e", &Lowering::lower_constant_number},
      {"pi", &Lowering::lower_constant_number},      {"tau", &Lowering::lower_constant_number},
  });
  const auto* special = std::ranges::find(kSpecial, name, &SpecialFunction::name);
  if (special != kSpecial.end()) return (this->*special->lower)(e);
  if (e.function->kind == FunctionKind::conversion) return lower_conversion(e);
  // Whole numbers have nothing to round: whole cells pass, multi-values too.
  const bool rounds = name == "ceil" || name == "floor" || (name == "round" && e.operands.size() == 1);
  if (rounds && is_whole(e.operands.front()->type)) return cell(*e.operands.front());
  if (name == "abs" && e.operands.front()->type == LogicalType::unsigned_long) return cell(*e.operands.front());
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
    // COALESCE, GREATEST and the like give one type, whatever the widths of their arguments.
    const bool alike = e.function->kind == FunctionKind::coalesce;
    const LogicalType wanted = alike                               ? e.type
                               : operand->type == LogicalType::any ? LogicalType::keyword
                                                                   : operand->type;
    argument = converted(std::move(argument), operand->type, wanted, *operand);
    arguments.push_back(std::move(argument));
  }
  return make(plan::Call{function, std::move(arguments)}, e);
}

Expr Lowering::lower_cidr_match(const Bound& e) {
  const bool constants = std::all_of(e.operands.begin() + 1, e.operands.end(), [](const BoundPtr& block) {
    return block->is_constant() && block->constant.size() == 1;
  });
  if (!constants) return lower_plain_call(e, plan::Function::cidr_match);
  plan::InNetwork network;
  network.address = scalar(*e.operands.front(), e);
  if (!network.address) return nullptr;
  for (std::size_t i = 1; i < e.operands.size(); ++i) {
    const Bound& block = *e.operands[i];
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
    // A multi-value as condition is a warning of the whole CASE.
    Expr argument = condition ? as_predicate(cell(operand), e) : cell(operand);
    if (!condition) argument = converted(std::move(argument), operand.type, e.type, operand);
    if (!argument) return nullptr;
    arguments.push_back(std::move(argument));
  }
  return make(plan::Call{plan::Function::case_when, std::move(arguments)}, e);
}

}  // namespace trailhound::esql
