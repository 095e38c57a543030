#pragma once
/// Constant arguments that a function cannot take (an unknown unit, a bad pattern) are found before any event is read.
/// A check is a row in constant_arguments.cc; functions without one take every constant of the right type.

#include <optional>
#include <string>
#include <string_view>

#include "lang/esql/bound.h"

namespace trailhound::esql {

struct ArgumentComplaint {
  LineColumn at;
  std::string_view code;
  std::string message;
  std::string hint;
};

/// What is wrong with the constant arguments of a call that is otherwise bound, if anything.
[[nodiscard]] std::optional<ArgumentComplaint> check_constant_arguments(const Bound& call);

/// The text of a constant argument; nothing if it is left out, not constant, null or no text.
[[nodiscard]] const std::string* constant_text(const Bound& call, std::size_t index);
[[nodiscard]] const std::int64_t* constant_whole(const Bound& call, std::size_t index);

}  // namespace trailhound::esql
