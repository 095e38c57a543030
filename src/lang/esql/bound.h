#pragma once
/// A query after binding: every name is an attribute, every expression has a type, literals are converted.
///
/// Attributes have numbers, not names: `EVAL x = x + 1` makes a new attribute called x, so later steps need no notion
/// of order. KEEP, DROP and RENAME leave no step behind; what they did is in `columns`.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostics.h"
#include "base/value.h"
#include "event/column.h"
#include "lang/esql/functions.h"
#include "lang/esql/types.h"
#include "plan/expression.h"
#include "plan/extraction.h"
#include "plan/pipeline.h"

namespace trailhound::esql {

using AttributeId = std::uint32_t;

/// A time span; one of the three parts is not zero.
struct Span {
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t micros = 0;
  bool operator==(const Span&) const = default;
};

enum class Operation : std::uint8_t {
  constant,
  span,
  attribute,
  column,  ///< an argument that is a column itself, not its cell
  call,
  negate,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_not,
  logical_and,
  logical_or,
  like,   ///< operand 0 against the patterns 1..n, any of which may match
  rlike,  ///< the same with regular expressions
  in,     ///< operand 0 among 1..n
  is_null,
  cast,  ///< operand 0 as `type`
};

struct Bound;
using BoundPtr = std::shared_ptr<const Bound>;

struct Bound {
  Operation operation = Operation::constant;
  LogicalType type = LogicalType::null;
  Values constant;  ///< of a constant: none = null, several = multivalue
  Span span;
  AttributeId attribute = 0;
  event::ColumnRef column;
  const FunctionSignature* function = nullptr;
  std::vector<BoundPtr> operands;
  bool list = false;   ///< LIKE with a list of patterns
  LineColumn at;       ///< in the query
  std::string source;  ///< exact text

  [[nodiscard]] bool is_constant() const { return operation == Operation::constant; }
  [[nodiscard]] bool is_null_constant() const { return is_constant() && constant.empty(); }
  /// One text, such as a literal that can become a date or an address.
  [[nodiscard]] bool is_constant_text() const { return is_constant() && is_string(type) && constant.size() == 1; }
  [[nodiscard]] bool is_aggregate_call() const {
    return operation == Operation::call && function->kind == FunctionKind::aggregate;
  }
  /// Of a constant that is one number, whatever its type.
  [[nodiscard]] std::optional<double> constant_number() const;
};

struct Attribute {
  AttributeId id = 0;
  std::string name;
  LogicalType type = LogicalType::null;
};

/// Where an attribute of the source comes from.
struct SourceColumn {
  AttributeId id = 0;
  event::ColumnRef column;  ///< null: a constant, or what is computed
  Value constant;
  plan::Expr computed = {};  ///< of a search function: what it finds, over columns of the event
};

struct BoundFilter {
  BoundPtr condition;
};
struct BoundEval {
  struct Assignment {
    Attribute target;
    BoundPtr value;
  };
  std::vector<Assignment> assignments;
};
struct BoundStats {
  struct Aggregate {
    Attribute target;
    BoundPtr value;   ///< an expression over aggregate calls, keys and constants
    BoundPtr filter;  ///< may be null
  };
  struct Key {
    Attribute target;
    BoundPtr value;
  };
  bool keeps_rows = false;  ///< INLINE STATS
  std::vector<Aggregate> aggregates;
  std::vector<Key> keys;
};
struct BoundSort {
  struct Item {
    BoundPtr key;
    bool descending = false;
    bool nulls_first = false;
  };
  std::vector<Item> items;
};
struct BoundLimit {
  std::int64_t count = 0;
  std::vector<BoundPtr> keys;
};
/// The only row of ROW or SHOW INFO.
struct BoundRow {
  std::vector<BoundEval::Assignment> assignments;
};
/// The rows of sub-queries, asked before.
struct BoundTable {
  std::vector<Attribute> columns;
};
struct BoundExpand {
  AttributeId source = 0;
  Attribute target;
};
/// DEDUP over the columns in sight.
struct BoundDedup {
  std::vector<AttributeId> columns;
};
struct BoundSample {
  double probability = 1;
};
/// DISSECT and GROK: one target an output of the extraction.
struct BoundExtract {
  BoundPtr input;
  plan::Extraction extraction;
  std::vector<Attribute> targets;
};
/// LOOKUP JOIN and ENRICH.
struct BoundJoin {
  std::shared_ptr<const plan::LookupTable> table;
  std::vector<BoundPtr> keys;
  std::vector<std::uint32_t> table_keys;  ///< columns of the table, one a key
  std::vector<Attribute> targets;
  std::vector<std::uint32_t> columns;  ///< of the table, one a target
  BoundPtr condition;                  ///< what else must hold between a row and a match; may be null
  bool gather = false;                 ///< ENRICH: one row with all matches
};
/// A command that binds but has no meaning in a plan yet; its columns are of unknown origin.
struct BoundOther {};

struct BoundStep {
  std::variant<BoundFilter, BoundEval, BoundStats, BoundSort, BoundLimit, BoundRow, BoundTable, BoundExpand, BoundDedup,
               BoundSample, BoundExtract, BoundJoin, BoundOther>
      node;
  std::string name;  ///< of the command
  LineColumn at;
  std::string source;  ///< the command as it is written
};

struct BoundQuery {
  std::vector<SourceColumn> sources;  ///< of the attributes that were used
  std::vector<BoundStep> steps;
  std::vector<Attribute> columns;  ///< of the result, in order
  std::string time_zone;           ///< of SET time_zone; empty: UTC
};

}  // namespace trailhound::esql
