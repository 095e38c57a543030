#pragma once
/// Constants: what an expression without fields evaluates to before any event is seen.

#include <functional>
#include <optional>
#include <string_view>

#include "lang/eql/syntax.h"

namespace trailhound::eql {

/// Whether a field of that name exists; an optional field that does not is the constant null.
using FieldExists = std::function<bool(std::string_view name)>;

/// The value of a constant expression (monostate: null); nothing if it names a field, is a test, or does not compute.
[[nodiscard]] std::optional<Value> fold_constant(const Expression& expression, const FieldExists& exists);

}  // namespace trailhound::eql
