#pragma once
/// A short notation for cells and expressions in test tables; independent of the plan's own printed form.
///
///   cells        absent  null  []  {}  true  5  2.5  "abc"  @10.0.0.1  ["abc", "x"]
///   expressions  a cell without absent, [] and {}: a literal
///                c, c1, c2    the columns given by the test; c is slot 0 if none is given
///                s0, s1       slots
///                v, v1        the element of the innermost lift, of the next
///                now          the run time
///                exists(c, body) single(c) each(c, body) not(x) and(...) or(...) is_true(x)
///                has_key(c) has_value(c) has_leaf(c)
///                native.less(a, b)          a domain and an operator
///                one_of.text(a, ["x"])      one_of_or_null.text: the list held a null
///                match(a, "ab*") match.ascii(...) match.unicode(...): * any run, ? one code point, \ escapes
///                in_network(a, "10.0.0.0/8", ...)
///                starts_with(a, b) ...      the functions by their plan names
///                integer:add(a, b), date:c  an expression with its logical type
/// Errors in a table are test bugs: they throw std::invalid_argument.

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "event/column.h"
#include "plan/expression.h"

namespace trailhound::engine::test {

/// A cell that owns what it shows.
struct OwnedCell {
  Cell::State state = Cell::State::absent;
  Values values;
  [[nodiscard]] Cell view(Arena& arena) const&;  ///< texts are those of this object
  Cell view(Arena& arena) const&& = delete;
  bool operator==(const OwnedCell&) const = default;
};
[[nodiscard]] OwnedCell own(const Cell& cell);

[[nodiscard]] OwnedCell read_cell(std::string_view text);
[[nodiscard]] plan::Expr read_expression(std::string_view text, const std::vector<event::ColumnRef>& columns);
[[nodiscard]] std::string write(const OwnedCell& cell);

}  // namespace trailhound::engine::test
