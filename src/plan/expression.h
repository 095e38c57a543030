#pragma once
/// The meaning of a condition as data. Every rule language lowers to these nodes; nothing above `src/lang` knows which
/// language an expression came from.
///
/// Values. An expression evaluates to a Cell (base/value.h). Predicates evaluate to one boolean or, when unknown, to
/// null: truth is Kleene's (base/truth.h). A scalar operand is a cell with exactly one value; for `Compare`, `Match`,
/// `OneOf`, `InNetwork` and `Call` every other state (absent, null, empty, several, object) gives unknown. So a
/// multi-value meets a scalar expression only through a lift:
///
///     exists(c, body)   is there an element of c for which body is true? two-valued: no element = no
///     single(c)         c if it has exactly one value, else null (several values are a counted warning)
///     each(c, f)        f of every element; what gives null is left out; none left = null
///     c itself          the whole cell: operand of present, coalesce, mv_* functions, aggregates
///
/// Inside `exists` and `each`, `Variable{0}` is the element of the innermost lift, `Variable{1}` that of the next.
///
/// Nodes are immutable and shared. `print` and `parse_expression` are inverse: parse(print(e)) equals e (spans aside).

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/diagnostics.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "base/value.h"
#include "event/column.h"
#include "plan/functions.h"
#include "plan/pattern.h"
#include "plan/prepared.h"

namespace trailhound::plan {

struct Expression;
using Expr = std::shared_ptr<const Expression>;
using event::LogicalType;

struct Literal {
  Values values;  ///< none = null, one = a scalar, several = a multi-value
};
/// A column of the event.
struct Column {
  event::ColumnRef column;
};
/// A column of the row a stateful operator produced (after ES|QL's STATS): position in that row.
struct Slot {
  std::uint32_t index = 0;
  std::string name;  ///< for people
};
struct Variable {
  std::uint32_t depth = 0;
};
/// The time of the run that evaluates the rule: ES|QL's NOW().
struct RunTime {};

struct Exists {
  Expr over;
  Expr body;
};
struct Single {
  Expr over;
};
struct Each {
  Expr over;
  Expr body;
};

struct Not {
  Expr operand;
};
struct And {
  std::vector<Expr> operands;
};
struct Or {
  std::vector<Expr> operands;
};
/// yes if the operand is true, else no: ends every filter.
struct IsTrue {
  Expr operand;
};

/// Two-valued test of a whole cell.
struct Present {
  enum class Need : std::uint8_t {
    key,    ///< any state but absent
    value,  ///< at least one scalar: ES|QL IS NOT NULL
    leaf,   ///< at least one scalar, or an object holding any non-null leaf: Datadog @a:*
  };
  Expr over;
  Need need = Need::value;
};

/// How two scalars are compared. A scalar that the domain cannot read makes the comparison unknown.
enum class Domain : std::uint8_t {
  native,          ///< same physical kind (integer and real mix); bool, text by bytes, ip by its 16 bytes
  text,            ///< the scalar's JSON text (true, 5, abc) by bytes
  folded,          ///< the same with ASCII letters folded
  numeric_text,    ///< numbers, and texts that are numbers, by value; other texts are unknown
  address,         ///< ip; texts are parsed
  version,         ///< texts as versions: 1.9 before 1.10
  unsigned_whole,  ///< the 64 bits of an unsigned_long
};
enum class ComparisonOp : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

struct Compare {
  ComparisonOp op = ComparisonOp::equal;
  Domain domain = Domain::native;
  Expr left;
  Expr right;
};
/// needle = any of `values` in that domain. A null among ES|QL's list is `has_null`: no match is then unknown.
struct OneOf {
  Expr needle;
  Domain domain = Domain::native;
  Values values;  ///< sorted by compare_values, distinct
  bool has_null = false;
};
struct Match {
  Expr text;  ///< read through to_text, as in Domain::text
  Pattern pattern;
};
struct InNetwork {
  Expr address;  ///< ip, or text that is parsed; other text gives `no`
  std::vector<Cidr> blocks;
};
struct Call {
  Function function;
  std::vector<Expr> arguments;
  PreparedSlot prepared = {};
};

struct Expression {
  using Node = std::variant<Literal, Column, Slot, Variable, RunTime, Exists, Single, Each, Not, And, Or, IsTrue,
                            Present, Compare, OneOf, Match, InNetwork, Call>;
  Node node;
  LogicalType type = LogicalType::any;  ///< of the result
  LineColumn at;                        ///< in the rule's text; ignored by equality and print
  std::uint32_t length = 0;             ///< of that text, in bytes; 0: unknown. Ignored like `at`
};

/// The type of nodes that have no other: predicates are boolean.
template <class NodeType>
inline constexpr LogicalType kNaturalType = LogicalType::any;
template <class NodeType>
  requires(std::is_same_v<NodeType, Exists> || std::is_same_v<NodeType, Not> || std::is_same_v<NodeType, And> ||
           std::is_same_v<NodeType, Or> || std::is_same_v<NodeType, IsTrue> || std::is_same_v<NodeType, Present> ||
           std::is_same_v<NodeType, Compare> || std::is_same_v<NodeType, OneOf> || std::is_same_v<NodeType, Match> ||
           std::is_same_v<NodeType, InNetwork>)
inline constexpr LogicalType kNaturalType<NodeType> = LogicalType::boolean;

template <class NodeType>
[[nodiscard]] Expr make(NodeType node, LogicalType type = kNaturalType<NodeType>, LineColumn at = {},
                        std::uint32_t length = 0) {
  return std::make_shared<const Expression>(Expression{std::move(node), type, at, length});
}
/// Shorthands that lowerings use most.
[[nodiscard]] Expr literal(Value value, LogicalType type);
[[nodiscard]] Expr column(event::ColumnRef column, LineColumn at = {});
/// Variable{0}: in the body of `exists` and `each`, the element that it is about.
[[nodiscard]] Expr element(LogicalType type, LineColumn at = {});
[[nodiscard]] Expr negate(Expr operand);
/// Flattens nested conjunctions; one operand is returned as it is; none is true.
[[nodiscard]] Expr all_of(std::vector<Expr> operands);
/// Flattens nested disjunctions; none is false.
[[nodiscard]] Expr any_of(std::vector<Expr> operands);
[[nodiscard]] Expr constant(bool truth);
/// Of a filter; none if it is null. `is_true` around a conjunction asks nothing more of it, as a filter wants `yes`
/// anyway.
[[nodiscard]] std::vector<Expr> conjuncts_of(const Expr& filter);

[[nodiscard]] bool equal(const Expr& a, const Expr& b);
/// The same for equal expressions.
[[nodiscard]] std::uint64_t hash_of(const Expr& expression);
/// For hash maps.
struct ExprHash {
  std::size_t operator()(const Expr& expression) const { return hash_of(expression); }
};
struct ExprEqual {
  bool operator()(const Expr& a, const Expr& b) const { return equal(a, b); }
};
/// A null expression, which no plan that was lowered holds, prints as "none"; nothing reads that back.
[[nodiscard]] std::string print(const Expr& expression);
/// Appends every column an expression reads that is not in `columns` yet, in order of appearance.
void collect_columns(const Expr& expression, std::vector<event::ColumnRef>& columns);

/// What a rewrite needs to know before it moves a `not` or inverts a comparison. Both may say no where yes were true.
/// never_null: the result is never null. single_valued: the result has at most one value.
[[nodiscard]] bool never_null(const Expr& expression);
[[nodiscard]] bool single_valued(const Expr& expression);

class ColumnResolver {
 public:
  virtual ~ColumnResolver() = default;
  [[nodiscard]] virtual Result<event::ColumnRef> find(event::View view, std::string_view name) const = 0;
};
/// The inverse of print.
[[nodiscard]] Result<Expr> parse_expression(std::string_view text, const ColumnResolver& columns);

}  // namespace trailhound::plan
