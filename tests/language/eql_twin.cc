#include "eql_twin.h"

#include <cctype>
#include <cmath>
#include <functional>
#include <optional>
#include <stdexcept>

namespace trailhound::language_test {
namespace {

using eql::Expression;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}
std::string lower_if(bool fold, const std::string& text) { return fold ? lower(text) : text; }

/// A pattern character by character; `escapes`: a backslash makes the next one literal.
bool glob(const std::string& text, std::size_t t, const std::string& pattern, std::size_t p, bool escapes) {
  if (p == pattern.size()) return t == text.size();
  if (escapes && pattern[p] == '\\' && p + 1 < pattern.size()) {
    return t < text.size() && text[t] == pattern[p + 1] && glob(text, t + 1, pattern, p + 2, escapes);
  }
  if (pattern[p] == '*') {
    for (std::size_t skip = t; skip <= text.size(); ++skip) {
      if (glob(text, skip, pattern, p + 1, escapes)) return true;
    }
    return false;
  }
  return t < text.size() && (pattern[p] == '?' || text[t] == pattern[p]) && glob(text, t + 1, pattern, p + 1, escapes);
}

const std::string* text(const Value& value) { return std::get_if<std::string>(&value); }
bool is_whole(const Value& value) { return std::holds_alternative<std::int64_t>(value); }
double number(const Value& value) {
  return is_whole(value) ? static_cast<double>(std::get<std::int64_t>(value)) : std::get<double>(value);
}
bool is_number(const Value& value) { return is_whole(value) || std::holds_alternative<double>(value); }

Value arithmetic(eql::Arithmetic::Op op, const Value& a, const Value& b) {
  using Op = eql::Arithmetic::Op;
  if (is_null(a) || is_null(b)) return {};
  if (is_whole(a) && is_whole(b)) {
    const auto x = std::get<std::int64_t>(a);
    const auto y = std::get<std::int64_t>(b);
    if ((op == Op::divide || op == Op::modulo) && y == 0) return {};
    return Value(op == Op::add        ? x + y
                 : op == Op::subtract ? x - y
                 : op == Op::multiply ? x * y
                 : op == Op::divide   ? x / y
                                      : x % y);
  }
  const double x = number(a);
  const double y = number(b);
  const double result = op == Op::add        ? x + y
                        : op == Op::subtract ? x - y
                        : op == Op::multiply ? x * y
                        : op == Op::divide   ? x / y
                                             : std::fmod(x, y);
  return std::isfinite(result) ? Value(result) : Value();
}

/// Nothing if the two cannot be compared.
std::optional<bool> compare(eql::Comparison::Op op, const Value& a, const Value& b) {
  using Op = eql::Comparison::Op;
  if (is_null(a) || is_null(b)) return std::nullopt;
  int order = 0;
  if (is_number(a) && is_number(b)) {
    order = number(a) < number(b) ? -1 : number(a) > number(b);
  } else if (text(a) != nullptr && text(b) != nullptr) {
    order = text(a)->compare(*text(b));
  } else if (std::holds_alternative<bool>(a) && std::holds_alternative<bool>(b)) {
    order = int(std::get<bool>(a)) - int(std::get<bool>(b));
  } else {
    throw std::logic_error("the twin does not compare these");
  }
  switch (op) {
    case Op::equal:
      return order == 0;
    case Op::not_equal:
      return order != 0;
    case Op::less:
      return order < 0;
    case Op::less_equal:
      return order <= 0;
    case Op::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

Value optional_truth(std::optional<bool> truth) { return truth ? Value(*truth) : Value(); }

eql::Comparison::Op turned(eql::Comparison::Op op) {
  using Op = eql::Comparison::Op;
  return op == Op::less            ? Op::greater
         : op == Op::greater       ? Op::less
         : op == Op::less_equal    ? Op::greater_equal
         : op == Op::greater_equal ? Op::less_equal
                                   : op;
}

std::size_t python_position(std::int64_t at, std::size_t size) {
  if (at < 0) at += static_cast<std::int64_t>(size);
  if (at < 0) return 0;
  return std::min(static_cast<std::size_t>(at), size);
}

}  // namespace

bool EqlTwin::is_constant(const Expression& e) const {
  if (const auto* field = std::get_if<eql::Field>(&e.node)) return !fields_.contains(field->name);
  std::vector<const Expression*> found;
  occurrences(e, found);
  const bool test = std::holds_alternative<eql::Comparison>(e.node) || std::holds_alternative<eql::Negation>(e.node) ||
                    std::holds_alternative<eql::Junction>(e.node) || std::holds_alternative<eql::Membership>(e.node) ||
                    std::holds_alternative<eql::TextTest>(e.node);
  return found.empty() && !test;
}

void EqlTwin::occurrences(const Expression& e, std::vector<const Expression*>& out) const {
  const auto all = [&](const std::vector<eql::ExpressionPtr>& list) {
    for (const auto& item : list) occurrences(*item, out);
  };
  if (const auto* field = std::get_if<eql::Field>(&e.node)) {
    if (fields_.contains(field->name)) out.push_back(&e);
  } else if (const auto* call = std::get_if<eql::FunctionCall>(&e.node)) {
    all(call->arguments);
  } else if (const auto* negation = std::get_if<eql::Negation>(&e.node)) {
    occurrences(*negation->operand, out);
  } else if (const auto* junction = std::get_if<eql::Junction>(&e.node)) {
    all(junction->operands);
  } else if (const auto* comparison = std::get_if<eql::Comparison>(&e.node)) {
    occurrences(*comparison->left, out);
    occurrences(*comparison->right, out);
  } else if (const auto* membership = std::get_if<eql::Membership>(&e.node)) {
    occurrences(*membership->subject, out);
  } else if (const auto* test = std::get_if<eql::TextTest>(&e.node)) {
    occurrences(*test->subject, out);
  } else if (const auto* sum = std::get_if<eql::Arithmetic>(&e.node)) {
    occurrences(*sum->left, out);
    occurrences(*sum->right, out);
  } else if (const auto* minus = std::get_if<eql::Minus>(&e.node)) {
    occurrences(*minus->operand, out);
  }
}

Truth EqlTwin::script(const Expression& e, const TwinDocument& document, bool wants_null) const {
  std::vector<const Expression*> fields;
  occurrences(e, fields);
  Assignment assignment;
  std::function<bool(std::size_t)> any = [&](std::size_t i) -> bool {
    if (i == fields.size()) {
      const Value value = evaluate(e, assignment);
      if (wants_null) return is_null(value);
      const bool* truth = std::get_if<bool>(&value);
      return truth != nullptr && *truth;
    }
    const auto values = document.find(std::get<eql::Field>(fields[i]->node).name);
    if (values == document.end() || values->second.empty()) {
      assignment[fields[i]] = Value();
      return any(i + 1);
    }
    for (const Value& value : values->second) {
      assignment[fields[i]] = value;
      if (any(i + 1)) return true;
    }
    return false;
  };
  return truth_of(any(0));
}

Value EqlTwin::evaluate(const Expression& e, const Assignment& assignment) const {
  if (const auto* constant = std::get_if<eql::Constant>(&e.node)) return constant->value;
  if (std::holds_alternative<eql::Field>(e.node)) {
    const auto bound = assignment.find(&e);
    return bound == assignment.end() ? Value() : bound->second;
  }
  if (const auto* call_node = std::get_if<eql::FunctionCall>(&e.node)) return call(*call_node, assignment);
  if (const auto* sum = std::get_if<eql::Arithmetic>(&e.node)) {
    return arithmetic(sum->op, evaluate(*sum->left, assignment), evaluate(*sum->right, assignment));
  }
  if (const auto* minus = std::get_if<eql::Minus>(&e.node)) {
    return arithmetic(eql::Arithmetic::Op::subtract, Value(std::int64_t{0}), evaluate(*minus->operand, assignment));
  }
  if (const auto* comparison = std::get_if<eql::Comparison>(&e.node)) {
    return optional_truth(
        compare(comparison->op, evaluate(*comparison->left, assignment), evaluate(*comparison->right, assignment)));
  }
  if (const auto* membership = std::get_if<eql::Membership>(&e.node)) {
    const Value subject = evaluate(*membership->subject, assignment);
    if (is_null(subject)) return {};
    bool any = false;
    for (const auto& item : membership->list) {
      const Value value = evaluate(*item, assignment);
      if (is_null(value)) continue;
      any = any || (membership->insensitive ? lower(*text(subject)) == lower(*text(value))
                                            : *compare(eql::Comparison::Op::equal, subject, value));
    }
    return Value(any != membership->negated);
  }
  if (const auto* test = std::get_if<eql::TextTest>(&e.node)) {
    const Value subject = evaluate(*test->subject, assignment);
    if (is_null(subject)) return {};
    const Truth truth = test_value(e, subject);
    return Value(truth == Truth::yes);
  }
  throw std::logic_error("the twin does not evaluate this");
}

Value EqlTwin::call(const eql::FunctionCall& node, const Assignment& assignment) const {
  std::vector<Value> arguments;
  for (const auto& argument : node.arguments) arguments.push_back(evaluate(*argument, assignment));
  const std::string name = lower(node.name);
  if (name == "concat") {
    std::string joined;
    for (const Value& value : arguments) {
      if (is_null(value)) return {};
      joined += to_text(value);
    }
    return joined;
  }
  if (is_null(arguments[0])) return {};
  if (name == "string") return to_text(arguments[0]);
  const std::string& source = std::get<std::string>(arguments[0]);
  if (name == "length") return static_cast<std::int64_t>(source.size());
  if (name == "number") {
    try {
      std::size_t used = 0;
      const long long value = std::stoll(source, &used);
      if (used == source.size()) return std::int64_t{value};
    } catch (const std::exception&) {
    }
    return {};
  }
  if (is_null(arguments[1])) return {};
  if (name == "substring") {
    const std::size_t start = python_position(std::get<std::int64_t>(arguments[1]), source.size());
    const std::size_t end = arguments.size() < 3 || is_null(arguments[2])
                                ? source.size()
                                : python_position(std::get<std::int64_t>(arguments[2]), source.size());
    return start < end ? source.substr(start, end - start) : std::string();
  }
  const std::string searched = lower_if(node.insensitive, source);
  const std::string part = lower_if(node.insensitive, std::get<std::string>(arguments[1]));
  if (name == "startswith") return searched.starts_with(part);
  if (name == "endswith") return searched.ends_with(part);
  if (name == "stringcontains") return !part.empty() && searched.find(part) != std::string::npos;
  if (name == "indexof") {
    const std::size_t found = searched.find(part);
    return found == std::string::npos ? Value() : Value(static_cast<std::int64_t>(found));
  }
  if (name == "between") {
    if (is_null(arguments[2])) return {};
    const std::string right = lower_if(node.insensitive, std::get<std::string>(arguments[2]));
    if (source.empty() || part.empty() || right.empty()) return source;
    const std::size_t left_at = searched.find(part);
    if (left_at == std::string::npos) return std::string();
    const std::size_t start = left_at + part.size();
    const std::size_t end = searched.find(right, start);
    return end == std::string::npos ? std::string() : source.substr(start, end - start);
  }
  throw std::logic_error("the twin does not know " + node.name);
}

Truth EqlTwin::test_value(const Expression& e, const Value& value) const {
  const auto& test = std::get<eql::TextTest>(e.node);
  bool any = false;
  for (const auto& constant : test.constants) {
    const std::string pattern = lower_if(test.insensitive, *text(std::get<eql::Constant>(constant->node).value));
    any = any || glob(lower_if(test.insensitive, *text(value)), 0, pattern, 0, false);
  }
  return truth_of(any);
}

Truth EqlTwin::null_test(const Expression& e, const TwinDocument& document) const {
  if (is_constant(e)) return truth_of(is_null(evaluate(e, {})));
  return script(e, document, true);
}

Truth EqlTwin::comparison(const eql::Comparison& node, const TwinDocument& document) const {
  using Op = eql::Comparison::Op;
  const bool turn = is_constant(*node.left);
  const Expression& subject = turn ? *node.right : *node.left;
  const Value constant = evaluate(turn ? *node.left : *node.right, {});
  const Op op = turn ? turned(node.op) : node.op;
  const bool negated = op == Op::not_equal;
  const Op base = negated ? Op::equal : op;
  Truth truth = Truth::unknown;
  if (is_constant(subject)) {
    const Value value = evaluate(subject, {});
    const auto compared = compare(base, value, constant);
    if (compared) {
      truth = truth_of(*compared);
    } else if (base == Op::equal) {
      truth = truth_of(is_null(value) && is_null(constant));
    }
  } else if (is_null(constant)) {
    if (base == Op::equal) truth = null_test(subject, document);
  } else {
    std::vector<const Expression*> fields;
    occurrences(subject, fields);
    // Every combination; an absent field is null, and null compares to nothing.
    Assignment assignment;
    std::function<bool(std::size_t)> any = [&](std::size_t i) -> bool {
      if (i == fields.size()) return compare(base, evaluate(subject, assignment), constant).value_or(false);
      const auto values = document.find(std::get<eql::Field>(fields[i]->node).name);
      if (values == document.end() || values->second.empty()) {
        assignment[fields[i]] = Value();
        return any(i + 1);
      }
      for (const Value& value : values->second) {
        assignment[fields[i]] = value;
        if (any(i + 1)) return true;
      }
      return false;
    };
    truth = truth_of(any(0));
  }
  return negated ? !truth : truth;
}

Truth EqlTwin::condition(const Expression& e, const TwinDocument& document) const {
  if (const auto* negation = std::get_if<eql::Negation>(&e.node)) return !condition(*negation->operand, document);
  if (const auto* junction = std::get_if<eql::Junction>(&e.node)) {
    bool any_null = false;
    bool any_yes = false;
    bool any_no = false;
    bool constant_decides = false;
    for (const auto& operand : junction->operands) {
      const Truth truth = condition(*operand, document);
      any_null = any_null || truth == Truth::unknown;
      any_yes = any_yes || truth == Truth::yes;
      any_no = any_no || truth == Truth::no;
      // A constant that decides wins over null; a search that happens to decide does not.
      const Truth deciding = junction->conjunction ? Truth::no : Truth::yes;
      std::vector<const Expression*> fields;
      occurrences(*operand, fields);
      constant_decides = constant_decides || (fields.empty() && truth == deciding);
    }
    if (junction->conjunction) {
      if (constant_decides) return Truth::no;
      if (any_null) return Truth::unknown;
      return truth_of(!any_no);
    }
    if (any_yes) return Truth::yes;
    return any_no ? Truth::no : Truth::unknown;
  }
  if (const auto* node = std::get_if<eql::Comparison>(&e.node)) return comparison(*node, document);
  if (const auto* field = std::get_if<eql::Field>(&e.node)) {
    if (!fields_.contains(field->name)) return Truth::unknown;
    return script(e, document, false);
  }
  if (const auto* constant = std::get_if<eql::Constant>(&e.node)) {
    return is_null(constant->value) ? Truth::unknown : truth_of(std::get<bool>(constant->value));
  }
  if (const auto* node = std::get_if<eql::Membership>(&e.node)) {
    if (is_constant(*node->subject) && is_null(evaluate(*node->subject, {}))) return Truth::unknown;
    // Absent: no value is in the list.
    std::vector<const Expression*> fields;
    occurrences(*node->subject, fields);
    Assignment assignment;
    std::function<bool(std::size_t)> any = [&](std::size_t i) -> bool {
      if (i == fields.size()) {
        const Value value = evaluate(e, assignment);
        const bool* truth = std::get_if<bool>(&value);
        return truth != nullptr && (*truth != node->negated);
      }
      const auto values = document.find(std::get<eql::Field>(fields[i]->node).name);
      if (values == document.end() || values->second.empty()) {
        assignment[fields[i]] = Value();
        return any(i + 1);
      }
      for (const Value& value : values->second) {
        assignment[fields[i]] = value;
        if (any(i + 1)) return true;
      }
      return false;
    };
    return truth_of(any(0) != node->negated);
  }
  if (const auto* node = std::get_if<eql::TextTest>(&e.node)) {
    if (is_constant(*node->subject) && is_null(evaluate(*node->subject, {}))) return Truth::unknown;
    return script(e, document, false);
  }
  const auto& node = std::get<eql::FunctionCall>(e.node);
  const std::string name = lower(node.name);
  const bool search = name == "endswith" || name == "stringcontains";
  if (search && std::holds_alternative<eql::Field>(node.arguments[0]->node) && is_constant(*node.arguments[1])) {
    const Value constant = evaluate(*node.arguments[1], {});
    const auto values = document.find(std::get<eql::Field>(node.arguments[0]->node).name);
    if (is_null(constant) || values == document.end()) return Truth::no;
    std::string pattern = "*" + lower_if(node.insensitive, *text(constant));
    if (name == "stringcontains") pattern += "*";
    for (const Value& value : values->second) {
      if (glob(lower_if(node.insensitive, *text(value)), 0, pattern, 0, true)) return Truth::yes;
    }
    return Truth::no;
  }
  return script(e, document, false);
}

}  // namespace trailhound::language_test
