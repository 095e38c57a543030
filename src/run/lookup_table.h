#pragma once
/// Tables for LOOKUP JOIN and ENRICH from files: NAME.csv, NAME.jsonl or NAME.ndjson in a folder.
///
///     CSV         a header, then rows (RFC 4180). A header field may say its type: `score:integer`. Empty: null.
///     JSON lines  one object a line; nested names are joined by dots; lists are multi-values; null and missing: null.
///
/// A column without a stated type has the narrowest that all its values fit: boolean, long, double, ip, date (ISO with
/// a T; whole milliseconds, as in Elasticsearch), else keyword. JSON strings are never read as booleans or numbers.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/pipeline.h"

namespace trailhound::run {

/// Larger tables are refused.
inline constexpr std::size_t kMaxLookupBytes = 256u << 20;

/// An Error if there is no such file, or it cannot be read.
[[nodiscard]] Result<std::shared_ptr<const plan::LookupTable>> read_lookup_table(const std::string& folder,
                                                                                 std::string_view name);

/// The same for one file, by its whole name.
[[nodiscard]] Result<std::shared_ptr<const plan::LookupTable>> read_table_file(const std::string& path,
                                                                               std::string_view name);

}  // namespace trailhound::run
