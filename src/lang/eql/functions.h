#pragma once
/// The functions of EQL: names, arguments, which have a form with ~.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trailhound::eql {

enum class FunctionId : std::uint8_t {
  add,
  between,
  cidr_match,
  concat,
  divide,
  ends_with,
  index_of,
  length,
  modulo,
  multiply,
  number,
  starts_with,
  string,
  string_contains,
  substring,
  subtract,
  wildcard,
};

/// What an argument may be.
enum class ArgumentKind : std::uint8_t { any, text, number, whole, boolean, address };

struct FunctionInfo {
  FunctionId id;
  std::string_view name;  ///< as documented: "stringContains"
  int min_arguments;
  int max_arguments;  ///< kAnyNumber: no limit
  bool has_insensitive;
  bool is_test;                           ///< gives a boolean
  std::array<ArgumentKind, 4> arguments;  ///< the last one also for all that follow

  static constexpr int kAnyNumber = -1;
  [[nodiscard]] ArgumentKind kind_of(std::size_t argument) const;
  /// An argument that may be left out; null there means the same.
  [[nodiscard]] bool is_optional(std::size_t argument) const;
};

/// Case of the name does not matter.
[[nodiscard]] const FunctionInfo* function_named(std::string_view name);
/// The nearest function name, or "".
[[nodiscard]] std::string nearest_function(std::string_view name);

}  // namespace trailhound::eql
