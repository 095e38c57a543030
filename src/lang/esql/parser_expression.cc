// Expressions, by precedence from the loosest (OR) to the tightest (::). Chains are loops; only parentheses, function
// arguments and sub-queries recurse, counted by Level; the depth of left-leaning chains is counted in the nodes.

#include <algorithm>
#include <array>
#include <utility>

#include "lang/esql/codes.h"
#include "lang/esql/parser_state.h"

namespace trailhound::esql {
namespace {

int depth_of(const std::vector<ExpressionPtr>& operands) {
  int depth = 0;
  for (const auto& operand : operands) depth = std::max(depth, operand->depth);
  return depth;
}

}  // namespace

ExpressionPtr Parser::make(Expression::Node node, std::size_t begin, std::initializer_list<const Expression*> of) {
  int depth = 0;
  for (const Expression* operand : of) depth = std::max(depth, operand->depth);
  return make_list(std::move(node), begin, depth);
}

ExpressionPtr Parser::make_list(Expression::Node node, std::size_t begin, int depth) {
  if (depth >= kMaxDepth) {
    (void)fail_depth();
    return nullptr;
  }
  auto expression = std::make_unique<Expression>();
  expression->node = std::move(node);
  expression->begin = begin;
  expression->end = previous_end_;
  expression->depth = depth + 1;
  return expression;
}

// ---- conditions -----------------------------------------------------------------------------------------------------

ExpressionPtr Parser::parse_boolean() {
  Level level(*this);
  if (!level.ok()) return nullptr;
  const std::size_t begin = token_.begin;
  auto first = parse_and();
  if (!first || !at_word("or")) return first;
  LogicalOr list;
  list.operands.push_back(std::move(first));
  while (take_word("or")) {
    auto next = parse_and();
    if (!next) return nullptr;
    list.operands.push_back(std::move(next));
  }
  const int depth = depth_of(list.operands);
  return make_list(std::move(list), begin, depth);
}

ExpressionPtr Parser::parse_and() {
  const std::size_t begin = token_.begin;
  auto first = parse_not();
  if (!first || !at_word("and")) return first;
  LogicalAnd list;
  list.operands.push_back(std::move(first));
  while (take_word("and")) {
    auto next = parse_not();
    if (!next) return nullptr;
    list.operands.push_back(std::move(next));
  }
  const int depth = depth_of(list.operands);
  return make_list(std::move(list), begin, depth);
}

ExpressionPtr Parser::parse_not() {
  std::vector<std::size_t> begins;
  while (at_word("not")) {
    begins.push_back(token_.begin);
    advance();
  }
  auto expression = parse_predicate();
  for (; expression && !begins.empty(); begins.pop_back()) {
    const Expression* operand = expression.get();
    const int depth = operand->depth;
    expression = make_list(LogicalNot{std::move(expression)}, begins.back(), depth);
  }
  return expression;
}

ExpressionPtr Parser::parse_predicate() {
  const std::size_t begin = token_.begin;
  auto left = parse_comparison();
  if (!left) return nullptr;
  bool negated = false;
  if (at_word("not")) {
    const Token next = second();
    if (next.is_word("like") || next.is_word("rlike") || next.is_word("in")) {
      negated = true;
      advance();
    }
  }
  if (take_word("like")) return parse_like(std::move(left), negated, false, begin);
  if (take_word("rlike")) return parse_like(std::move(left), negated, true, begin);
  if (take_word("in")) return parse_in(std::move(left), negated, begin);
  if (take_word("is")) return parse_is(std::move(left), begin);
  if (at(TokenKind::colon)) {
    const bool field = std::holds_alternative<ColumnName>(left->node) || std::holds_alternative<Cast>(left->node);
    if (!field) {
      fail_at(token_.begin, codes::kSyntax, "the match operator ':' needs a column on its left");
      return nullptr;
    }
    advance();
    auto constant = parse_operand();
    if (!constant) return nullptr;
    const int depth = std::max(left->depth, constant->depth);
    return make_list(MatchField{std::move(left), std::move(constant)}, begin, depth);
  }
  return left;
}

ExpressionPtr Parser::parse_like(ExpressionPtr text, bool negated, bool regular, std::size_t begin) {
  Like like;
  like.negated = negated;
  like.regular = regular;
  // A parenthesis opens a list of patterns; around one constant it means the same.
  if (take(TokenKind::left_parenthesis)) {
    like.list = true;
    if (!parse_expressions(like.patterns) || !expect(TokenKind::right_parenthesis)) return nullptr;
  } else {
    auto pattern = parse_operand();
    if (!pattern) return nullptr;
    like.patterns.push_back(std::move(pattern));
  }
  const int depth = std::max(text->depth, depth_of(like.patterns));
  like.text = std::move(text);
  return make_list(std::move(like), begin, depth);
}

/// Whether `FROM ...` or `ROW ...` begins a sub-query here, where a column called `from` could stand as well.
bool Parser::query_begins_here() const {
  if (!at_word("from") && !at_word("row") && !at_word("ts")) return false;
  const Token next = second(at_word("row") ? Mode::expression : Mode::source);
  if (next.begin == token_.end) return false;
  if (next.kind == TokenKind::left_parenthesis) return at_word("from");  // a sub-query again: no function is called so
  return next.kind == TokenKind::identifier || next.kind == TokenKind::source || next.kind == TokenKind::string;
}

ExpressionPtr Parser::parse_in(ExpressionPtr needle, bool negated, std::size_t begin) {
  In in;
  in.negated = negated;
  if (!expect(TokenKind::left_parenthesis)) return nullptr;
  if (query_begins_here()) {
    in.query = std::make_unique<Pipeline>();
    if (!parse_pipeline(*in.query, true, true)) return nullptr;
  } else {
    do {
      auto value = parse_comparison();
      if (!value) return nullptr;
      in.values.push_back(std::move(value));
    } while (take(TokenKind::comma));
  }
  if (!expect(TokenKind::right_parenthesis)) return nullptr;
  const int depth = std::max(needle->depth, depth_of(in.values));
  in.needle = std::move(needle);
  return make_list(std::move(in), begin, depth);
}

ExpressionPtr Parser::parse_is(ExpressionPtr operand, std::size_t begin) {
  const bool negated = take_word("not");
  if (!expect_word("null")) return nullptr;
  const int depth = operand->depth;
  return make_list(IsNull{std::move(operand), negated}, begin, depth);
}

// ---- values ---------------------------------------------------------------------------------------------------------

ExpressionPtr Parser::parse_comparison() {
  static constexpr std::array<std::pair<TokenKind, BinaryOperator>, 6> kOperators = {
      {{TokenKind::equal, BinaryOperator::equal},
       {TokenKind::not_equal, BinaryOperator::not_equal},
       {TokenKind::less, BinaryOperator::less},
       {TokenKind::less_equal, BinaryOperator::less_equal},
       {TokenKind::greater, BinaryOperator::greater},
       {TokenKind::greater_equal, BinaryOperator::greater_equal}}};
  const auto operator_here = [this] {
    return std::ranges::find(kOperators, token_.kind, &std::pair<TokenKind, BinaryOperator>::first);
  };
  const std::size_t begin = token_.begin;
  auto left = parse_additive();
  if (!left) return nullptr;
  const auto found = operator_here();
  if (found == kOperators.end()) return left;
  advance();
  auto right = parse_additive();
  if (!right) return nullptr;
  if (operator_here() != kOperators.end()) {
    fail_at(token_.begin, codes::kSyntax, "comparisons cannot be chained", "join two comparisons with AND");
    return nullptr;
  }
  const int depth = std::max(left->depth, right->depth);
  return make_list(Binary{found->second, std::move(left), std::move(right)}, begin, depth);
}

ExpressionPtr Parser::parse_additive() {
  const std::size_t begin = token_.begin;
  auto left = parse_multiplicative();
  while (left && (at(TokenKind::plus) || at(TokenKind::minus))) {
    const auto op = at(TokenKind::plus) ? BinaryOperator::add : BinaryOperator::subtract;
    advance();
    auto right = parse_multiplicative();
    if (!right) return nullptr;
    const int depth = std::max(left->depth, right->depth);
    left = make_list(Binary{op, std::move(left), std::move(right)}, begin, depth);
  }
  return left;
}

ExpressionPtr Parser::parse_multiplicative() {
  const std::size_t begin = token_.begin;
  auto left = parse_unary();
  while (left && (at(TokenKind::star) || at(TokenKind::slash) || at(TokenKind::percent))) {
    const auto op = at(TokenKind::star)    ? BinaryOperator::multiply
                    : at(TokenKind::slash) ? BinaryOperator::divide
                                           : BinaryOperator::modulo;
    advance();
    auto right = parse_unary();
    if (!right) return nullptr;
    const int depth = std::max(left->depth, right->depth);
    left = make_list(Binary{op, std::move(left), std::move(right)}, begin, depth);
  }
  return left;
}

ExpressionPtr Parser::parse_unary() {
  std::vector<std::pair<std::size_t, bool>> signs;  // where, and whether it is a minus
  while (at(TokenKind::plus) || at(TokenKind::minus)) {
    // The sign next to a number belongs to the number.
    const Token next = second();
    if (next.kind == TokenKind::integer || next.kind == TokenKind::decimal) break;
    signs.emplace_back(token_.begin, at(TokenKind::minus));
    advance();
  }
  auto expression = parse_operand();
  for (; expression && !signs.empty(); signs.pop_back()) {
    if (!signs.back().second) continue;
    const int depth = expression->depth;
    expression = make_list(Negate{std::move(expression)}, signs.back().first, depth);
  }
  return expression;
}

/// A primary with its casts.
ExpressionPtr Parser::parse_operand() {
  const std::size_t begin = token_.begin;
  auto expression = parse_primary();
  while (expression && take(TokenKind::cast)) {
    const bool quoted = at(TokenKind::quoted_identifier);
    if (!quoted && (!at(TokenKind::identifier) || is_reserved(token_.text))) {
      fail_expecting("a type name");
      return nullptr;
    }
    Cast cast{std::move(expression), lower_ascii(quoted ? std::string_view(token_.value) : token_.text), token_.begin};
    advance();
    const int depth = cast.operand->depth;
    expression = make_list(std::move(cast), begin, depth);
  }
  return expression;
}

ExpressionPtr Parser::parse_primary() {
  const std::size_t begin = token_.begin;
  switch (token_.kind) {
    case TokenKind::left_parenthesis:
      return parse_parenthesised();
    case TokenKind::left_bracket:
      return parse_array();
    case TokenKind::integer:
    case TokenKind::decimal:
    case TokenKind::plus:
    case TokenKind::minus:
      return parse_number();
    case TokenKind::string: {
      Literal literal{event::LogicalType::keyword, token_.value};
      advance();
      return make(std::move(literal), begin, {});
    }
    case TokenKind::parameter: {
      if (parameters_ && !parameter_fits()) {
        fail_at(begin, codes::kSyntax, std::string(kMixedParameters));
        return nullptr;
      }
      const auto* given = parameters_ ? this->parameter() : nullptr;
      if (parameters_ && !given) {
        fail_at(begin, codes::kValue, "Unknown query parameter [" + std::string(token_.text) + "]",
                "give it with --param");
        return nullptr;
      }
      Expression::Node node = Parameter{std::string(token_.text)};
      if (given) node = given->value;
      advance();
      return make(std::move(node), begin, {});
    }
    case TokenKind::identifier:
    case TokenKind::quoted_identifier:
    case TokenKind::identifier_parameter:
      return parse_column_or_call();
    default:
      fail_expecting("an expression");
      return nullptr;
  }
}

ExpressionPtr Parser::parse_parenthesised() {
  advance();
  auto inner = parse_boolean();
  if (!inner || !expect(TokenKind::right_parenthesis)) return nullptr;
  return inner;
}

ExpressionPtr Parser::parse_column_or_call() {
  const std::size_t begin = token_.begin;
  const bool word = at(TokenKind::identifier);
  const bool quoted = at(TokenKind::quoted_identifier);  // or named by a parameter
  const bool call = second().kind == TokenKind::left_parenthesis;
  if (call && (quoted || !is_reserved(token_.text) || at_word("first") || at_word("last"))) return parse_call();
  if (word && (at_word("true") || at_word("false") || at_word("null"))) {
    auto literal = parse_literal();
    if (!literal) return nullptr;
    return make(*std::move(literal), begin, {});
  }
  if (at(TokenKind::identifier_parameter)) {
    Parameter parameter{std::string(token_.text)};
    advance();
    return make(std::move(parameter), begin, {});
  }
  Name name;
  if (is_reserved(token_.text)) {
    fail_expecting("an expression");
    return nullptr;
  }
  if (!parse_name(name)) return nullptr;
  return make(ColumnName{std::move(name.text)}, begin, {});
}

ExpressionPtr Parser::parse_call() {
  Level level(*this);
  if (!level.ok()) return nullptr;
  const std::size_t begin = token_.begin;
  FunctionCall call;
  call.name = lower_ascii(at(TokenKind::identifier) ? token_.text : std::string_view(token_.value));
  advance();
  advance();  // the parenthesis
  if (at(TokenKind::star) && second().kind == TokenKind::right_parenthesis) {
    call.star = true;
    advance();
  } else if (!at(TokenKind::right_parenthesis)) {
    do {
      if (at(TokenKind::left_brace)) {
        if (!parse_map(call.options)) return nullptr;
        break;
      }
      auto argument = parse_boolean();
      if (!argument) return nullptr;
      call.arguments.push_back(std::move(argument));
    } while (take(TokenKind::comma));
  }
  if (!expect(TokenKind::right_parenthesis)) return nullptr;
  const int depth = depth_of(call.arguments);
  return make_list(std::move(call), begin, depth);
}

bool Parser::parse_map(Map& out, bool lists_allowed) {
  Level level(*this);
  if (!level.ok() || !expect(TokenKind::left_brace)) return false;
  if (take(TokenKind::right_brace)) return true;
  do {
    MapEntry entry;
    std::size_t key_at = 0;
    if (!parse_string(entry.key, key_at) || !expect(TokenKind::colon)) return false;
    if (at(TokenKind::left_brace)) {
      if (!parse_map(entry.nested)) return false;
    } else if (lists_allowed && at(TokenKind::left_bracket)) {
      const auto list = parse_array();
      if (!list) return false;
      entry.list = std::move(std::get<ArrayLiteral>(list->node).elements);
    } else {
      auto value = parse_literal();
      if (!value) return false;
      entry.value = *std::move(value);
    }
    out.push_back(std::move(entry));
  } while (take(TokenKind::comma));
  return expect(TokenKind::right_brace);
}

}  // namespace trailhound::esql
