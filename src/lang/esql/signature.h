#pragma once
/// What the letters of a function's signature (functions.h) ask of its arguments.

#include <cstddef>
#include <string_view>
#include <vector>

#include "lang/esql/types.h"

namespace trailhound::esql {

/// One argument of a signature.
struct WantedArgument {
  char letter = 'g';
  bool constant = false;
  bool alone = false;  ///< the only one: messages do not number it
};

/// A signature's arguments: "?sd" is two, of which the first may be left out.
struct Shape {
  std::vector<WantedArgument> parameters;
  bool first_is_optional = false;
  std::size_t required = 0;
  bool repeats = false;
};
[[nodiscard]] Shape shape_of(std::string_view signature);

/// Whether an argument of this type fits; null fits everywhere.
[[nodiscard]] bool accepts(char letter, LogicalType type);
/// What a message calls it: "must be [integer]".
[[nodiscard]] std::string_view wanted_name(char letter);
/// The type that a string literal is read as; null: it stays a string.
[[nodiscard]] LogicalType literal_target(char letter);

}  // namespace trailhound::esql
