#pragma once
/// Expressions as people write conditions, for explanations; `print` (expression.h) is the exact form.
///
///     describe(filter)   // event.action = "CreateUser" and not user.name like "svc-*"
///
/// An element of a lift is shown as what it is an element of, so that `exists(user.name, %0 = "a")` reads
/// user.name = "a". Long lists are cut short.

#include <string>

#include "base/value.h"
#include "plan/expression.h"

namespace trailhound::plan {

[[nodiscard]] std::string describe(const Expr& expression);
/// Of a condition of many parts only the beginning.
[[nodiscard]] std::string describe_briefly(const Expr& expression);
/// Cells as shown beside them: null, "text", 5, ["a", "b"].
[[nodiscard]] std::string describe(const Values& values);

}  // namespace trailhound::plan
