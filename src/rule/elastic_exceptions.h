#pragma once
/// Exceptions: events that a rule must not see. In Elastic they lie in lists beside the rules; an export of rules
/// carries the lists' items in the same file:
///
///     {"rule_id": "...", "exceptions_list": [{"list_id": "l1", "namespace_type": "single", ...}], ...}
///     {"list_id": "l1", "item_id": "i1", "entries": [{"field": "user.name", "type": "match",
///      "operator": "included", "value": "scanner"}], ...}

#include <map>
#include <string>
#include <vector>

#include "rule/elastic_clauses.h"

namespace trailhound::rule {

/// The items of a file, by list.
using ExceptionItems = std::map<std::string, std::vector<const Node*>, std::less<>>;

/// Whether a document is an item of a list, or a list itself.
[[nodiscard]] bool is_exception_item(const Node& document);
[[nodiscard]] bool is_exception_list(const Node& document);
/// Adds an item to its list. The document must outlive the items.
void add_exception_item(const Node& document, ExceptionItems& items);

/// What the rule's lists exclude: an event that one of the conditions holds for is not seen. A list whose items are
/// not in the file is warned of (TH4208); an item that cannot be honoured is an error (TH4112).
[[nodiscard]] std::vector<plan::Expr> read_exceptions(const Payload& rule, const ExceptionItems& items,
                                                      const ElasticClauses& clauses);

}  // namespace trailhound::rule
