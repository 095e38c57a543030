// Constants: numbers, arrays, time spans.

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

#include "base/number_text.h"
#include "lang/esql/codes.h"
#include "lang/esql/parser.h"
#include "lang/esql/parser_state.h"
#include "lang/esql/types.h"

namespace trailhound::esql {
namespace {

using event::LogicalType;

struct Unit {
  std::string_view name;       ///< canonical
  std::string_view spellings;  ///< between blanks
};
constexpr std::array<Unit, 9> kUnits = {{{"year", " year years yr y "},
                                         {"quarter", " quarter quarters q "},
                                         {"month", " month months mo "},
                                         {"week", " week weeks w "},
                                         {"day", " day days d "},
                                         {"hour", " hour hours h "},
                                         {"minute", " minute minutes min m "},
                                         {"second", " second seconds sec s "},
                                         {"millisecond", " millisecond milliseconds ms "}}};

std::string_view canonical_unit(std::string_view word) {
  const std::string wanted = " " + lower_ascii(word) + " ";
  for (const Unit& unit : kUnits) {
    if (unit.spellings.find(wanted) != std::string_view::npos) return unit.name;
  }
  return {};
}

Literal real_literal(std::string_view text, bool negative) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Out of range: from_chars leaves the value alone. Too small is zero, too large infinity, which the caller refuses.
  if (error == std::errc::result_out_of_range) {
    value = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos
                ? 0.0
                : std::numeric_limits<double>::infinity();
  }
  return {LogicalType::real, negative ? -value : value};
}

/// integer if it fits 32 bits, else long, else unsigned_long, else double.
Literal integer_literal(std::string_view text, bool negative) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::uint64_t kLongLimit = std::uint64_t{1} << 63;
  if (error != std::errc() || (negative && value > kLongLimit)) return real_literal(text, negative);
  if (!negative && value >= kLongLimit) return {LogicalType::unsigned_long, static_cast<std::int64_t>(value)};
  const auto number = static_cast<std::int64_t>(negative ? 0 - value : value);
  const bool small =
      number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
  return {small ? LogicalType::integer : LogicalType::long_integer, number};
}

double as_real(const Literal& literal) {
  if (const auto* real = std::get_if<double>(&literal.value)) return *real;
  const auto number = std::get<std::int64_t>(literal.value);
  return literal.type == LogicalType::unsigned_long ? static_cast<double>(static_cast<std::uint64_t>(number))
                                                    : static_cast<double>(number);
}

/// Numbers of one array take the widest type of the list; false for elements of different families.
bool widen(std::vector<Literal>& elements) {
  LogicalType widest = elements.front().type;
  const auto rank = [](LogicalType type) {
    if (type == LogicalType::integer) return 0;
    if (type == LogicalType::long_integer) return 1;
    return type == LogicalType::unsigned_long ? 2 : 3;
  };
  for (const Literal& element : elements) {
    if (is_numeric(element.type) != is_numeric(widest)) return false;
    if (!is_numeric(widest) && element.type != widest) return false;
    if (is_numeric(widest) && rank(element.type) > rank(widest)) widest = element.type;
  }
  for (Literal& element : elements) {
    if (widest == LogicalType::real) element.value = as_real(element);
    element.type = widest;
  }
  return true;
}

}  // namespace

std::optional<TimeSpan> parse_span(std::string_view text) {
  const auto digits_end = std::min(text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0), text.size());
  const auto unit_begin = std::min(text.find_first_not_of(" \t", digits_end), text.size());
  const auto amount = number_in<std::int64_t>(text.substr(0, digits_end));
  const std::string_view unit = canonical_unit(text.substr(unit_begin));
  if (!amount || unit.empty()) return std::nullopt;
  return TimeSpan{*amount, std::string(unit)};
}

ExpressionPtr Parser::parse_number() {
  const std::size_t begin = token_.begin;
  const bool negative = at(TokenKind::minus);
  if (at(TokenKind::minus) || at(TokenKind::plus)) advance();
  if (!at(TokenKind::integer) && !at(TokenKind::decimal)) {
    fail_expecting("a number");
    return nullptr;
  }
  const Token number = token_;
  advance();
  Literal literal =
      number.kind == TokenKind::integer ? integer_literal(number.text, negative) : real_literal(number.text, negative);
  if (const auto* real = std::get_if<double>(&literal.value); real && (*real - *real) != 0) {
    fail_at(number.begin, codes::kLiteral, "the number " + std::string(number.text) + " is out of range");
    return nullptr;
  }
  // An integer with a word behind it is a time span; words that go on with the expression are not units.
  if (number.kind == TokenKind::integer && at(TokenKind::identifier) && !is_reserved(token_.text) && !at_word("as")) {
    const std::string_view unit = canonical_unit(token_.text);
    if (unit.empty()) {
      fail_at(token_.begin, codes::kSyntax, "'" + std::string(token_.text) + "' is no unit of time",
              "units: millisecond, second, minute, hour, day, week, month, quarter, year");
      return nullptr;
    }
    if (!std::holds_alternative<std::int64_t>(literal.value) || literal.type == LogicalType::unsigned_long) {
      fail_at(number.begin, codes::kLiteral, "the time span is too long");
      return nullptr;
    }
    advance();
    return make(TimeSpan{std::get<std::int64_t>(literal.value), std::string(unit)}, begin, {});
  }
  return make(std::move(literal), begin, {});
}

std::optional<Literal> Parser::parse_literal() {
  if (at(TokenKind::string)) {
    Literal literal{LogicalType::keyword, token_.value};
    advance();
    return literal;
  }
  if (at_word("true") || at_word("false")) {
    Literal literal{LogicalType::boolean, at_word("true")};
    advance();
    return literal;
  }
  if (take_word("null")) return Literal{};
  if (at(TokenKind::integer) || at(TokenKind::decimal) || at(TokenKind::minus) || at(TokenKind::plus)) {
    auto number = parse_number();
    if (!number) return std::nullopt;
    if (auto* literal = std::get_if<Literal>(&number->node)) return std::move(*literal);
    fail_at(number->begin, codes::kSyntax, "a time span cannot stand here");
    return std::nullopt;
  }
  fail_expecting("a constant");
  return std::nullopt;
}

ExpressionPtr Parser::parse_array() {
  const std::size_t begin = token_.begin;
  advance();
  ArrayLiteral array;
  do {
    const std::size_t element_at = token_.begin;
    auto element = parse_literal();
    if (!element) return nullptr;
    if (element->type == LogicalType::null) {
      fail_at(element_at, codes::kSyntax, "an array must not hold null");
      return nullptr;
    }
    array.elements.push_back(*std::move(element));
  } while (take(TokenKind::comma));
  if (!expect(TokenKind::right_bracket)) return nullptr;
  if (!widen(array.elements)) {
    fail_at(begin, codes::kSyntax, "the elements of an array must be of one kind");
    return nullptr;
  }
  return make(std::move(array), begin, {});
}

}  // namespace trailhound::esql
