#pragma once
/// Kibana's filter objects (`filters` of a rule): conditions in Elasticsearch's query language as data.
///
///     [[rule.filters]]
///     meta = { negate = true }
///     query = { wildcard = { "user.name" = { value = "svc-*", case_insensitive = true } } }
///
/// Known clauses: bool, match_all, match_none, exists, term, terms, match, match_phrase, prefix, match_phrase_prefix,
/// wildcard, range, query_string, and Kibana's combined filters. Another clause is refused by name (TH4111).

#include <vector>

#include "rule/elastic_clauses.h"

namespace trailhound::rule {

/// The conditions of all filters that are not disabled, each two-valued; what is wrong is reported.
[[nodiscard]] std::vector<plan::Expr> read_filters(const Payload& rule, std::string_view key,
                                                   const ElasticClauses& clauses);

}  // namespace trailhound::rule
