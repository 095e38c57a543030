#pragma once
/// Expressions as forms and back. See print_expression.cc for the grammar.

#include <optional>
#include <string_view>

#include "plan/expression.h"
#include "plan/text_form.h"

namespace trailhound::plan {

[[nodiscard]] Form to_form(const Expr& expression);
/// `text` is what the form was parsed from; it tells line and column in errors.
[[nodiscard]] Result<Expr> read_expression(const Form& form, std::string_view text, const ColumnResolver& columns);

/// An error at a form of `text`.
[[nodiscard]] std::unexpected<Error> error_at(const Form& form, std::string_view text, std::string what);

/// The type an expression has unless the text says otherwise.
[[nodiscard]] LogicalType natural_type(const Expression::Node& node);

/// The inverse of event::name_of.
[[nodiscard]] std::optional<LogicalType> type_named(std::string_view name);

/// Names of enumerators, in their order; printer and reader use the same.
inline constexpr std::string_view kDomainNames[] = {"native",  "text",    "folded",  "numeric",
                                                    "address", "version", "unsigned"};
inline constexpr std::string_view kNeedNames[] = {"key", "value", "leaf"};
inline constexpr std::string_view kFoldNames[] = {"none", "ascii", "unicode"};
inline constexpr std::string_view kComparisonSymbols[] = {"=", "!=", "<", "<=", ">", ">="};

/// Position of `name` among `names`, or -1.
template <std::size_t size>
[[nodiscard]] constexpr int index_of(std::string_view name, const std::string_view (&names)[size]) {
  for (std::size_t i = 0; i < size; ++i) {
    if (names[i] == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace trailhound::plan
