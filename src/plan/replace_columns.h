#pragma once
/// The same expression over other columns: a rule's conditions, read from documents of another kind.

#include <functional>

#include "plan/expression.h"

namespace trailhound::plan {

/// Every column becomes what `replacement` gives for it. Types, places in the rule's text and everything else stay.
/// What reads no column is shared with the old expression. Null stays null.
[[nodiscard]] Expr replace_columns(const Expr& expression,
                                   const std::function<event::ColumnRef(const event::ColumnRef&)>& replacement);

}  // namespace trailhound::plan
