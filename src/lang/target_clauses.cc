// What one field makes of a clause, by its type: the second half of FieldClauses.

#include <cmath>
#include <utility>

#include "base/ascii.h"
#include "base/number_text.h"
#include "lang/elastic_date.h"
#include "lang/field_clauses.h"
#include "lang/lucene_regex.h"
#include "lang/query_codes.h"
#include "lang/relative_date.h"
#include "plan/analyzer.h"
#include "plan/fold.h"

namespace trailhound::lang {

using plan::ComparisonOp;
using plan::Domain;
using plan::Expr;
using plan::LogicalType;
using plan::Pattern;
using Piece = Pattern::Piece;

namespace {

std::optional<Value> to_number(std::string_view text) {
  if (const auto whole = number_in<std::int64_t>(text)) return Value(*whole);
  const auto real = number_in<double>(text);
  return real && std::isfinite(*real) ? std::optional(Value(*real)) : std::nullopt;
}

std::string_view kind_name(LogicalType type) {
  return type == LogicalType::any ? std::string_view("flattened") : event::name_of(type);
}

}  // namespace

bool FieldClauses::folds(const Target& target) const {
  return options_.case_insensitive && target.kind == Kind::keyword;
}

Clause FieldClauses::on(const Target& target, LineColumn at) const {
  Clause clause;
  clause.over = plan::column(target.column, target.at);
  clause.at = at;
  if (target.kind == Kind::flattened || target.kind == Kind::leaf || target.kind == Kind::other) {
    clause.domain = Domain::text;
  }
  if (folds(target)) clause.domain = Domain::folded;
  return clause;
}

Clause FieldClauses::refuse(const Target& target, LineColumn at, std::string_view code, std::string message,
                            std::string hint) {
  if (!target.lenient) reporter_.error(code, at, std::move(message), std::move(hint));
  return never(at);
}

Clause FieldClauses::present(const Target& target) const {
  const auto need = target.kind == Kind::other ? plan::Present::Need::key : plan::Present::Need::value;
  return whole_clause(
      plan::make(plan::Present{plan::column(target.column, target.at), need}, LogicalType::boolean, target.at));
}

std::optional<Value> FieldClauses::read(const Target& target, const QueryValue& value) {
  const std::string text = value.text();
  const auto wrong = [&](const std::string& hint) {
    refuse(target, value.at, query_codes::kValue,
           "'" + text + "' is no value for " + target.column->name + ", a field of type " +
               std::string(kind_name(target.column->type)),
           hint);
    return std::nullopt;
  };
  if (value.kind == QueryValue::Kind::null) {
    refuse(target, value.at, query_codes::kValue, "null is a value of no field",
           "to ask for events without the field: not " + target.column->name + ": *; for the text, quote it");
    return std::nullopt;
  }
  switch (target.kind) {
    case Kind::number: {
      auto number = value.kind == QueryValue::Kind::boolean ? std::nullopt : to_number(text);
      return number ? number : wrong("");
    }
    case Kind::boolean:
      if (text == "true" || text == "false") return Value(text == "true");
      return wrong("it is true or false");
    case Kind::ip: {
      const auto address = parse_ip(text);
      return address ? std::optional<Value>(*address) : wrong("write an address, or a block such as 10.0.0.0/8");
    }
    default:
      return Value(folds(target) ? lower_ascii(text) : text);
  }
}

Clause FieldClauses::value_of(const Target& target, const QueryValue& value) {
  if (value.is_star() && !value.quoted) return present(target);
  if (value.has_wildcard()) return wildcard_of(target, value);
  if (target.kind == Kind::date) return date_of(target, value);
  if (target.kind == Kind::text) return words_of(target, value);
  if (target.kind == Kind::other) {
    return refuse(target, value.at, query_codes::kFieldType,
                  target.column->name + " has a type that values cannot be compared with",
                  "ask whether it is there: " + target.column->name + ": *");
  }
  Clause clause = on(target, value.at);
  if (target.kind == Kind::ip && value.text().find('/') != std::string::npos) {
    if (const auto block = parse_cidr(value.text())) {
      clause.blocks.push_back(*block);
      return clause;
    }
  }
  auto read_value = read(target, value);
  if (!read_value) return never(value.at);
  clause.values.push_back(*std::move(read_value));
  return clause;
}

Clause FieldClauses::wildcard_of(const Target& target, const QueryValue& value) {
  switch (target.kind) {
    case Kind::text:
      return wildcard_words_of(target, value);
    case Kind::keyword:
    case Kind::flattened:
    case Kind::leaf: {
      Clause clause = on(target, value.at);
      const auto fold = folds(target) ? Pattern::Fold::ascii : Pattern::Fold::none;
      clause.tests.push_back(match(Pattern(value.pieces, fold), value.at));
      return clause;
    }
    default:
      return refuse(target, value.at, query_codes::kFieldType,
                    "wildcards cannot be used on " + target.column->name + ", a field of type " +
                        std::string(kind_name(target.column->type)),
                    target.kind == Kind::ip ? "write a block such as 10.0.0.0/8" : "");
  }
}

// A text is searched by its tokens: a phrase if it is quoted, else any of them.
Clause FieldClauses::words_of(const Target& target, const QueryValue& value) {
  if (value.kind == QueryValue::Kind::null && !read(target, value)) return never(value.at);
  const bool phrase = value.quoted;
  std::vector<std::string> tokens = plan::analyze(value.text());
  if (tokens.empty()) return never(value.at);
  Clause clause = on(target, value.at);
  const auto function =
      phrase && tokens.size() > 1 ? plan::Function::analyzed_phrases : plan::Function::analyzed_tokens;
  clause.over = plan::make(plan::Call{function, {clause.over}}, LogicalType::text, target.at);
  if (function == plan::Function::analyzed_tokens) {
    for (std::string& token : tokens) clause.values.emplace_back(std::move(token));
    return clause;
  }
  std::vector<Piece> pieces{{Piece::Kind::any_run, {}},
                            {Piece::Kind::literal, plan::analyzed_phrase(value.text())},
                            {Piece::Kind::any_run, {}}};
  clause.tests.push_back(match(Pattern(std::move(pieces), Pattern::Fold::none), value.at));
  return clause;
}

Clause FieldClauses::wildcard_words_of(const Target& target, const QueryValue& value) {
  std::vector<Clause> clauses;
  for (const QueryValue& word : split_words(value)) {
    if (!word.has_wildcard()) {
      clauses.push_back(words_of(target, word));
      continue;
    }
    if (word.is_star()) return present(target);
    Clause clause = on(target, value.at);
    clause.over = plan::make(plan::Call{plan::Function::analyzed_tokens, {clause.over}}, LogicalType::text, target.at);
    std::vector<Piece> pieces = word.pieces;
    for (Piece& piece : pieces) piece.text = plan::fold_unicode(piece.text);
    clause.tests.push_back(match(Pattern(std::move(pieces), Pattern::Fold::none), value.at));
    clauses.push_back(std::move(clause));
  }
  return any_of_clauses(std::move(clauses));
}

Clause FieldClauses::fuzzy_of(const Target& target, const QueryValue& word, int edits) {
  const bool is_text = target.kind == Kind::text;
  if (!is_text && target.kind != Kind::keyword && target.kind != Kind::flattened && target.kind != Kind::leaf) {
    return refuse(target, word.at, query_codes::kFieldType,
                  "fuzzy words cannot be looked for in " + target.column->name + ", a field of type " +
                      std::string(kind_name(target.column->type)),
                  "");
  }
  Clause clause = on(target, word.at);
  std::vector<std::string> spellings{word.text()};
  if (is_text) {
    spellings = plan::analyze(word.text());
    clause.over = plan::make(plan::Call{plan::Function::analyzed_tokens, {clause.over}}, LogicalType::text, target.at);
  }
  if (spellings.empty()) return never(word.at);
  for (std::string& spelling : spellings) {
    clause.tests.push_back(
        plan::make(plan::Call{plan::Function::within_edits,
                              {element(word.at), plan::literal(std::move(spelling), LogicalType::keyword),
                               plan::literal(static_cast<std::int64_t>(edits), LogicalType::long_integer),
                               plan::literal(std::int64_t{0}, LogicalType::long_integer)}},
                   LogicalType::boolean, word.at));
  }
  return clause;
}

Clause FieldClauses::near_of(const Target& target, const QueryValue& phrase, int slop) {
  if (target.kind != Kind::text || plan::analyze(phrase.text()).size() < 2) return value_of(target, phrase);
  Clause clause = on(target, phrase.at);
  clause.tests.push_back(
      plan::make(plan::Call{plan::Function::near_phrase,
                            {element(phrase.at), plan::literal(phrase.text(), LogicalType::keyword),
                             plan::literal(static_cast<std::int64_t>(slop), LogicalType::long_integer)}},
                 LogicalType::boolean, phrase.at));
  return clause;
}

Clause FieldClauses::date_of(const Target& target, const QueryValue& value) {
  Bounds bounds;
  bounds.low = bounds.high = value;
  bounds.at = value.at;
  return date_range_of(target, bounds);
}

Clause FieldClauses::date_range_of(const Target& target, const Bounds& bounds) {
  std::vector<Expr> tests;
  bool readable = true;
  const auto add = [&](const std::optional<QueryValue>& bound, bool is_low, bool includes) {
    if (!bound) return;
    const std::string text = bound->text();
    // What one run sees is enough: a lower bound is met in the first if in any, an upper one in the last.
    const bool at_first = is_low == includes;
    const ComparisonOp op = is_low ? ComparisonOp::greater_equal : ComparisonOp::less;
    if (is_relative_date(text)) {
      const Expr now = fields_.run_time(is_low ? WhichRun::first : WhichRun::last);
      if (!now) {
        readable = false;
        refuse(target, bound->at, query_codes::kNotSupported,
               "dates that count from the time of the run need a rule that runs on a schedule",
               "write a date such as 2024-03-01");
        return;
      }
      const auto interval = read_relative_date(text, now);
      if (!interval) {
        readable = false;
        refuse(target, bound->at, query_codes::kValue, interval.error().what, interval.error().hint);
        return;
      }
      tests.push_back(
          plan::make(plan::Compare{op, Domain::native, element(bound->at), at_first ? interval->first : interval->end},
                     LogicalType::boolean, bound->at));
      return;
    }
    const auto interval = read_elastic_date(text);
    if (!interval) {
      readable = false;
      refuse(target, bound->at, query_codes::kValue, interval.error().what, interval.error().hint);
      return;
    }
    const Instant edge = at_first ? interval->first : interval->end;
    tests.push_back(compare_element(op, Domain::native, Value(edge.micros), bound->at));
  };
  add(bounds.low, true, bounds.includes_low);
  add(bounds.high, false, bounds.includes_high);
  if (!readable) return never(bounds.at);
  Clause clause = on(target, bounds.at);
  clause.tests.push_back(plan::all_of(std::move(tests)));
  return clause;
}

Clause FieldClauses::range_of(const Target& target, const Bounds& bounds) {
  if (!bounds.low && !bounds.high) return present(target);
  if (target.kind == Kind::leaf && !(bounds.low && bounds.high)) {
    return refuse(target, bounds.at, query_codes::kFieldType,
                  "a range on a leaf of a flattened field needs both bounds", "");
  }
  if (target.kind == Kind::text || target.kind == Kind::boolean || target.kind == Kind::other) {
    return refuse(target, bounds.at, query_codes::kFieldType,
                  target.column->name + " has no order: its type is " + std::string(kind_name(target.column->type)),
                  "");
  }
  if (target.kind == Kind::date) return date_range_of(target, bounds);
  Clause clause = on(target, bounds.at);
  if (clause.domain == Domain::folded) clause.domain = Domain::native;
  std::vector<Expr> tests;
  const auto add = [&](const std::optional<QueryValue>& bound, ComparisonOp op) {
    if (!bound) return true;
    auto value = read(target, *bound);
    if (!value) return false;
    if (folds(target)) value = Value(bound->text());  // the order knows no folding
    tests.push_back(compare_element(op, clause.domain, *std::move(value), bound->at));
    return true;
  };
  using enum ComparisonOp;
  const bool low = add(bounds.low, bounds.includes_low ? greater_equal : greater);
  const bool high = add(bounds.high, bounds.includes_high ? less_equal : less);
  if (!low || !high) return never(bounds.at);
  clause.tests.push_back(plan::all_of(std::move(tests)));
  return clause;
}

Clause FieldClauses::regular_of(const Target& target, const std::string& expression, LineColumn at) {
  if (target.kind != Kind::keyword && target.kind != Kind::text && target.kind != Kind::flattened &&
      target.kind != Kind::leaf) {
    return refuse(target, at, query_codes::kFieldType,
                  "regular expressions cannot be used on " + target.column->name + ", a field of type " +
                      std::string(kind_name(target.column->type)),
                  "");
  }
  auto pattern = lucene_regex(expression);
  if (!pattern) {
    reporter_.error(query_codes::kSyntax, at, pattern.error().what, pattern.error().hint);
    return never(at);
  }
  Clause clause = on(target, at);
  if (target.kind == Kind::text) {
    clause.over = plan::make(plan::Call{plan::Function::analyzed_tokens, {clause.over}}, LogicalType::text, target.at);
  }
  clause.tests.push_back(match(*std::move(pattern), at));
  return clause;
}

}  // namespace trailhound::lang
