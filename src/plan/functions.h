#pragma once
/// Scalar functions of the plan. Adding one is
///
///   1. a row in the functions_*.def of its family (name, number of arguments, how it takes them, what it gives), and
///   2. a kernel of that name in engine/functions_*.cc:
///
///          namespace trailhound::engine::kernels {
///          Cell reverse(const FunctionCall& call) { ... }
///          }
///
/// A row without a kernel does not link. An ES|QL function of the same name (lang/esql/functions.cc) is lowered to it
/// without further work.

#include <cstdint>
#include <optional>
#include <string_view>

namespace trailhound::plan {

enum class Function : std::uint8_t {
#define FUNCTION(name, min_arguments, max_arguments, arguments, result) name,
#define LAZY_FUNCTION(name, min_arguments, max_arguments, result) name,
#include "plan/functions.def"
};

/// How a function takes its arguments. The evaluator sees to it before the kernel is called.
enum class ArgumentRule : std::uint8_t {
  /// Every argument is one value. One that is several gives null and a warning; one without a value gives null.
  single,
  /// The first argument is a whole cell that has values (none: null), the others are single.
  first_whole,
  /// Cells as they are, also those without values: the kernel decides.
  whole,
  /// The evaluator itself decides which arguments are evaluated at all; there is no kernel.
  lazy,
};

enum class ResultRule : std::uint8_t {
  one,           ///< one value or null
  truth,         ///< one boolean, or null for unknown
  as_arguments,  ///< several values only where an argument has several
  several,       ///< may be several whatever the arguments
};

struct FunctionInfo {
  Function function;
  std::string_view name;  ///< as printed in plans
  int min_arguments;
  int max_arguments;  ///< kAnyNumber: no limit
  ArgumentRule arguments;
  ResultRule result;
};
inline constexpr int kAnyNumber = -1;

[[nodiscard]] const FunctionInfo& info(Function function);
[[nodiscard]] std::optional<Function> function_named(std::string_view name);
/// Function values are 0 to kFunctionCount - 1.
[[nodiscard]] std::size_t function_count();

}  // namespace trailhound::plan
