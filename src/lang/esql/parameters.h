#pragma once
/// Values that a query names instead of writing them: `?name`, `?1` and `?` for values, `??name` and the like for names
/// of columns and functions.
///
///     trailhound query 'FROM cloudtrail | WHERE user.name == ?user | KEEP ??column' --param user=eve --param
///     column=event.action
///
/// Nothing is spliced into the text: a value stays a value whatever it holds.

#include <string>
#include <string_view>
#include <vector>

#include "lang/esql/syntax.h"

namespace trailhound::esql {

struct QueryParameter {
  std::string name;  ///< "" if it has none
  Literal value;
};
using Parameters = std::vector<QueryParameter>;

/// "user=eve", "n=5", "s=\"5\"", or a value alone. Whole numbers, decimals, true, false and null are read as such, all
/// else is text; double quotes around a value make it text.
[[nodiscard]] QueryParameter read_parameter(std::string_view text);

/// The one that `?user`, `?1` (the first) or, with `place` counted from 0, `?` means. Null if there is none.
[[nodiscard]] const QueryParameter* find_parameter(const Parameters& parameters, std::string_view text,
                                                   std::size_t place);

}  // namespace trailhound::esql
