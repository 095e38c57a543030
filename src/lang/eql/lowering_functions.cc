// Functions inside scripts. There is no search here, hence no live wildcard: startsWith, endsWith and stringContains
// compare texts as they are.

#include <algorithm>
#include <utility>

#include "lang/eql/codes.h"
#include "lang/eql/lowering_state.h"
#include "lang/eql/patterns.h"

namespace trailhound::eql {
namespace {

using event::LogicalType;
using plan::Expr;

bool fits(ArgumentKind wanted, Kind kind) {
  if (kind == Kind::null || kind == Kind::open) return true;
  switch (wanted) {
    case ArgumentKind::any:
      return true;
    case ArgumentKind::text:
      return kind == Kind::text;
    case ArgumentKind::number:
    case ArgumentKind::whole:
      return kind == Kind::number;
    case ArgumentKind::boolean:
      return kind == Kind::boolean;
    case ArgumentKind::address:
      return kind == Kind::address;
  }
  return false;
}

std::string_view name_of_argument(ArgumentKind kind) {
  switch (kind) {
    case ArgumentKind::any:
      return "a value";
    case ArgumentKind::text:
      return "a text";
    case ArgumentKind::number:
      return "a number";
    case ArgumentKind::whole:
      return "a whole number";
    case ArgumentKind::boolean:
      return "true or false";
    case ArgumentKind::address:
      return "an address";
  }
  return "";
}

Expr flag(bool value) { return plan::literal(Value(value), LogicalType::boolean); }
Expr null() { return plan::literal(Value(), LogicalType::null); }
Expr make_call(plan::Function function, std::vector<Expr> arguments, LogicalType type) {
  return plan::make(plan::Call{function, std::move(arguments)}, type);
}
Expr text_of(const ScriptValue& value) {
  if (value.kind == Kind::text || value.kind == Kind::null) return value.expression;
  return make_call(plan::Function::to_text, {value.expression}, LogicalType::keyword);
}

}  // namespace

ScriptValue Lowering::value_of_call(const Expression& e, const FunctionCall& node) {
  const FunctionInfo* function = function_of(e, node);
  if (function == nullptr) return {};
  std::vector<ScriptValue> arguments;
  bool refused = false;
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    arguments.push_back(value(*node.arguments[i]));
    if (!arguments.back().expression) {
      refused = true;
      continue;
    }
    const ArgumentKind wanted = function->kind_of(i);
    const auto constant = constant_of(*node.arguments[i]);
    const bool is_fraction = constant && std::holds_alternative<double>(*constant);
    if (fits(wanted, arguments.back().kind) && !(wanted == ArgumentKind::whole && is_fraction)) continue;
    error(codes::kType, node.arguments[i]->at,
          "argument " + std::to_string(i + 1) + " of " + std::string(function->name) + " is " +
              std::string(name_of_argument(wanted)) + ", not " +
              std::string(is_fraction ? "a fraction" : name_of(arguments.back().kind)));
    refused = true;
  }
  return refused ? ScriptValue{} : call_in_script(e, node, *function, arguments);
}

ScriptValue Lowering::call_in_script(const Expression& e, const FunctionCall& node, const FunctionInfo& function,
                                     std::vector<ScriptValue>& arguments) {
  const auto argument = [&](std::size_t i) { return i < arguments.size() ? arguments[i].expression : null(); };
  const auto text = [&](Expr expression) { return ScriptValue{std::move(expression), Kind::text}; };
  const auto number = [&](Expr expression) { return ScriptValue{std::move(expression), Kind::number}; };
  constexpr LogicalType kText = LogicalType::keyword;
  constexpr LogicalType kWhole = LogicalType::long_integer;
  switch (function.id) {
    case FunctionId::add:
      return value_of_arithmetic(e, plan::Function::add, arguments[0], arguments[1]);
    case FunctionId::subtract:
      return value_of_arithmetic(e, plan::Function::subtract, arguments[0], arguments[1]);
    case FunctionId::multiply:
      return value_of_arithmetic(e, plan::Function::multiply, arguments[0], arguments[1]);
    case FunctionId::divide:
      return value_of_arithmetic(e, plan::Function::divide, arguments[0], arguments[1]);
    case FunctionId::modulo:
      return value_of_arithmetic(e, plan::Function::modulo, arguments[0], arguments[1]);
    case FunctionId::between:
      return text(make_call(plan::Function::eql_between,
                            {argument(0), argument(1), argument(2), argument(3), flag(node.insensitive)}, kText));
    case FunctionId::concat: {
      std::vector<Expr> texts;
      for (const ScriptValue& value : arguments) texts.push_back(text_of(value));
      return text(make_call(plan::Function::concat, std::move(texts), kText));
    }
    case FunctionId::index_of:
      return number(make_call(plan::Function::eql_index_of,
                              {argument(0), argument(1), argument(2), flag(node.insensitive)}, kWhole));
    case FunctionId::length:
      return number(make_call(plan::Function::eql_length, {argument(0)}, kWhole));
    case FunctionId::number:
      return number(make_call(plan::Function::eql_number, {argument(0), argument(1)}, LogicalType::real));
    case FunctionId::string:
      return text(text_of(arguments[0]));
    case FunctionId::substring:
      return text(make_call(plan::Function::eql_slice, {argument(0), argument(1), argument(2)}, kText));
    case FunctionId::cidr_match:
    case FunctionId::ends_with:
    case FunctionId::starts_with:
    case FunctionId::string_contains:
    case FunctionId::wildcard:
      return {test_in_script(node, function, arguments, e.at), Kind::boolean};
  }
  return {};
}

Expr Lowering::test_in_script(const FunctionCall& node, const FunctionInfo& function,
                              const std::vector<ScriptValue>& arguments, LineColumn at) {
  if (function.id == FunctionId::cidr_match || function.id == FunctionId::wildcard) {
    std::vector<std::string> texts;
    for (std::size_t i = 1; i < node.arguments.size(); ++i) {
      const auto constant = constant_of(*node.arguments[i]);
      if (!constant || !std::holds_alternative<std::string>(*constant)) {
        return error(codes::kConstantNeeded, node.arguments[i]->at, "this must be a constant text");
      }
      texts.push_back(std::get<std::string>(*constant));
    }
    if (function.id == FunctionId::cidr_match) {
      auto blocks = blocks_of(texts, node);
      if (!blocks) return nullptr;
      return plan::make(plan::InNetwork{arguments[0].expression, std::move(*blocks)}, LogicalType::boolean, at);
    }
    const auto fold = node.insensitive ? plan::Pattern::Fold::ascii : plan::Pattern::Fold::none;
    std::vector<Expr> any;
    for (const std::string& text : texts) {
      any.push_back(plan::make(plan::Match{arguments[0].expression, wildcard_pattern(text, fold)}));
    }
    return plan::any_of(std::move(any));
  }
  const auto folded = [&](const ScriptValue& value) {
    return node.insensitive ? make_call(plan::Function::to_lower, {value.expression}, LogicalType::keyword)
                            : value.expression;
  };
  const plan::Function test = function.id == FunctionId::starts_with ? plan::Function::starts_with
                              : function.id == FunctionId::ends_with ? plan::Function::ends_with
                                                                     : plan::Function::contains;
  Expr tested = make_call(test, {folded(arguments[0]), folded(arguments[1])}, LogicalType::boolean);
  if (function.id != FunctionId::string_contains) return tested;
  // The empty text is contained in nothing.
  const ScriptValue part{arguments[1].expression, arguments[1].kind};
  const ScriptValue empty{plan::literal(Value(std::string()), LogicalType::keyword), Kind::text};
  return plan::all_of({std::move(tested), compare_in_script(Comparison::Op::not_equal, part, empty, at)});
}

}  // namespace trailhound::eql
