#pragma once
/// Queries inside a query: `WHERE x IN (FROM ... | KEEP y)` and `FROM (FROM ... | ...), (FROM ...)`. They are asked
/// first, one after another, and their answers take their places. Inside src/run only.
///
///     TRY(const bool good, answer_sub_queries(text, query, ask, reporter, rows));
///
/// The answer of an IN becomes a list of values; the answers of FROM become a table, whose columns are those of all
/// sub-queries by name, in order of appearance. A branch of FORK is a query with what is in front of FORK.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "lang/esql/syntax.h"
#include "lang/reporter.h"
#include "run/query.h"

namespace trailhound::run {

using Ask = std::function<Result<std::optional<QueryResult>>(const std::string& text)>;

/// False if a sub-query was wrong, which was reported then. `rows` gets those of FROM.
[[nodiscard]] Result<bool> answer_sub_queries(std::string_view text, esql::Query& query, const Ask& ask,
                                              esql::Reporter& reporter, std::vector<std::vector<Values>>& rows);

}  // namespace trailhound::run
