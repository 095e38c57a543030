#pragma once
/// Commands over a table of rows: what is left of an ES|QL query when its columns have been bound.
///
///     input rows → filter, compute, aggregate, sort, limit, expand, extract, join, ... → result rows
///
/// Expressions read the row by Slot. A row is a list of cells: no value = null, several = a multi-value. Row-wise
/// commands append their columns; AggregateRows makes new rows; ProjectColumns chooses and orders. No command has state
/// between runs.

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "plan/expression.h"
#include "plan/extraction.h"

namespace trailhound::plan {

struct TableColumn {
  std::string name;
  LogicalType type = LogicalType::any;
  bool operator==(const TableColumn&) const = default;
};

/// Keeps the rows for which the condition is true.
struct FilterRows {
  Expr condition;
};
/// Appends columns; an expression sees the columns computed before it in the same command.
struct ComputeColumns {
  std::vector<Expr> expressions;
};
/// Keeps these columns, in this order: KEEP, DROP, RENAME, and the end of every query.
struct ProjectColumns {
  std::vector<std::uint32_t> columns;
};

/// Groups rows and aggregates each group. Without keys there is exactly one group, also over no rows; with keys none
/// over no rows. A row with a multi-valued key is in the group of each distinct value (cross product over the keys);
/// null is a group of its own. Result row: measures in order, then keys in order. Groups come by first appearance.
struct AggregateRows {
  enum class Aggregation : std::uint8_t {
    count_rows,
    count,
    count_distinct,
    values,
    min,
    max,
    sum,
    average,
    median,
    percentile,  ///< parameter: 0 to 100
    median_absolute_deviation,
    standard_deviation,
    variance,
    top,    ///< parameter: how many; argument 1, if any: what to give instead
    first,  ///< arguments: value, what orders
    last,
    present,
    absent,
    sample,  ///< parameter: how many
  };
  struct Measure {
    Aggregation aggregation = Aggregation::count_rows;
    std::vector<std::uint32_t> arguments;  ///< columns
    std::int32_t filter = -1;              ///< a boolean column that must be true for the row to count; -1: none
    double parameter = 0;
    bool descending = true;                   ///< top
    LogicalType type = LogicalType::any;      ///< of the result
    LogicalType argument = LogicalType::any;  ///< of argument 0
    LineColumn at;
  };
  /// Values of a key that have groups even without rows: with every combination of the other keys that there is, and
  /// every value of other such keys.
  struct Filling {
    std::uint32_t key = 0;  ///< among the keys
    Values values;
  };
  std::vector<Measure> measures;
  std::vector<std::uint32_t> keys;  ///< columns
  std::vector<Filling> fillings;    ///< in order of their keys
};
/// AggregateRows whose measures are appended to every row of the group instead (INLINE STATS). A row of several groups
/// gets the values of all of them.
struct AggregateInline {
  AggregateRows aggregate;
};
/// Orders the rows; equal ones keep their order. A multi-value counts as its least (ascending) or greatest value.
struct SortRows {
  struct Item {
    std::uint32_t column = 0;
    bool descending = false;
    bool nulls_first = false;
    LogicalType type = LogicalType::any;
  };
  std::vector<Item> items;
};
/// Keeps the first rows; with keys the first of each key (a multi-value is one key, as a whole).
struct LimitRows {
  std::uint64_t count = 0;
  std::vector<std::uint32_t> keys;
};
/// One row for each value of a column; null stays one row.
struct ExpandColumn {
  std::uint32_t column = 0;
};
/// Keeps each row with this probability; which ones depends on their places alone.
struct SampleRows {
  double probability = 1;
};
/// Drops rows that are equal to an earlier one in these columns.
struct DistinctRows {
  std::vector<std::uint32_t> columns;
};

/// Takes texts apart and appends what was found, one column an output: GROK, DISSECT.
struct ExtractColumns {
  std::uint32_t input = 0;
  Extraction extraction;
};

/// A table to look things up in; read once, before the query.
struct LookupTable {
  std::string name;
  std::vector<TableColumn> columns;
  std::vector<std::vector<Values>> rows;
};
/// Appends the columns of matching rows of a table: a row for each match (LOOKUP JOIN), or, with `gather`, one row that
/// holds the values of all matches (ENRICH). Without a match, or if a key is null, the columns are null. With `gather`
/// a key of several values matches by each of them; without, several values on either side match nothing and are a
/// warning.
struct JoinRows {
  std::shared_ptr<const LookupTable> table;
  std::vector<std::uint32_t> keys;        ///< columns of the row
  std::vector<std::uint32_t> table_keys;  ///< columns of the table, one a key
  std::vector<std::uint32_t> columns;     ///< of the table, to append
  Expr condition;                         ///< over the row with these columns; a match must make it true; may be null
  bool gather = false;
  LineColumn at = {};  ///< of the command, for warnings
};

using TableCommand = std::variant<FilterRows, ComputeColumns, ProjectColumns, AggregateRows, AggregateInline, SortRows,
                                  LimitRows, ExpandColumn, SampleRows, DistinctRows, ExtractColumns, JoinRows>;

/// Where the rows come from.
struct TableSource {
  enum class Kind : std::uint8_t {
    one_row,  ///< ROW, SHOW INFO: a single row without columns
    events,   ///< one row an event for which `filter` is true: the cells of `columns`
    rows,     ///< whoever runs the pipeline has them: answers of sub-queries
  };
  Kind kind = Kind::one_row;
  Expr filter;                ///< over columns of the event; null: every event
  std::vector<Expr> columns;  ///< likewise
};

struct Pipeline {
  struct Step {
    TableCommand command;
    LineColumn at;  ///< of the command in the query's text; ignored by equality
  };
  TableSource source;
  std::vector<Step> steps;
  std::vector<TableColumn> output;
  bool limited = false;  ///< the query has a LIMIT of its own
};

/// Structural equality of the commands; places and lookup data aside.
[[nodiscard]] bool equal(const Pipeline& a, const Pipeline& b);

}  // namespace trailhound::plan
