// Aggregates that stand for others: WEIGHTED_AVG is a division of sums, and an aggregate of a constant is that constant
// seen as a multi-value, whatever rows there are.

#include <algorithm>
#include <array>
#include <utility>

#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"
#include "lang/esql/constant_arguments.h"
#include "lang/esql/lexer.h"

namespace trailhound::esql {
namespace {

struct OfConstant {
  std::string_view aggregate;
  std::string_view scalar;
  bool in_double;  ///< the constant is converted first
};
constexpr auto kOfConstants = std::to_array<OfConstant>({
    {"min", "mv_min", false},
    {"max", "mv_max", false},
    {"avg", "mv_avg", false},
    {"weighted_avg", "mv_avg", false},
    {"median", "mv_median", true},
    {"percentile", "mv_percentile", true},
    {"median_absolute_deviation", "mv_median_absolute_deviation", true},
});

bool is_zero(const Bound& constant) {
  if (constant.constant.size() != 1) return false;
  const Value& value = constant.constant.front();
  return value == Value(std::int64_t{0}) || value == Value(0.0);
}

bool is_no_percentage(const Bound& constant) {
  if (constant.constant.size() != 1) return false;
  const Value& value = constant.constant.front();
  const auto* whole = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  return (whole != nullptr && (*whole < 0 || *whole > 100)) || (real != nullptr && !(*real >= 0 && *real <= 100));
}

}  // namespace

std::shared_ptr<Bound> Binder::call_of(const Expression& e, std::string_view name, LogicalType type,
                                       std::vector<BoundPtr> arguments) const {
  auto call = make(e, Operation::call, type);
  call->function = find_function(name);
  call->operands = std::move(arguments);
  return call;
}

/// The aggregate call as it is evaluated.
BoundPtr Binder::expand_aggregate(const Expression& e, std::shared_ptr<Bound> call) {
  if (!call->operands.empty()) {
    // Columns that happen to be constant are aggregated row by row.
    const BoundPtr constant = KnownConstants().value_of(call->operands.front());
    if (constant && constant->is_constant() && constant->type != LogicalType::null) {
      if (auto expanded = aggregate_of_constant(e, *call, constant)) return expanded;
    }
  }
  if (call->function->name == "weighted_avg") return expand_weighted_average(e, *call);
  if (call->function->name == "percentile" && is_no_percentage(*call->operands[1])) {
    return make(e, Operation::constant, LogicalType::real);  // null, as Elasticsearch has it
  }
  return call;
}

/// Null where the aggregate has no such form.
BoundPtr Binder::aggregate_of_constant(const Expression& e, const Bound& call, const BoundPtr& constant) {
  const std::string_view name = call.function->name;
  if (name == "sum") {
    auto product = make(e, Operation::multiply, call.type);
    product->operands = {call_of(e, "mv_sum", constant->type, {constant}),
                         call_of(e, "count", LogicalType::long_integer, {})};
    return product;
  }
  if (name == "count_distinct") {
    auto distinct = constant->constant;
    sort_distinct(distinct);
    auto count = make(e, Operation::constant, LogicalType::long_integer);
    count->constant = {static_cast<std::int64_t>(distinct.size())};
    return count;
  }
  if (name == "top") return top_of_constant(e, call, constant);
  const auto* known = std::ranges::find(kOfConstants, name, &OfConstant::aggregate);
  if (known == kOfConstants.end()) return nullptr;
  auto arguments = call.operands;
  arguments.front() = known->in_double ? bind_cast(e, constant, LogicalType::real) : constant;
  if (name == "weighted_avg") arguments.pop_back();
  return call_of(e, known->scalar, call.type, std::move(arguments));
}

/// TOP([3, 4], 1, "desc") gives each value once, not once a row. A limit or an order that is wrong is found later.
BoundPtr Binder::top_of_constant(const Expression& e, const Bound& call, const BoundPtr& constant) const {
  const auto* limit = constant_whole(call, 1);
  if (limit == nullptr || *limit < 1 || call.operands.size() > 3) return nullptr;
  const auto* order = call.operands.size() == 3 ? constant_text(call, 2) : nullptr;
  const std::string direction = order ? lower_ascii(*order) : "asc";
  if (direction != "asc" && direction != "desc") return nullptr;
  const auto number = [&](std::int64_t value) {
    auto literal = make(e, Operation::constant, LogicalType::integer);
    literal->constant = {value};
    return literal;
  };
  auto text = make(e, Operation::constant, LogicalType::keyword);
  text->constant = {std::string(direction == "asc" ? "ASC" : "DESC")};
  auto sorted = call_of(e, "mv_sort", call.type, {constant, std::move(text)});
  return call_of(e, "mv_slice", call.type, {std::move(sorted), number(0), number(*limit - 1)});
}

/// SUM(x * w) / SUM(w), or the mean of all values if the weights are all the same.
BoundPtr Binder::expand_weighted_average(const Expression& e, const Bound& call) {
  const BoundPtr& value = call.operands[0];
  const BoundPtr& weight = call.operands[1];
  const BoundPtr constant = KnownConstants().value_of(weight);
  if (weight->type == LogicalType::null || (constant && (constant->is_null_constant() || is_zero(*constant)))) {
    reporter_.error(codes::kValue, at(e),
                    "second argument of [" + source_of(e) + "] cannot be null or 0, received [" + weight->source + "]");
    return nullptr;
  }
  const auto sum_of = [&](BoundPtr summed) {
    const auto type = summed->type == LogicalType::integer ? LogicalType::long_integer : summed->type;
    return call_of(e, "sum", type, {std::move(summed)});
  };
  auto quotient = make(e, Operation::divide, LogicalType::real);
  if (constant) {
    quotient->operands = {sum_of(value), call_of(e, "count", LogicalType::long_integer, {value})};
  } else {
    auto product = make(e, Operation::multiply, common_type(value->type, weight->type).value_or(LogicalType::real));
    product->operands = {value, weight};
    quotient->operands = {sum_of(std::move(product)), sum_of(weight)};
  }
  for (auto& operand : quotient->operands) operand = bind_cast(e, operand, LogicalType::real);
  return quotient;
}

}  // namespace trailhound::esql
