#include "lang/datadog/search_terms.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/number_text.h"
#include "lang/datadog/text_columns.h"

namespace trailhound::lang::datadog {
namespace {

using plan::Compare;
using plan::ComparisonOp;
using plan::Domain;
using plan::Expr;
using plan::LogicalType;
using plan::Pattern;
using Piece = plan::Pattern::Piece;

Expr exists(Expr over, Expr body, LineColumn at) {
  return plan::make(plan::Exists{std::move(over), std::move(body)}, LogicalType::boolean, at);
}

Expr compare(ComparisonOp op, Domain domain, Value with, LineColumn at) {
  const LogicalType type = std::holds_alternative<std::string>(with)    ? LogicalType::keyword
                           : std::holds_alternative<std::int64_t>(with) ? LogicalType::long_integer
                                                                        : LogicalType::real;
  return plan::make(Compare{op, domain, plan::element(LogicalType::any, at), plan::literal(std::move(with), type)},
                    LogicalType::boolean, at);
}

Expr match(std::vector<Piece> pieces, Pattern::Fold fold, LineColumn at) {
  return plan::make(plan::Match{plan::element(LogicalType::any, at), Pattern(std::move(pieces), fold)},
                    LogicalType::boolean, at);
}

bool ignores_case(const Target& target) { return target.kind != Target::Kind::attribute; }

Expr values_of(const Target& target, LineColumn at) {
  return target.kind == Target::Kind::everything ? plan::column(every_value_column(), at) : target.column;
}

// A text without wildcards. A number also equals the same number written otherwise (5 and 5.0), but a text only
// letter by letter: account "012345678901" is not 12345678901.
Expr equals(const Target& target, const Term& term) {
  const std::string text = term.text();
  const Domain domain = ignores_case(target) ? Domain::folded : Domain::text;
  Expr same_text = compare(ComparisonOp::equal, domain, ignores_case(target) ? lower_ascii(text) : text, term.at);
  if (term.quoted) return same_text;
  const std::optional<Value> number = to_number(text);
  if (!number) return same_text;
  return plan::any_of({same_text, compare(ComparisonOp::equal, Domain::native, *number, term.at)});
}

Expr test_of_element(const Target& target, const Term& term) {
  if (!term.has_wildcard()) return equals(target, term);
  return match(term.pieces, ignores_case(target) ? Pattern::Fold::ascii : Pattern::Fold::none, term.at);
}

// A word is looked up among the words; what the splitting takes apart (a quoted phrase, `eu-west-1`) among the phrases.
Expr lower_free_text(const Term& term) {
  if (term.is_any()) return plan::constant(true);
  const std::string phrase = to_phrase(term.text());
  if (term.has_wildcard()) {
    return exists(plan::column(words_column(), term.at), match(term.pieces, Pattern::Fold::unicode, term.at), term.at);
  }
  if (phrase == " " + term.text() + " " && phrase.find(' ', 1) == phrase.size() - 1) {
    return exists(plan::column(words_column(), term.at), match(term.pieces, Pattern::Fold::unicode, term.at), term.at);
  }
  if (phrase.empty()) return plan::constant(true);  // nothing but separators: no word is asked for
  std::vector<Piece> pieces{{Piece::Kind::any_run, {}}, {Piece::Kind::literal, phrase}, {Piece::Kind::any_run, {}}};
  return exists(plan::column(phrases_column(), term.at), match(std::move(pieces), Pattern::Fold::unicode, term.at),
                term.at);
}

Expr lower_everything(const Target& target, const Term& term) {
  if (term.is_any()) return plan::constant(true);
  Expr whole_value = exists(values_of(target, term.at), test_of_element(target, term), term.at);
  return plan::any_of({whole_value, lower_free_text(term)});
}

}  // namespace

bool Term::has_wildcard() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const Piece& p) { return p.kind != Piece::Kind::literal; });
}

bool Term::is_any() const {
  return !pieces.empty() &&
         std::all_of(pieces.begin(), pieces.end(), [](const Piece& p) { return p.kind == Piece::Kind::any_run; });
}

std::string Term::text() const {
  std::string out;
  for (const Piece& piece : pieces) out += piece.text;
  return out;
}

std::optional<Value> to_number(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  if (digits.back() < '0' || digits.back() > '9') return std::nullopt;
  if (const auto whole = number_in<std::int64_t>(text)) return Value(*whole);
  if (const auto real = number_in<double>(text)) return Value(*real);
  return std::nullopt;
}

Expr lower_term(const Target& target, const Term& term) {
  if (target.kind == Target::Kind::free_text) return lower_free_text(term);
  if (target.kind == Target::Kind::everything) return lower_everything(target, term);
  if (term.is_any()) {
    return plan::make(plan::Present{target.column, plan::Present::Need::leaf}, LogicalType::boolean, term.at);
  }
  return exists(target.column, test_of_element(target, term), term.at);
}

Expr lower_range(const Target& target, const Range& range) {
  if (!range.low && !range.high) {
    Term any;
    any.pieces = {{Piece::Kind::any_run, {}}};
    any.at = range.at;
    return lower_term(target, any);
  }
  const auto number_of = [](const std::optional<Term>& bound) { return bound ? to_number(bound->text()) : Value(); };
  const std::optional<Value> low = number_of(range.low), high = number_of(range.high);
  const bool numeric = low && high;
  const Domain domain = numeric ? Domain::numeric_text : ignores_case(target) ? Domain::folded : Domain::text;
  const auto bound_value = [&](const Term& bound, const std::optional<Value>& number) {
    if (numeric) return *number;
    return Value(ignores_case(target) ? lower_ascii(bound.text()) : bound.text());
  };
  std::vector<Expr> tests;
  if (range.low) {
    const ComparisonOp op = range.includes_low ? ComparisonOp::greater_equal : ComparisonOp::greater;
    tests.push_back(compare(op, domain, bound_value(*range.low, low), range.low->at));
  }
  if (range.high) {
    const ComparisonOp op = range.includes_high ? ComparisonOp::less_equal : ComparisonOp::less;
    tests.push_back(compare(op, domain, bound_value(*range.high, high), range.high->at));
  }
  return exists(values_of(target, range.at), plan::all_of(std::move(tests)), range.at);
}

Expr lower_comparison(const Target& target, ComparisonOp op, const Term& bound) {
  Range range;
  range.at = bound.at;
  const bool below = op == ComparisonOp::less || op == ComparisonOp::less_equal;
  (below ? range.high : range.low) = bound;
  range.includes_high = op == ComparisonOp::less_equal;
  range.includes_low = op == ComparisonOp::greater_equal;
  return lower_range(target, range);
}

std::optional<Expr> lower_any_of(const Target& target, const std::vector<Term>& terms) {
  if (terms.size() < 2) return std::nullopt;
  if (target.kind != Target::Kind::attribute && target.kind != Target::Kind::tag) return std::nullopt;
  Values values;
  for (const Term& term : terms) {
    const std::string text = term.text();
    if (term.has_wildcard() || (!term.quoted && to_number(text))) return std::nullopt;
    values.emplace_back(ignores_case(target) ? lower_ascii(text) : text);
  }
  sort_distinct(values);
  const LineColumn at = terms.front().at;
  const Domain domain = ignores_case(target) ? Domain::folded : Domain::text;
  return exists(target.column,
                plan::make(plan::OneOf{plan::element(LogicalType::any, at), domain, std::move(values), false},
                           LogicalType::boolean, at),
                at);
}

}  // namespace trailhound::lang::datadog
