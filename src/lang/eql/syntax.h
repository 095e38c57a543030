#pragma once
/// The syntax tree of an EQL query: what was written, with positions, before any field or function is known.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostics.h"
#include "base/instant.h"
#include "base/value.h"

namespace trailhound::eql {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

/// null, true, 5, 2.5, "text".
struct Constant {
  Value value;
};
struct Field {
  std::string name;
  bool optional = false;  ///< ?name: null if there is no such field
};
struct FunctionCall {
  std::string name;          ///< as written, without ~
  bool insensitive = false;  ///< name~
  std::vector<ExpressionPtr> arguments;
};
struct Negation {
  ExpressionPtr operand;
};
struct Junction {
  bool conjunction = true;  ///< and; else or
  std::vector<ExpressionPtr> operands;
};
struct Comparison {
  enum class Op : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };
  Op op = Op::equal;
  ExpressionPtr left;
  ExpressionPtr right;
};
/// f in ("a", "b"), not in, in~.
struct Membership {
  ExpressionPtr subject;
  std::vector<ExpressionPtr> list;
  bool negated = false;
  bool insensitive = false;
};
/// f : "a*", f like ("a", "b*"), f regex~ "a.*".
struct TextTest {
  enum class Kind : std::uint8_t { colon, like, regex };
  Kind kind = Kind::colon;
  bool insensitive = false;
  ExpressionPtr subject;
  std::vector<ExpressionPtr> constants;
};
struct Arithmetic {
  enum class Op : std::uint8_t { add, subtract, multiply, divide, modulo };
  Op op = Op::add;
  ExpressionPtr left;
  ExpressionPtr right;
};
struct Minus {
  ExpressionPtr operand;
};

struct Expression {
  using Node = std::variant<Constant, Field, FunctionCall, Negation, Junction, Comparison, Membership, TextTest,
                            Arithmetic, Minus>;
  Node node;
  LineColumn at;
  int depth = 1;  ///< of the tree below, at most kMaxDepth
};

/// `category where condition`.
struct EventFilter {
  std::optional<std::string> category;  ///< none: any
  LineColumn category_at;
  ExpressionPtr condition;
};
struct Key {
  Field field;
  LineColumn at;
};
struct Term {
  EventFilter filter;
  bool missing = false;  ///< ![...]
  std::vector<Key> keys;
  int runs = 1;
  LineColumn at;
};
struct Pipe {
  std::string name;
  LineColumn at;
};

struct EventQuery {
  EventFilter filter;
};
struct SequenceQuery {
  bool sample = false;
  std::vector<Key> keys;
  std::optional<Duration> max_span;
  std::vector<Term> terms;
  std::optional<Term> until;
  LineColumn at;
};
struct Statement {
  std::variant<EventQuery, SequenceQuery> query;
  std::vector<Pipe> pipes;
};

inline constexpr std::size_t kMaxLength = 256 * 1024;  ///< bytes of a query
inline constexpr int kMaxDepth = 120;                  ///< levels of nesting
inline constexpr std::size_t kMaxTerms = 63;           ///< terms of a sequence
inline constexpr int kMaxRuns = 100;                   ///< of one term

}  // namespace trailhound::eql
