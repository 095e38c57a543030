#pragma once
/// Commands over a table of rows: what is left of an ES|QL query when its columns have been bound.
///
///     input rows → filter, compute, aggregate, sort, limit, expand, extract, join, ... → result rows
///
/// Expressions read the row by Slot. Every command says what columns it leaves; none has state between runs. A row is
/// a list of cells: no value = null, several = a multi-value.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "plan/expression.h"

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

struct Pipeline {
  using Command = std::variant<FilterRows, ComputeColumns, ProjectColumns>;
  struct Step {
    Command command;
    LineColumn at;  ///< of the command in the query's text; ignored by equality
  };
  std::vector<TableColumn> input;
  std::vector<Step> steps;
  std::vector<TableColumn> output;
};

}  // namespace trailhound::plan
