#pragma once
/// KQL again, slowly and obviously: the syntax tree interpreted over JSON documents, without columns, plans or patterns
/// that are classified. What the lowering does is compared with it on random queries and documents.

#include <map>
#include <string>

#include "base/json_value.h"
#include "lang/kuery/syntax.h"

namespace trailhound::language_test {

/// Declared fields: name to type ("keyword", "long", "ip", "boolean", "flattened").
using FieldTypes = std::map<std::string, std::string, std::less<>>;

/// Whether the document satisfies the query.
[[nodiscard]] bool twin_matches(const kuery::Node& query, const FieldTypes& types, json::Value document);

}  // namespace trailhound::language_test
