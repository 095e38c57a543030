#pragma once
/// Lucene's query string syntax (`language = "lucene"`, ES|QL's QSTR): the text of a rule's query becomes a filter over
/// ECS fields.
///
///     auto filter = lucene::lower("event.action:(Get* OR List*) AND NOT user.name:/svc-[0-9]+/", fields, {},
///     reporter);

#include <optional>
#include <string>
#include <string_view>

#include "lang/fields.h"
#include "lang/reporter.h"
#include "plan/expression.h"

namespace trailhound::lucene {

struct Options {
  std::string default_field;      ///< empty: all fields
  bool all_terms = false;         ///< terms without an operator between them are joined by AND, not OR
  bool empty_matches_all = true;  ///< as in rules, where Kibana asks for everything; Elasticsearch itself finds nothing
};

/// The filter, two-valued, or none if an error was reported.
[[nodiscard]] std::optional<plan::Expr> lower(std::string_view text, const lang::Fields& fields, const Options& options,
                                              lang::Reporter& reporter);

}  // namespace trailhound::lucene
