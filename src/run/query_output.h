#pragma once
/// The answer to a query as text.

#include <string>

#include "run/query.h"

namespace trailhound::run {

/// {"columns":[{"name","type"}],"values":[[...]]} on one line, as Elasticsearch's _query API prints it: dates in ISO
/// form with milliseconds and Z, multi-values as arrays, null for no value.
[[nodiscard]] std::string to_json(const QueryResult& result);
/// A header and one line a row (RFC 4180, lines end in \n): multi-values as [a,b], nothing for null.
[[nodiscard]] std::string to_csv(const QueryResult& result);
/// Aligned columns for people; control characters are made visible. Columns without any value are left out and named in
/// the last line if there are more than `max_columns` columns.
[[nodiscard]] std::string to_table(const QueryResult& result, std::size_t max_columns = 20);

/// Name of a column's type as the API gives it.
[[nodiscard]] std::string_view type_name(plan::LogicalType type);

}  // namespace trailhound::run
