#pragma once
/// Scalar functions of the plan: one row a function. Adding one is a row in functions.cc (name, arity) and a kernel in
/// engine/function_kernels.cc.

#include <cstdint>
#include <optional>
#include <string_view>

namespace trailhound::plan {

/// Arguments are whole cells; unless the comment says otherwise an argument that is not exactly one value of the
/// expected kind gives null.
enum class Function : std::uint8_t {
  starts_with,          ///< (text, text) → boolean
  ends_with,            ///< (text, text) → boolean
  contains,             ///< (text, text) → boolean
  to_lower,             ///< (text) → text, full Unicode; element-wise
  to_upper,             ///< (text) → text; element-wise
  length,               ///< (text) → integer, code points
  concat,               ///< (text...) → text
  date_trunc,           ///< (fixed span in microseconds, date) → date; multiples since the epoch
  date_trunc_calendar,  ///< (unit as text: week, month, year; count; date) → date
  add,                  ///< numbers; date + span in microseconds
  subtract,
  multiply,
  divide,  ///< two integers divide as integers; by zero gives null
  modulo,
  coalesce,   ///< (any...) first that has a value; cells pass whole
  case_when,  ///< (condition, value, ..., else?) first whose condition is true; cells pass whole
  to_text,    ///< (any) → text as ES|QL prints it; element-wise
  mv_count,   ///< (any) → integer; null for no value
  // EQL's own (plan/eql_text.h): positions and lengths in UTF-16 units
  eql_length,    ///< (text) → integer
  eql_index_of,  ///< (text, part, start or null, fold) → integer; null if it is not found
  eql_slice,     ///< (text, start, end or null) → text
  eql_between,   ///< (text, left, right, greedy, fold) → text
  eql_number,    ///< (text, base or null) → number
};

struct FunctionInfo {
  Function function;
  std::string_view name;  ///< as printed in plans
  int min_arguments;
  int max_arguments;  ///< -1: no limit
  bool takes_whole_cells;
};
[[nodiscard]] const FunctionInfo& info(Function function);
[[nodiscard]] std::optional<Function> function_named(std::string_view name);

}  // namespace trailhound::plan
