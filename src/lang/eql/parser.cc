#include "lang/eql/parser.h"

#include <algorithm>
#include <utility>

#include "base/number_text.h"
#include "lang/eql/codes.h"
#include "lang/eql/constants.h"
#include "lang/eql/parser_state.h"

namespace trailhound::eql {
namespace {

/// Microseconds of one unit of a span; 0 if there is no such unit.
std::int64_t micros_of_unit(std::string_view unit) {
  if (unit == "ms") return 1'000;
  if (unit == "s") return 1'000'000;
  if (unit == "m") return 60'000'000;
  if (unit == "h") return 3'600'000'000;
  if (unit == "d") return 86'400'000'000;
  return 0;
}

}  // namespace

Parser::Parser(std::string_view text, lang::Reporter& reporter) : text_(text), lexer_(text), reporter_(reporter) {
  token_ = lexer_.read(0);
}

bool Parser::at_tilde_word(std::string_view word) const {
  return at(TokenKind::tilde_identifier) && token_.text.substr(0, token_.text.size() - 1) == word;
}
bool Parser::take(TokenKind kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}
bool Parser::take_word(std::string_view word) {
  if (!at_word(word)) return false;
  advance();
  return true;
}
bool Parser::expect(TokenKind kind) { return take(kind) || fail_expecting(describe(kind)); }
bool Parser::expect_word(std::string_view word) { return take_word(word) || fail_expecting(word); }

bool Parser::fail_here(std::string_view code, std::string message, std::string hint) {
  reporter_.error(code, here(), std::move(message), std::move(hint));
  return false;
}

bool Parser::fail_expecting(std::string_view what) {
  if (at(TokenKind::error)) return fail_here(codes::kLexical, token_.value, token_.hint);
  if (at(TokenKind::assign)) {
    return fail_here(codes::kSyntax, "'=' is not an operator of EQL", "values are compared with ==");
  }
  std::string hint;
  if (at(TokenKind::identifier)) {
    std::string lower(token_.text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    Token as_lower = token_;
    as_lower.text = lower;
    if (token_.is_keyword()) {
      hint = "`" + std::string(token_.text) + "` in backquotes is a name";
    } else if (as_lower.is_keyword()) {
      hint = "keywords are written in lower case: " + lower;
    }
  }
  const std::string found =
      at(TokenKind::end) ? std::string(describe(TokenKind::end)) : "'" + std::string(token_.text.substr(0, 40)) + "'";
  return fail_here(codes::kSyntax, "expected " + std::string(what) + ", found " + found, std::move(hint));
}

bool Parser::fail_depth() { return fail_here(codes::kTooComplex, "the query is nested too deeply", "split it"); }

// statement := ( sequence | sample | filter ) ( "|" pipe )*
std::optional<Statement> Parser::parse_statement() {
  if (text_.size() > kMaxLength) {
    fail_here(codes::kTooComplex, "the query is longer than " + std::to_string(kMaxLength) + " bytes", "split it");
    return std::nullopt;
  }
  Statement statement;
  if (at_word("sequence") || at_word("sample")) {
    SequenceQuery query;
    query.at = here();
    if (!(at_word("sequence") ? parse_sequence(query) : parse_sample(query))) return std::nullopt;
    statement.query = std::move(query);
  } else if (at_word("join")) {
    fail_here(codes::kNotSupported, "join is not part of EQL any more", "use sequence or sample");
    return std::nullopt;
  } else {
    EventQuery query;
    if (!parse_filter(query.filter)) return std::nullopt;
    statement.query = std::move(query);
  }
  while (at(TokenKind::pipe)) {
    if (!parse_pipe(statement.pipes)) return std::nullopt;
  }
  if (!at(TokenKind::end)) {
    fail_expecting("an operator or the end of the query");
    return std::nullopt;
  }
  return statement;
}

// filter := ( "any" | name | string ) "where" expr
bool Parser::parse_filter(EventFilter& out) {
  out.category_at = here();
  if (take_word("any")) {
    out.category.reset();
  } else if (at(TokenKind::string)) {
    out.category = token_.value;
    advance();
  } else if (at(TokenKind::identifier) && !token_.is_keyword()) {
    out.category = std::string(token_.text);
    advance();
  } else {
    return fail_expecting("an event category or any");
  }
  if (!expect_word("where")) return false;
  out.condition = parse_or();
  return out.condition != nullptr;
}

// sequence := "sequence" [ "by" keys ] [ "with" "maxspan" "=" span ] term+ [ "until" term ]
bool Parser::parse_sequence(SequenceQuery& out) {
  advance();
  if (at_word("by")) {
    if (!parse_keys(out.keys)) return false;
    if (at_word("with") && !parse_max_span(out)) return false;
  } else if (at_word("with")) {
    if (!parse_max_span(out)) return false;
    if (at_word("by")) return fail_here(codes::kSyntax, "by stands before with maxspan here", "swap the two");
  }
  while (at(TokenKind::left_bracket) || at(TokenKind::missing_event)) {
    if (out.terms.size() >= kMaxTerms) return fail_here(codes::kTooComplex, "too many terms in one sequence", {});
    if (!parse_term(out.terms.emplace_back(), false)) return false;
  }
  int events = 0;
  for (const Term& term : out.terms) events += term.runs;
  if (events < 2) {
    if (!at(TokenKind::end) && !at_word("until") && !at(TokenKind::pipe)) return fail_expecting("'[' or '!['");
    return fail_here(codes::kSyntax, "a sequence has at least two terms", "write [category where condition] twice");
  }
  if (take_word("until")) {
    if (at(TokenKind::missing_event)) return fail_here(codes::kSequence, "until takes no missing event", "write [");
    if (!parse_term(out.until.emplace(), false)) return false;
    if (out.until->runs != 1) {
      reporter_.error(codes::kSequence, out.until->at, "until takes no runs");
      return false;
    }
  }
  return check_number_of_keys(out);
}

// sample := "sample" "by" keys ( "[" filter "]" [ "by" keys ] )+
bool Parser::parse_sample(SequenceQuery& out) {
  advance();
  out.sample = true;
  if (at_word("by") && !parse_keys(out.keys)) return false;
  if (at_word("with")) return fail_here(codes::kSyntax, "a sample has no maxspan", "use sequence");
  while (at(TokenKind::left_bracket)) {
    if (out.terms.size() >= kMaxTerms) return fail_here(codes::kTooComplex, "too many terms in one sample", {});
    if (!parse_term(out.terms.emplace_back(), true)) return false;
  }
  if (at(TokenKind::missing_event)) return fail_here(codes::kSyntax, "a sample has no missing events", "use sequence");
  if (out.terms.empty()) return fail_expecting("'['");
  if (!check_number_of_keys(out)) return false;
  if (out.keys.empty() && out.terms.front().keys.empty()) {
    reporter_.error(codes::kSequence, out.at, "a sample needs a join key", "write sample by and a field");
    return false;
  }
  return true;
}

bool Parser::check_number_of_keys(const SequenceQuery& query) {
  const std::size_t wanted = query.terms.front().keys.size();
  const auto check = [&](const Term& term) {
    if (term.keys.size() == wanted) return true;
    const LineColumn at = term.keys.empty() ? term.at : term.keys.front().at;
    reporter_.error(codes::kSequence, at,
                    "every term has the same number of join keys: " + std::to_string(wanted) + " expected, " +
                        std::to_string(term.keys.size()) + " found");
    return false;
  };
  return std::ranges::all_of(query.terms, check) && (!query.until || check(*query.until));
}

// "with" "maxspan" "=" integer unit
bool Parser::parse_max_span(SequenceQuery& out) {
  advance();
  if (!expect_word("maxspan") || !expect(TokenKind::assign)) return false;
  if (at(TokenKind::decimal)) return fail_here(codes::kValue, "maxspan is a whole number and a unit", "such as 90s");
  if (!at(TokenKind::integer)) return fail_expecting("a whole number and a unit");
  const auto amount = number_in<std::int64_t>(token_.text);
  const std::string number(token_.text);
  const LineColumn number_at = here();
  advance();
  if (!at(TokenKind::identifier) || token_.is_keyword()) {
    return fail_here(codes::kValue, "maxspan needs a unit: ms, s, m, h or d", "such as " + number + "s");
  }
  const std::int64_t unit = micros_of_unit(token_.text);
  if (unit == 0) {
    return fail_here(codes::kValue, "there is no unit " + std::string(token_.text), "units are ms, s, m, h and d");
  }
  std::int64_t micros = 0;
  if (!amount || *amount <= 0 || __builtin_mul_overflow(*amount, unit, &micros)) {
    reporter_.error(codes::kValue, number_at, "maxspan must be above 0 and below 292,000 years");
    return false;
  }
  advance();
  out.max_span = Duration{micros};
  return true;
}

// term := ( "[" | "![" ) filter "]" [ "by" keys ] [ "with" "runs" "=" integer ]
bool Parser::parse_term(Term& out, bool sample) {
  out.at = here();
  out.missing = at(TokenKind::missing_event);
  if (!out.missing && !at(TokenKind::left_bracket)) return fail_expecting("'['");
  advance();
  if (!parse_filter(out.filter) || !expect(TokenKind::right_bracket)) return false;
  if (at_word("by") && !parse_keys(out.keys)) return false;
  if (!at_word("with")) return true;
  if (sample) return fail_here(codes::kSyntax, "the terms of a sample have no runs", "use sequence");
  return parse_runs(out);
}

bool Parser::parse_runs(Term& out) {
  advance();
  if (!at_word("runs")) return fail_expecting("runs");
  advance();
  if (!expect(TokenKind::assign)) return false;
  if (!at(TokenKind::integer)) return fail_expecting("a whole number");
  const auto runs = number_in<std::int64_t>(token_.text);
  if (!runs || *runs < 1 || *runs > kMaxRuns) {
    return fail_here(codes::kValue, "runs is a number from 1 to " + std::to_string(kMaxRuns));
  }
  out.runs = static_cast<int>(*runs);
  advance();
  return true;
}

// "by" field ( "," field )*
bool Parser::parse_keys(std::vector<Key>& out) {
  do {
    advance();  // by, or a comma
    Key& key = out.emplace_back();
    key.at = here();
    const bool call =
        at(TokenKind::tilde_identifier) || (at(TokenKind::identifier) && second().kind == TokenKind::left_parenthesis);
    if (call || at_constant()) return fail_here(codes::kSequence, "a join key is a field", "name a field");
    if (!parse_field(key.field)) return false;
  } while (at(TokenKind::comma));
  return true;
}

// pipe := "|" name sum
// The sum is a constant.
bool Parser::parse_pipe(std::vector<Pipe>& out) {
  advance();
  if (!at(TokenKind::identifier)) return fail_expecting("head or tail");
  const std::string name(token_.text);
  if (name != "head" && name != "tail") {
    static constexpr std::string_view kOld[] = {"count", "filter", "sort", "unique", "unique_count"};
    if (std::ranges::find(kOld, name) != std::end(kOld)) {
      return fail_here(codes::kNotSupported, "the pipe " + name + " is not part of EQL any more",
                       "only head and tail are");
    }
    return fail_here(codes::kSyntax, "there is no pipe " + name, "only head and tail are");
  }
  out.push_back({name, here()});
  advance();
  const LineColumn number_at = here();
  const std::string wanted = name + " takes one number, above 0";
  if (at(TokenKind::end)) return fail_here(codes::kValue, wanted);
  const ExpressionPtr count = parse_sum();
  if (!count) return false;
  const auto value = fold_constant(*count, [](std::string_view) { return false; });
  const auto* number = value ? std::get_if<std::int64_t>(&*value) : nullptr;
  if (number != nullptr && *number > 0) return true;
  reporter_.error(codes::kValue, number_at, wanted);
  return false;
}

std::optional<Statement> parse(std::string_view text, lang::Reporter& reporter) {
  return Parser(text, reporter).parse_statement();
}

}  // namespace trailhound::eql
