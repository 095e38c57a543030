// The expressions of EQL, one function a level of precedence.
//
//   or < and < not < comparison < sum < product < sign < predicate (in, :, like, regex)

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "lang/eql/codes.h"
#include "lang/eql/parser_state.h"

namespace trailhound::eql {
namespace {

int deepest(const std::vector<ExpressionPtr>& list) {
  int depth = 0;
  for (const ExpressionPtr& expression : list) depth = std::max(depth, expression->depth);
  return depth;
}

std::optional<Comparison::Op> comparison_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::equal:
      return Comparison::Op::equal;
    case TokenKind::not_equal:
      return Comparison::Op::not_equal;
    case TokenKind::less:
      return Comparison::Op::less;
    case TokenKind::less_equal:
      return Comparison::Op::less_equal;
    case TokenKind::greater:
      return Comparison::Op::greater;
    case TokenKind::greater_equal:
      return Comparison::Op::greater_equal;
    default:
      return std::nullopt;
  }
}

}  // namespace

ExpressionPtr Parser::make(Expression::Node node, LineColumn at, int depth_below) {
  if (depth_below >= kMaxDepth) {
    fail_depth();
    return nullptr;
  }
  return std::make_unique<Expression>(Expression{std::move(node), at, depth_below + 1});
}

ExpressionPtr Parser::parse_or() {
  Level level(*this);
  if (!level.ok()) return nullptr;
  const LineColumn at = here();
  ExpressionPtr first = parse_and();
  if (!first || !at_word("or")) return first;
  Junction junction{false, {}};
  junction.operands.push_back(std::move(first));
  while (take_word("or")) {
    junction.operands.push_back(parse_and());
    if (!junction.operands.back()) return nullptr;
  }
  const int depth = deepest(junction.operands);
  return make(std::move(junction), at, depth);
}

ExpressionPtr Parser::parse_and() {
  const LineColumn at = here();
  ExpressionPtr first = parse_not();
  if (!first || !at_word("and")) return first;
  Junction junction{true, {}};
  junction.operands.push_back(std::move(first));
  while (take_word("and")) {
    junction.operands.push_back(parse_not());
    if (!junction.operands.back()) return nullptr;
  }
  const int depth = deepest(junction.operands);
  return make(std::move(junction), at, depth);
}

ExpressionPtr Parser::parse_not() {
  Level level(*this);
  if (!level.ok()) return nullptr;
  const LineColumn at = here();
  if (!take_word("not")) return parse_comparison();
  ExpressionPtr operand = parse_not();
  if (!operand) return nullptr;
  const int depth = operand->depth;
  return make(Negation{std::move(operand)}, at, depth);
}

ExpressionPtr Parser::parse_comparison() {
  const LineColumn at = here();
  ExpressionPtr left = parse_sum();
  if (!left) return nullptr;
  const auto op = comparison_of(token_.kind);
  if (!op) return left;
  advance();
  ExpressionPtr right = parse_sum();
  if (!right) return nullptr;
  if (comparison_of(token_.kind)) {
    fail_here(codes::kSyntax, "comparisons cannot be chained", "join two comparisons with and");
    return nullptr;
  }
  const int depth = std::max(left->depth, right->depth);
  return make(Comparison{*op, std::move(left), std::move(right)}, at, depth);
}

ExpressionPtr Parser::parse_sum() {
  const LineColumn at = here();
  ExpressionPtr left = parse_product();
  while (left && (this->at(TokenKind::plus) || this->at(TokenKind::minus))) {
    const auto op = this->at(TokenKind::plus) ? Arithmetic::Op::add : Arithmetic::Op::subtract;
    advance();
    ExpressionPtr right = parse_product();
    if (!right) return nullptr;
    const int depth = std::max(left->depth, right->depth);
    left = make(Arithmetic{op, std::move(left), std::move(right)}, at, depth);
  }
  return left;
}

ExpressionPtr Parser::parse_product() {
  const LineColumn at = here();
  ExpressionPtr left = parse_unary();
  while (left && (this->at(TokenKind::star) || this->at(TokenKind::slash) || this->at(TokenKind::percent))) {
    const auto op = this->at(TokenKind::star)    ? Arithmetic::Op::multiply
                    : this->at(TokenKind::slash) ? Arithmetic::Op::divide
                                                 : Arithmetic::Op::modulo;
    advance();
    ExpressionPtr right = parse_unary();
    if (!right) return nullptr;
    const int depth = std::max(left->depth, right->depth);
    left = make(Arithmetic{op, std::move(left), std::move(right)}, at, depth);
  }
  return left;
}

ExpressionPtr Parser::parse_unary() {
  Level level(*this);
  if (!level.ok()) return nullptr;
  const LineColumn at = here();
  if (take(TokenKind::plus)) return parse_unary();
  if (!take(TokenKind::minus)) {
    ExpressionPtr primary = parse_primary();
    if (!primary) return nullptr;
    return parse_predicate(std::move(primary));  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): it is moved on
  }
  ExpressionPtr operand = parse_unary();
  if (!operand) return nullptr;
  const int depth = operand->depth;
  return make(Minus{std::move(operand)}, at, depth);
}

ExpressionPtr Parser::parse_predicate(ExpressionPtr subject) {
  if (at_word("in") || at_tilde_word("in")) return parse_membership(std::move(subject));
  if (at_word("not")) {
    const Token next = second();
    const bool membership = next.is_word("in") || (next.kind == TokenKind::tilde_identifier && next.text == "in~");
    if (membership) return parse_membership(std::move(subject));
    return subject;
  }
  const bool test =
      at(TokenKind::colon) || at_word("like") || at_tilde_word("like") || at_word("regex") || at_tilde_word("regex");
  return test ? parse_text_test(std::move(subject)) : std::move(subject);
}

ExpressionPtr Parser::parse_membership(ExpressionPtr subject) {
  const LineColumn at = subject->at;
  Membership node;
  node.negated = take_word("not");
  node.insensitive = at_tilde_word("in");
  advance();
  if (!this->at(TokenKind::left_parenthesis)) {
    fail_expecting("'(' and a list of values");
    return nullptr;
  }
  if (!parse_list(node.list, false)) return nullptr;
  const int depth = std::max(subject->depth, deepest(node.list));
  node.subject = std::move(subject);
  return make(std::move(node), at, depth);
}

ExpressionPtr Parser::parse_text_test(ExpressionPtr subject) {
  const LineColumn at = subject->at;
  TextTest node;
  node.kind = this->at(TokenKind::colon)                 ? TextTest::Kind::colon
              : at_word("like") || at_tilde_word("like") ? TextTest::Kind::like
                                                         : TextTest::Kind::regex;
  node.insensitive = node.kind == TextTest::Kind::colon || this->at(TokenKind::tilde_identifier);
  advance();
  if (this->at(TokenKind::left_parenthesis)) {
    if (!parse_list(node.constants, true)) return nullptr;
  } else {
    node.constants.push_back(parse_constant());
    if (!node.constants.back()) return nullptr;
  }
  const int depth = std::max(subject->depth, deepest(node.constants));
  node.subject = std::move(subject);
  return make(std::move(node), at, depth);
}

// "(" item ( "," item )* ")"
bool Parser::parse_list(std::vector<ExpressionPtr>& out, bool constants_only) {
  do {
    advance();  // the parenthesis, or a comma
    out.push_back(constants_only ? parse_constant() : parse_or());
    if (!out.back()) return false;
  } while (at(TokenKind::comma));
  return expect(TokenKind::right_parenthesis);
}

bool Parser::at_constant() const {
  return at(TokenKind::string) || at(TokenKind::integer) || at(TokenKind::decimal) || at_word("null") ||
         at_word("true") || at_word("false");
}

ExpressionPtr Parser::parse_primary() {
  if (at_constant()) return parse_constant();
  if (at(TokenKind::left_parenthesis)) {
    advance();
    ExpressionPtr inside = parse_or();
    if (!inside || !expect(TokenKind::right_parenthesis)) return nullptr;
    return inside;
  }
  const bool name = at(TokenKind::identifier) && !token_.is_keyword();
  if (at(TokenKind::tilde_identifier) || (name && second().kind == TokenKind::left_parenthesis)) return parse_call();
  if (name && second().is_word("of")) {
    fail_here(codes::kNotSupported, "relationships between processes (of) are not part of EQL any more");
    return nullptr;
  }
  const LineColumn at = here();
  Field field;
  if (!parse_field(field)) return nullptr;
  return make(std::move(field), at, 0);
}

ExpressionPtr Parser::parse_call() {
  const LineColumn at = here();
  FunctionCall call;
  call.insensitive = this->at(TokenKind::tilde_identifier);
  call.name = std::string(token_.text.substr(0, token_.text.size() - (call.insensitive ? 1 : 0)));
  if (call.insensitive && (call.name == "in" || call.name == "like" || call.name == "regex")) {
    fail_expecting("a value");
    return nullptr;
  }
  advance();
  if (!this->at(TokenKind::left_parenthesis)) {
    fail_expecting("'('");
    return nullptr;
  }
  if (second().kind == TokenKind::right_parenthesis) {
    advance();
    advance();
  } else if (!parse_list(call.arguments, false)) {
    return nullptr;
  }
  const int depth = deepest(call.arguments);
  return make(std::move(call), at, depth);
}

ExpressionPtr Parser::parse_constant() {
  const LineColumn at = here();
  if (this->at(TokenKind::integer) || this->at(TokenKind::decimal)) return parse_number();
  Constant constant;
  if (this->at(TokenKind::string)) {
    constant.value = token_.value;
  } else if (at_word("true") || at_word("false")) {
    constant.value = at_word("true");
  } else if (!at_word("null")) {
    fail_expecting("a constant");
    return nullptr;
  }
  advance();
  return make(std::move(constant), at, 0);
}

ExpressionPtr Parser::parse_number() {
  const LineColumn at = here();
  const char* begin = token_.text.data();
  const char* end = begin + token_.text.size();
  Constant constant;
  std::int64_t integer = 0;
  double real = 0;
  if (this->at(TokenKind::integer) && std::from_chars(begin, end, integer).ec == std::errc()) {
    constant.value = integer;
  } else if (std::from_chars(begin, end, real).ec == std::errc()) {  // also of integers that are too large
    constant.value = real;
  } else {
    fail_here(codes::kValue, "the number is out of range");
    return nullptr;
  }
  advance();
  return make(std::move(constant), at, 0);
}

// field := [ "?" ] name ( "." name )*
bool Parser::parse_field(Field& out) {
  out.optional = take(TokenKind::question);
  while (true) {
    if (at(TokenKind::quoted_identifier)) {
      out.name += token_.value;
    } else if (at(TokenKind::identifier) && !token_.is_keyword()) {
      out.name += token_.text;
    } else {
      return fail_expecting(out.name.empty() ? "a value" : "a name");
    }
    advance();
    if (at(TokenKind::left_bracket) && second().kind == TokenKind::integer) {
      return fail_here(codes::kNotSupported, "elements of arrays cannot be named", "a test holds if any element does");
    }
    if (!at(TokenKind::dot)) return true;
    out.name += '.';
    advance();
  }
}

}  // namespace trailhound::eql
