#pragma once
/// Tables as the language suites write and compare them.
///
///     v:long, s:keyword
///     [1, "a"]
///     [[2, 3], null]
///
/// The first line names columns and types as Elasticsearch does; every further line is one row as a JSON array. A list
/// is a multi-value. Dates are ISO texts with three digits, addresses their canonical text. Doubles agree when twelve
/// digits do.

#include <string>
#include <string_view>
#include <vector>

#include "run/query.h"

namespace trailhound::language_test {

struct ResultTable {
  std::vector<std::string> columns;            ///< "name:type"
  std::vector<std::vector<std::string>> rows;  ///< cells as JSON in one canonical form

  void sort_rows();
  /// The values of every multi-value in order: for what VALUES and MV_DEDUPE leave open.
  void sort_values();
  [[nodiscard]] std::string text() const;  ///< in the form in which cases write it
  bool operator==(const ResultTable&) const = default;
};

/// Throws on a text that is no table, which is a bug of the case.
[[nodiscard]] ResultTable parse_result_table(const std::vector<std::string_view>& lines);
[[nodiscard]] ResultTable to_result_table(const run::QueryResult& result);

}  // namespace trailhound::language_test
