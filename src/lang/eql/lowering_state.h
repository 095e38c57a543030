#pragma once
/// The lowering's inside. Inside src/lang/eql only.
///
/// Elastic runs EQL in two ways, and they differ; so does this lowering.
///   - A test of a field against constants is a search of the field's values: `direct_...`. A field with several values
///     passes if one does. Wildcards in stringContains and endsWith are live.
///   - Everything else is a script over the values: `value_...`. It runs for every combination of the values of the
///     fields it names, each occurrence on its own; an absent field is null there, and null in gives null out.
/// Around both, and, or, not are two-valued, except for the constant null.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/truth.h"
#include "lang/eql/eql.h"
#include "lang/eql/functions.h"
#include "lang/eql/syntax.h"

namespace trailhound::eql {

/// A condition: an expression that is never unknown, or a constant (unknown: null). Neither: refused, and reported.
struct Condition {
  plan::Expr expression;
  std::optional<Truth> constant;

  [[nodiscard]] bool ok() const { return expression != nullptr || constant.has_value(); }
};

/// What a value may be, for checks: `open` goes with everything.
enum class Kind : std::uint8_t { null, boolean, number, text, address, date, open };

/// A value inside a script. A null expression: refused, and reported.
struct ScriptValue {
  plan::Expr expression;
  Kind kind = Kind::null;
};

class Lowering {
 public:
  Lowering(const lang::Fields& fields, const Options& options, lang::Reporter& reporter)
      : fields_(fields), options_(options), reporter_(reporter) {}

  [[nodiscard]] std::optional<Lowered> run(const Statement& statement);

 private:
  // ---- statements (lowering.cc)
  void lower_event(const EventQuery& query, Lowered& out);
  void lower_sequence(const SequenceQuery& query, Lowered& out);
  [[nodiscard]] plan::Query lower_term(const SequenceQuery& query, const Term& term, std::string name);
  void check_sequence(const SequenceQuery& query);
  void check_keys(const SequenceQuery& query, const std::vector<plan::Query>& queries);
  [[nodiscard]] Condition lower_filter(const EventFilter& filter);
  [[nodiscard]] plan::Expr filter_expression(Condition condition, std::vector<plan::Expr> more = {});

  // ---- conditions (lowering_condition.cc)
  [[nodiscard]] Condition condition(const Expression& e);
  [[nodiscard]] Condition condition_without_place(const Expression& e);
  [[nodiscard]] Condition junction(const Expression& e, const Junction& node);
  [[nodiscard]] Condition comparison(const Expression& e, const Comparison& node);
  [[nodiscard]] Condition compare(const Expression& e, Comparison::Op op, const Expression& subject, const Value& value,
                                  LineColumn value_at);
  [[nodiscard]] Condition compare_constants(const Expression& e, Comparison::Op op, const Value& a, const Value& b);
  [[nodiscard]] Condition null_test(const Expression& subject);
  [[nodiscard]] Condition membership(const Expression& e, const Membership& node);
  [[nodiscard]] Condition text_test(const Expression& e, const TextTest& node);
  [[nodiscard]] Condition call(const Expression& e, const FunctionCall& node);
  [[nodiscard]] Condition boolean_field(const Expression& e, const Field& node);
  [[nodiscard]] static Condition negated(Condition operand);
  [[nodiscard]] static bool is_test(const Expression& e);

  // ---- searches of one field (lowering_direct.cc); null: refused, and reported
  [[nodiscard]] plan::Expr direct_compare(const event::ColumnRef& column, Comparison::Op op, const Value& value,
                                          LineColumn at);
  [[nodiscard]] plan::Expr direct_dates(const plan::Expr& element, Comparison::Op op, const Value& value,
                                        LineColumn at);
  [[nodiscard]] plan::Expr relative_dates(const plan::Expr& element, Comparison::Op op, std::string_view text,
                                          LineColumn at);
  [[nodiscard]] plan::Expr direct_addresses(const plan::Expr& element, Comparison::Op op, const Value& value,
                                            LineColumn at);
  [[nodiscard]] std::optional<Value> constant_for(const event::ColumnRef& column, const Value& value, LineColumn at);
  [[nodiscard]] plan::Expr direct_text_test(const event::ColumnRef& column, const TextTest& node,
                                            const std::vector<std::string>& texts, LineColumn at);
  [[nodiscard]] plan::Expr direct_folded_list(const event::ColumnRef& column, const std::vector<std::string>& texts,
                                              LineColumn at);
  [[nodiscard]] bool check_text_column(const event::ColumnRef& column, std::string_view what, LineColumn at);
  [[nodiscard]] plan::Expr direct_call(const event::ColumnRef& column, const FunctionInfo& function, bool insensitive,
                                       const std::vector<std::string>& texts, const FunctionCall& node);
  [[nodiscard]] std::optional<std::vector<std::string>> texts_of(const TextTest& node);
  [[nodiscard]] plan::Expr regex_test(plan::Expr element, const std::vector<std::string>& texts, bool insensitive,
                                      LineColumn at);
  [[nodiscard]] std::optional<std::vector<Cidr>> blocks_of(const std::vector<std::string>& texts,
                                                           const FunctionCall& node);

  // ---- scripts (lowering_script.cc, lowering_functions.cc)
  /// One occurrence of a field in a script.
  struct Occurrence {
    const Expression* expression;
    event::ColumnRef column;
    bool sees_null;  ///< the script may be true although the field is absent
  };
  [[nodiscard]] bool collect(const Expression& e, bool sees_null, std::vector<Occurrence>& out);
  /// The condition that `body` is true for some combination of the values of the fields in `roots`.
  [[nodiscard]] Condition script(const std::vector<const Expression*>& roots, bool sees_null,
                                 const std::function<plan::Expr()>& body, LineColumn at);
  [[nodiscard]] ScriptValue value(const Expression& e);
  [[nodiscard]] ScriptValue value_of_field(const Expression& e, const Field& node);
  [[nodiscard]] ScriptValue value_of_call(const Expression& e, const FunctionCall& node);
  [[nodiscard]] ScriptValue value_of_arithmetic(const Expression& e, plan::Function function, const ScriptValue& left,
                                                const ScriptValue& right);
  [[nodiscard]] ScriptValue value_of_comparison(const Expression& e, const Comparison& node);
  [[nodiscard]] ScriptValue value_of_membership(const Membership& node);  ///< without its `not`
  [[nodiscard]] ScriptValue value_of_text_test(const Expression& e, const TextTest& node);
  [[nodiscard]] ScriptValue value_of_junction(const Expression& e, const Junction& node);
  [[nodiscard]] plan::Expr regex_in_script(const plan::Expr& subject, const std::vector<std::string>& texts,
                                           bool insensitive, LineColumn at);
  [[nodiscard]] plan::Expr compare_in_script(Comparison::Op op, const ScriptValue& left, const ScriptValue& right,
                                             LineColumn at);
  [[nodiscard]] ScriptValue call_in_script(const Expression& e, const FunctionCall& node, const FunctionInfo& function,
                                           std::vector<ScriptValue>& arguments);
  [[nodiscard]] plan::Expr test_in_script(const FunctionCall& node, const FunctionInfo& function,
                                          const std::vector<ScriptValue>& arguments, LineColumn at);

  // ---- names and constants
  [[nodiscard]] const FunctionInfo* function_of(const Expression& e, const FunctionCall& node);
  [[nodiscard]] event::ColumnRef find_field(const Field& field, LineColumn at);
  [[nodiscard]] bool exists(std::string_view name) const { return fields_.find(name).has_value(); }
  [[nodiscard]] std::optional<Value> constant_of(const Expression& e) const;
  /// The column of a field that is there; null for everything else.
  [[nodiscard]] event::ColumnRef column_of(const Expression& e);

  std::nullptr_t error(std::string_view code, LineColumn at, std::string message, std::string hint = {}) {
    reporter_.error(code, at, std::move(message), std::move(hint));
    return nullptr;
  }

  const lang::Fields& fields_;
  const Options& options_;
  lang::Reporter& reporter_;
  std::map<const Expression*, plan::Expr> bound_;  ///< occurrences of fields while a script is built
};

[[nodiscard]] Kind kind_of(event::LogicalType type);
[[nodiscard]] Kind kind_of(const Value& value);
[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] plan::ComparisonOp plan_op(Comparison::Op op);
/// a op b is the same as b mirrored(op) a.
[[nodiscard]] Comparison::Op mirrored(Comparison::Op op);

}  // namespace trailhound::eql
