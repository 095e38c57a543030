#include "plan/functions.h"

#include <array>

namespace trailhound::plan {

namespace {

constexpr int kAnyNumber = -1;

// In the order of the enumeration.
constexpr std::array kFunctions{
    FunctionInfo{Function::starts_with, "starts_with", 2, 2, false},
    FunctionInfo{Function::ends_with, "ends_with", 2, 2, false},
    FunctionInfo{Function::contains, "contains", 2, 2, false},
    FunctionInfo{Function::to_lower, "to_lower", 1, 1, true},
    FunctionInfo{Function::to_upper, "to_upper", 1, 1, true},
    FunctionInfo{Function::length, "length", 1, 1, false},
    FunctionInfo{Function::concat, "concat", 1, kAnyNumber, false},
    FunctionInfo{Function::date_trunc, "date_trunc", 2, 2, false},
    FunctionInfo{Function::date_trunc_calendar, "date_trunc_calendar", 3, 3, false},
    FunctionInfo{Function::add, "add", 2, 2, false},
    FunctionInfo{Function::subtract, "subtract", 2, 2, false},
    FunctionInfo{Function::multiply, "multiply", 2, 2, false},
    FunctionInfo{Function::divide, "divide", 2, 2, false},
    FunctionInfo{Function::modulo, "modulo", 2, 2, false},
    FunctionInfo{Function::coalesce, "coalesce", 1, kAnyNumber, true},
    FunctionInfo{Function::case_when, "case_when", 2, kAnyNumber, true},
    FunctionInfo{Function::to_text, "to_text", 1, 1, true},
    FunctionInfo{Function::mv_count, "mv_count", 1, 1, true},
    FunctionInfo{Function::eql_length, "eql_length", 1, 1, false},
    FunctionInfo{Function::eql_index_of, "eql_index_of", 4, 4, false},
    FunctionInfo{Function::eql_slice, "eql_slice", 3, 3, false},
    FunctionInfo{Function::eql_between, "eql_between", 5, 5, false},
    FunctionInfo{Function::eql_number, "eql_number", 2, 2, false},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kFunctions.size(); ++i) {
    if (kFunctions[i].function != static_cast<Function>(i)) return false;
  }
  return kFunctions.back().function == Function::eql_number;
}
static_assert(in_order(), "info() takes the row by number");

}  // namespace

const FunctionInfo& info(Function function) { return kFunctions[static_cast<std::size_t>(function)]; }

std::optional<Function> function_named(std::string_view name) {
  for (const FunctionInfo& row : kFunctions) {
    if (row.name == name) return row.function;
  }
  return std::nullopt;
}

}  // namespace trailhound::plan
