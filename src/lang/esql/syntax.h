#pragma once
/// The syntax tree of an ES|QL query: what was written, before names and types mean anything.
///
/// The tree covers the whole language. Every node knows the bytes it was read from (`begin`, `end`), because a column
/// without a name is called by its source text. AND and OR are n-ary, so hundreds of branches are one node; depth is
/// bounded by the parser (kMaxDepth), so walking the tree recursively is safe.
///
/// Grammar (see parser.h for the entry point):
///
///     query    = { SET name "=" (literal | map) ";" } source { "|" command }
///     source   = FROM item,... [ METADATA name,... ] | ROW field,... | SHOW INFO | TS ... | PROMQL ...
///     field    = [ column "=" ] boolean
///     boolean  = NOT, AND, OR over: value | value [NOT] LIKE|RLIKE ... | value [NOT] IN (...) | value IS [NOT] NULL
///                | column ":" literal
///     value    = arith [ comparison arith ]
///     primary  = literal | array | time span | column | parameter | function(...) | "(" boolean ")" | primary "::"
///     type

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/value.h"
#include "event/column.h"
#include "lang/esql/lexer.h"
#include "plan/pipeline.h"

namespace trailhound::esql {

inline constexpr int kMaxDepth = 150;

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;
struct Pipeline;

// ---- expressions ----------------------------------------------------------------------------------------------------

struct Literal {
  event::LogicalType type = event::LogicalType::null;  ///< null, boolean, integer, long, unsigned_long, real, keyword
  Value value;
};
struct ArrayLiteral {
  std::vector<Literal> elements;
};
/// `10 seconds`: the unit in its canonical form ("second").
struct TimeSpan {
  std::int64_t amount = 0;
  std::string unit;
};
struct ColumnName {
  std::string name;
};
struct Parameter {
  std::string text;  ///< "?", "?1", "?name", "??name"
};
struct MapEntry;
using Map = std::vector<MapEntry>;
struct MapEntry {
  std::string key;
  Literal value;
  Map nested;                                     ///< instead of `value`
  std::optional<std::vector<Literal>> list = {};  ///< instead of `value`, where a list may stand
};
struct FunctionCall {
  std::string name;   ///< lower-case
  bool star = false;  ///< COUNT(*)
  std::vector<ExpressionPtr> arguments;
  Map options;
};
struct Cast {
  ExpressionPtr operand;
  std::string type;            ///< lower-case, as written
  std::size_t type_begin = 0;  ///< where that is
};
struct Negate {
  ExpressionPtr operand;
};
enum class BinaryOperator : std::uint8_t {
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
  greater_equal
};
struct Binary {
  BinaryOperator op = BinaryOperator::add;
  ExpressionPtr left;
  ExpressionPtr right;
};
struct LogicalNot {
  ExpressionPtr operand;
};
struct LogicalAnd {
  std::vector<ExpressionPtr> operands;
};
struct LogicalOr {
  std::vector<ExpressionPtr> operands;
};
struct Like {
  ExpressionPtr text;
  bool negated = false;
  bool regular = false;  ///< RLIKE
  bool list = false;     ///< LIKE ("a*", "b*")
  std::vector<ExpressionPtr> patterns;
};
struct In {
  ExpressionPtr needle;
  bool negated = false;
  std::vector<ExpressionPtr> values;
  std::unique_ptr<Pipeline> query;  ///< instead of `values`
};
struct IsNull {
  ExpressionPtr operand;
  bool negated = false;
};
/// field : "text"
struct MatchField {
  ExpressionPtr field;
  ExpressionPtr constant;
};

struct Expression {
  using Node = std::variant<Literal, ArrayLiteral, TimeSpan, ColumnName, Parameter, FunctionCall, Cast, Negate, Binary,
                            LogicalNot, LogicalAnd, LogicalOr, Like, In, IsNull, MatchField>;
  Node node;
  std::size_t begin = 0;
  std::size_t end = 0;
  int depth = 1;
};

// ---- commands -------------------------------------------------------------------------------------------------------

/// A column name as the target of an assignment, or where only a name may stand.
struct Name {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};
/// A name with live stars.
struct NamePattern {
  std::vector<PatternPiece> pieces;  ///< neighbours of one kind merged
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] bool has_star() const;
  [[nodiscard]] bool is_star_alone() const { return pieces.size() == 1 && pieces[0].star; }
  [[nodiscard]] std::string text() const;  ///< the name, stars as '*'
};
/// [ name = ] expression [ WHERE filter ]
struct Field {
  std::string name;    ///< given, or implicit
  bool named = false;  ///< with "name ="
  std::size_t name_at = 0;
  ExpressionPtr value;
  ExpressionPtr filter;
};

struct SourceItem {
  std::string cluster;
  std::string pattern;
  std::string selector;
  std::unique_ptr<Pipeline> query;  ///< a sub-query instead
  std::size_t begin = 0;
};
struct From {
  bool time_series = false;  ///< TS
  std::vector<SourceItem> items;
  std::vector<Name> metadata;
  /// Of the answers to the sub-queries among `items`, once they were asked: these columns are the source then.
  std::shared_ptr<std::vector<plan::TableColumn>> table;
};
struct Row {
  std::vector<Field> fields;
};
struct Show {
  std::string what;
};
struct Where {
  ExpressionPtr condition;
};
struct Eval {
  std::vector<Field> fields;
};
struct Keep {
  std::vector<NamePattern> patterns;
};
struct Drop {
  std::vector<NamePattern> patterns;
};
struct Rename {
  struct Pair {
    NamePattern from;
    NamePattern to;
  };
  std::vector<Pair> pairs;
};
struct Stats {
  bool keeps_rows = false;  ///< INLINE STATS
  std::vector<Field> aggregates;
  std::vector<Field> keys;
};
struct Sort {
  struct Item {
    ExpressionPtr key;
    bool descending = false;
    bool nulls_given = false;
    bool nulls_first = false;
  };
  std::vector<Item> items;
};
struct Limit {
  ExpressionPtr count;
  std::vector<ExpressionPtr> keys;
};
struct Dissect {
  ExpressionPtr input;
  std::string pattern;
  std::size_t pattern_at = 0;
  std::vector<std::pair<Name, Literal>> options;
};
struct Grok {
  ExpressionPtr input;
  std::vector<std::string> patterns;
  std::vector<std::size_t> patterns_at;
};
struct MvExpand {
  Name column;
};
struct Enrich {
  std::string policy;
  std::vector<NamePattern> match;    ///< none or one
  std::vector<Rename::Pair> fields;  ///< to = from; without a new name both are equal
};
struct LookupJoin {
  std::string index;
  std::string qualifier;
  std::vector<ExpressionPtr> conditions;
};
struct Sample {
  ExpressionPtr probability;
};
struct ChangePoint {
  Name value;
  std::vector<Name> key;      ///< ON: none or one
  std::vector<Name> targets;  ///< AS: none or two
  std::vector<ExpressionPtr> groups;
};
struct Fork {
  std::vector<std::unique_ptr<Pipeline>> branches;  ///< pipelines without a source
};
struct Fuse {
  std::string method;
  std::vector<Name> score;
  std::vector<Name> keys;
  std::vector<Name> group;
  Map options;
};
struct Dedup {};
struct Completion {
  Name target;  ///< empty if not given
  ExpressionPtr prompt;
  Map options;
};
struct Rerank {
  Name target;
  ExpressionPtr query;
  std::vector<Field> fields;
  Map options;
};
/// URI_PARTS, REGISTERED_DOMAIN, USER_AGENT, IP_LOCATION: prefix = expression.
struct Extract {
  std::string command;  ///< lower-case
  Name prefix;
  ExpressionPtr input;
  Map options;
};
/// A command of the language that no rule can use, known by name only: PROMQL, MMR, TS_INFO, ...
struct Opaque {
  std::string name;  ///< upper-case
};

struct Command {
  using Node =
      std::variant<From, Row, Show, Where, Eval, Keep, Drop, Rename, Stats, Sort, Limit, Dissect, Grok, MvExpand,
                   Enrich, LookupJoin, Sample, ChangePoint, Fork, Fuse, Dedup, Completion, Rerank, Extract, Opaque>;
  Node node;
  std::string name;  ///< as people call it: "STATS", "INLINE STATS"
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Pipeline {
  std::vector<Command> commands;  ///< the first is the source (but in a FORK branch)
};
struct Setting {
  Name name;
  Literal value;
  Map map;
};
struct Query {
  std::vector<Setting> settings;
  Pipeline pipeline;
};

/// Text of a tree for tests and debugging: one command a line, expressions in prefix form:
/// `WHERE (and (== a "x") (not (null? b)))`. Expressions are cut below a depth that the parser cannot produce.
[[nodiscard]] std::string print(const Expression& expression);
[[nodiscard]] std::string print(const Pipeline& pipeline);

}  // namespace trailhound::esql
