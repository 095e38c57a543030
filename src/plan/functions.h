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
  analyzed_tokens,      ///< (text) → all tokens of all texts (plan/analyzer.h)
  analyzed_phrases,     ///< (text) → the tokens of each text as " a b c "
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
