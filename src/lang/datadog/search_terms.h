#pragma once
/// What a parsed piece of a search query means: values of a field become expressions. Inside src/lang/datadog only.
///
/// Every test of a field is an `exists` over its cell, so it is two-valued: an absent field satisfies no value, and the
/// negation of any of them.

#include <optional>
#include <string>
#include <vector>

#include "plan/expression.h"

namespace trailhound::lang::datadog {

/// What a value is compared with.
struct Target {
  enum class Kind {
    attribute,   ///< @path: case counts
    tag,         ///< tag or reserved attribute: case does not count
    everything,  ///< `*:`: any value or word of the record, whatever its case
    free_text,   ///< no field named: words of the record, whatever their case
  };
  Kind kind = Kind::free_text;
  plan::Expr column;  ///< of an attribute or tag
};

/// A word or quoted text, escapes resolved. Wildcards occur in words only.
struct Term {
  std::vector<plan::Pattern::Piece> pieces;
  bool quoted = false;
  LineColumn at;

  [[nodiscard]] bool has_wildcard() const;
  [[nodiscard]] bool is_any() const;       ///< exactly `*`
  [[nodiscard]] std::string text() const;  ///< of the literal pieces
};

struct Range {
  std::optional<Term> low;  ///< none: `*`
  std::optional<Term> high;
  bool includes_low = true;
  bool includes_high = true;
  LineColumn at;
};

/// The number that a text is, whole and in decimal notation.
[[nodiscard]] std::optional<Value> to_number(std::string_view text);

[[nodiscard]] plan::Expr lower_term(const Target& target, const Term& term);
[[nodiscard]] plan::Expr lower_range(const Target& target, const Range& range);
/// field:>5. The bound may be no number: then texts are compared.
[[nodiscard]] plan::Expr lower_comparison(const Target& target, plan::ComparisonOp op, const Term& bound);
/// field:(a OR b OR c) of plain texts, as one set. None if a term is more than a plain text.
[[nodiscard]] std::optional<plan::Expr> lower_any_of(const Target& target, const std::vector<Term>& terms);

}  // namespace trailhound::lang::datadog
