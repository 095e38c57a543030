#pragma once
/// Gives a syntax tree its meaning: names become attributes of known type, types are checked, literals converted,
/// aggregates put in their place.
///
///     auto bound = bind(text, query, schema, reporter);
///     if (bound) { ... }      // nothing: errors were reported
///
/// Everything that can be wrong with a query is found here, before any data; all findings are reported, not the first.
/// Types and rules are those of the language, whether or not a plan can be made of the result (see lowering.h).

#include <optional>
#include <string_view>

#include "lang/esql/bound.h"
#include "lang/esql/schema.h"
#include "lang/esql/syntax.h"
#include "lang/reporter.h"

namespace trailhound::esql {

[[nodiscard]] std::optional<BoundQuery> bind(std::string_view text, const Query& query, const Schema& schema,
                                             Reporter& reporter);

}  // namespace trailhound::esql
