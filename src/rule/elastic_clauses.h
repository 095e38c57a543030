#pragma once
/// Clauses about one field, as filters and exceptions have them: built from data, not from a query's text.
///
/// What a value means depends on the field's type (a network for an address, a number for a count); that knowledge is
/// KQL's, so a clause becomes KQL text and goes through it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/fields.h"
#include "plan/expression.h"
#include "rule/payload.h"

namespace trailhound::rule {

class ElasticClauses {
 public:
  explicit ElasticClauses(const lang::Fields& fields) : fields_(&fields) {}

  // None if the clause is wrong, which is reported at `key` of `where`.
  [[nodiscard]] std::optional<plan::Expr> equals(const Payload& where, std::string_view key, std::string_view field,
                                                 std::string_view value, bool case_insensitive = false) const;
  /// Equal to one of them; none: never.
  [[nodiscard]] std::optional<plan::Expr> equals_any(const Payload& where, std::string_view key, std::string_view field,
                                                     const std::vector<std::string>& values) const;
  /// `op` is "<", "<=", ">" or ">=".
  [[nodiscard]] std::optional<plan::Expr> compares(const Payload& where, std::string_view key, std::string_view field,
                                                   std::string_view op, std::string_view value) const;
  [[nodiscard]] std::optional<plan::Expr> exists(const Payload& where, std::string_view key,
                                                 std::string_view field) const;
  /// `*`, `?` and backslash escapes over the whole value.
  [[nodiscard]] std::optional<plan::Expr> wildcard(const Payload& where, std::string_view key, std::string_view field,
                                                   std::string_view pattern, bool case_insensitive) const;
  [[nodiscard]] std::optional<plan::Expr> prefix(const Payload& where, std::string_view key, std::string_view field,
                                                 std::string_view text, bool case_insensitive) const;
  /// A regular expression of Lucene's over the whole value.
  [[nodiscard]] std::optional<plan::Expr> regular(const Payload& where, std::string_view key, std::string_view field,
                                                  std::string_view expression, bool case_insensitive) const;
  /// A Lucene query string. Words without a field look into `default_field`, or into all fields if it is empty.
  [[nodiscard]] std::optional<plan::Expr> query_string(const Payload& where, std::string_view key,
                                                       std::string_view text, std::string_view default_field,
                                                       bool all_terms) const;
  [[nodiscard]] const lang::Fields& fields() const { return *fields_; }

 private:
  [[nodiscard]] std::optional<plan::Expr> kql(const Payload& where, std::string_view key, const std::string& text,
                                              bool case_insensitive) const;
  [[nodiscard]] std::optional<plan::Expr> matches(const Payload& where, std::string_view key, std::string_view field,
                                                  plan::Pattern pattern) const;

  const lang::Fields* fields_;
};

}  // namespace trailhound::rule
