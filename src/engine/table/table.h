#pragma once
/// What the commands of a table pipeline work on: rows that are pushed from one command to the next. Inside src/engine,
/// and for the driver of queries.
///
///     sink.add(row) ... sink.finish()
///
/// A command that holds rows (sort, aggregate) gives them out in `finish`. An Error means that the query cannot go on:
/// a full disk, or state beyond the memory budget.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "base/value.h"
#include "engine/evaluation_warnings.h"
#include "engine/row_expression.h"
#include "plan/pipeline.h"

namespace trailhound::engine {

using TableWarnings = EvaluationWarnings;

struct TableContext {
  Instant run_time;                   ///< NOW()
  std::size_t memory = 64u << 20;     ///< of one command that holds rows or groups
  std::string temporary_folder;       ///< for sorting beyond memory
  TableWarnings* warnings = nullptr;  ///< may be null
};

class RowSink {
 public:
  RowSink() = default;
  RowSink(const RowSink&) = delete;
  RowSink& operator=(const RowSink&) = delete;
  virtual ~RowSink() = default;
  [[nodiscard]] virtual Status add(Row&& row) = 0;
  [[nodiscard]] virtual Status finish() = 0;
  /// False once further rows would change nothing.
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

/// The bytes of a row: equal rows have equal bytes. Reading back gives an equal row.
void append_row(std::string& out, const Row& row);
[[nodiscard]] bool read_row(std::string_view bytes, Row& row);
/// What a row takes in memory, about.
[[nodiscard]] std::size_t bytes_of(const Row& row);
/// The bytes of one cell, self-delimiting.
void append_cell(std::string& out, const Values& cell);

/// Bytes whose order by memcmp is that of the values in a SORT by `item`.
void append_sort_key(std::string& out, const Values& cell, const plan::SortRows::Item& item);
/// The order of §7.1 of values of one type: unsigned_long and version have one of their own.
[[nodiscard]] int compare_typed(plan::LogicalType type, const Value& a, const Value& b);

}  // namespace trailhound::engine
