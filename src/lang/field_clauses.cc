#include "lang/field_clauses.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "lang/elastic_date.h"
#include "lang/lucene_regex.h"
#include "lang/query_codes.h"
#include "lang/relative_date.h"
#include "plan/analyzer.h"
#include "plan/fold.h"

namespace trailhound::lang {

namespace {

using plan::ComparisonOp;
using plan::Domain;
using plan::Expr;
using plan::LogicalType;
using plan::Pattern;
using Piece = Pattern::Piece;

/// A query over other data names many unknown fields; a few tell enough.
constexpr std::size_t kMaxUnknownFields = 20;

Expr element(LineColumn at) { return plan::make(plan::Variable{0}, LogicalType::any, at); }

Expr match(Pattern pattern, LineColumn at) {
  return plan::make(plan::Match{element(at), std::move(pattern)}, LogicalType::boolean, at);
}

Expr compare_element(ComparisonOp op, Domain domain, Value value, LineColumn at) {
  return plan::make(
      plan::Compare{op, domain, element(at), plan::make(plan::Literal{{std::move(value)}}, LogicalType::any, at)},
      LogicalType::boolean, at);
}

Clause never(LineColumn at) {
  Clause clause = whole_clause(plan::constant(false));
  clause.at = at;
  return clause;
}

std::optional<Value> to_number(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer); error == std::errc{} && stop == end) {
    return Value(integer);
  }
  double real = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, real);
  if (error != std::errc{} || stop != end || !std::isfinite(real)) return std::nullopt;
  return Value(real);
}

/// The pieces between blanks: a query string's words.
std::vector<QueryValue> words(const QueryValue& value) {
  std::vector<QueryValue> out(1);
  for (const Piece& piece : value.pieces) {
    if (piece.kind != Piece::Kind::literal) {
      out.back().pieces.push_back(piece);
      continue;
    }
    for (const char c : piece.text) {
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        out.emplace_back();
      } else {
        out.back().add(c);
      }
    }
  }
  std::erase_if(out, [](const QueryValue& word) { return word.pieces.empty(); });
  for (QueryValue& word : out) word.at = value.at;
  return out;
}

std::string_view kind_name(LogicalType type) {
  return type == LogicalType::any ? std::string_view("flattened") : event::name_of(type);
}

void sort_distinct(Values& values) {
  std::ranges::sort(values, [](const Value& a, const Value& b) { return compare_values(a, b) < 0; });
  const auto duplicates = std::ranges::unique(values);
  values.erase(duplicates.begin(), duplicates.end());
}

}  // namespace

// Clauses -------------------------------------------------------------------------------------------------------------

Clause whole_clause(Expr expression) {
  Clause clause;
  clause.at = expression->at;
  clause.whole = std::move(expression);
  return clause;
}

Expr to_expression(Clause clause) {
  if (clause.over == nullptr) return clause.whole;
  const LineColumn at = clause.at;
  std::vector<Expr> tests;
  if (!clause.values.empty()) {
    sort_distinct(clause.values);
    if (clause.values.size() == 1) {
      tests.push_back(compare_element(ComparisonOp::equal, clause.domain, std::move(clause.values.front()), at));
    } else {
      tests.push_back(plan::make(plan::OneOf{element(at), clause.domain, std::move(clause.values), false},
                                 LogicalType::boolean, at));
    }
  }
  if (!clause.blocks.empty()) {
    tests.push_back(plan::make(plan::InNetwork{element(at), std::move(clause.blocks)}, LogicalType::boolean, at));
  }
  for (Expr& test : clause.tests) tests.push_back(std::move(test));
  return plan::make(plan::Exists{clause.over, plan::any_of(std::move(tests))}, LogicalType::boolean, at);
}

Clause any_of_clauses(std::vector<Clause> clauses) {
  // One element that satisfies one of the clauses is one element that satisfies their disjunction.
  std::vector<Clause> joined;
  for (Clause& clause : clauses) {
    const auto same = std::ranges::find_if(joined, [&](const Clause& earlier) {
      return clause.over != nullptr && earlier.over != nullptr && earlier.domain == clause.domain &&
             plan::equal(earlier.over, clause.over);
    });
    if (same == joined.end()) {
      joined.push_back(std::move(clause));
      continue;
    }
    const auto append = [](auto& to, auto& from) {
      to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    append(same->values, clause.values);
    append(same->blocks, clause.blocks);
    append(same->tests, clause.tests);
  }
  if (joined.size() == 1) return std::move(joined.front());
  std::vector<Expr> operands;
  for (Clause& clause : joined) operands.push_back(to_expression(std::move(clause)));
  return whole_clause(plan::any_of(std::move(operands)));
}

// Fields --------------------------------------------------------------------------------------------------------------

FieldClauses::Target FieldClauses::target_of(event::ColumnRef column, LineColumn at) const {
  Target target{std::move(column), Kind::other, false, at};
  switch (target.column->type) {
    case LogicalType::keyword:
      target.kind = Kind::keyword;
      break;
    case LogicalType::text:
      target.kind = Kind::text;
      break;
    case LogicalType::boolean:
      target.kind = Kind::boolean;
      break;
    case LogicalType::integer:
    case LogicalType::long_integer:
    case LogicalType::unsigned_long:
    case LogicalType::real:
      target.kind = Kind::number;
      break;
    case LogicalType::ip:
      target.kind = Kind::ip;
      break;
    case LogicalType::date:
      target.kind = Kind::date;
      break;
    case LogicalType::any: {
      const auto names = fields_.names();
      target.kind =
          std::ranges::binary_search(names, std::string_view(target.column->name)) ? Kind::flattened : Kind::leaf;
      break;
    }
    default:
      break;
  }
  return target;
}

void FieldClauses::warn_unknown(const std::string& name, LineColumn at, const std::string& hint) {
  if (warned_.size() >= kMaxUnknownFields || !warned_.insert(name).second) return;
  reporter_.warning(query_codes::kUnknownField, at, "there is no field " + name + ": the clause never matches", hint);
}

std::vector<FieldClauses::Target> FieldClauses::resolve(const QueryValue& name) {
  auto [known, is_new] = resolved_.try_emplace({name.text(), name.has_wildcard()});
  if (is_new) known->second = look_up(name);
  std::vector<Target> targets = known->second;
  for (Target& target : targets) target.at = name.at;
  return targets;
}

std::vector<FieldClauses::Target> FieldClauses::look_up(const QueryValue& name) {
  std::vector<Target> targets;
  if (!name.has_wildcard()) {
    const std::string text = name.text();
    auto column = fields_.find(text);
    if (column) {
      targets.push_back(target_of(*std::move(column), name.at));
    } else {
      warn_unknown(text, name.at, column.error().hint);
    }
    return targets;
  }
  const Pattern pattern(name.pieces, Pattern::Fold::none);
  bool any = false;
  for (const std::string_view known : fields_.names()) {
    if (!pattern.matches(known)) continue;
    any = true;
    auto column = fields_.find(known);
    if (!column || (*column)->always_absent) continue;
    Target& target = targets.emplace_back(target_of(*std::move(column), name.at));
    target.lenient = true;
  }
  if (!any) warn_unknown(name.text(), name.at, "the wildcard stands for no field that is known");
  return targets;
}

bool FieldClauses::has_field_below(std::string_view path) const {
  const std::string below = std::string(path) + ".";
  return std::ranges::any_of(fields_.names(),
                             [&](std::string_view name) { return name == path || name.starts_with(below); });
}

template <class Make>
Clause FieldClauses::for_each_target(const QueryValue& name, const Make& make) {
  std::vector<Clause> clauses;
  for (const Target& target : resolve(name)) clauses.push_back(make(target));
  if (clauses.empty()) return never(name.at);
  return any_of_clauses(std::move(clauses));
}

template <class Make>
Clause FieldClauses::for_all_fields(const Make& make) {
  QueryValue every;
  every.pieces.push_back({Piece::Kind::any_run, {}});
  return for_each_target(every, make);
}

Clause FieldClauses::value(const QueryValue& name, const QueryValue& value) {
  if (name.is_star() && value.is_star()) return whole_clause(plan::constant(true));
  return for_each_target(name, [&](const Target& target) { return value_of(target, value); });
}

Clause FieldClauses::exists(const QueryValue& name) {
  return for_each_target(name, [&](const Target& target) { return present(target); });
}

Clause FieldClauses::compare(const QueryValue& name, ComparisonOp op, const QueryValue& bound) {
  Bounds bounds;
  bounds.at = bound.at;
  const bool below = op == ComparisonOp::less || op == ComparisonOp::less_equal;
  (below ? bounds.high : bounds.low) = bound;
  bounds.includes_high = op == ComparisonOp::less_equal;
  bounds.includes_low = op == ComparisonOp::greater_equal;
  return range(name, bounds);
}

Clause FieldClauses::range(const QueryValue& name, const Bounds& bounds) {
  return for_each_target(name, [&](const Target& target) { return range_of(target, bounds); });
}

Clause FieldClauses::regular(const QueryValue& name, const std::string& expression, LineColumn at) {
  return for_each_target(name, [&](const Target& target) { return regular_of(target, expression, at); });
}

Clause FieldClauses::anywhere(const QueryValue& value) {
  if (value.is_star()) return whole_clause(plan::constant(true));
  if (!value.has_wildcard()) return for_all_fields([&](const Target& target) { return value_of(target, value); });
  std::vector<Clause> clauses;
  for (const QueryValue& word : words(value)) {
    clauses.push_back(for_all_fields([&](const Target& target) { return value_of(target, word); }));
  }
  return any_of_clauses(std::move(clauses));
}

Clause FieldClauses::regular_anywhere(const std::string& expression, LineColumn at) {
  return for_all_fields([&](const Target& target) { return regular_of(target, expression, at); });
}

Clause FieldClauses::fuzzy(const QueryValue& name, const QueryValue& word, int edits) {
  return for_each_target(name, [&](const Target& target) { return fuzzy_of(target, word, edits); });
}

Clause FieldClauses::fuzzy_anywhere(const QueryValue& word, int edits) {
  return for_all_fields([&](const Target& target) { return fuzzy_of(target, word, edits); });
}

Clause FieldClauses::near(const QueryValue& name, const QueryValue& phrase, int slop) {
  return for_each_target(name, [&](const Target& target) { return near_of(target, phrase, slop); });
}

Clause FieldClauses::near_anywhere(const QueryValue& phrase, int slop) {
  return for_all_fields([&](const Target& target) { return near_of(target, phrase, slop); });
}

// One clause on one field ---------------------------------------------------------------------------------------------

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
      return Value(folds(target) ? plan::fold_ascii(text) : text);
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
  for (const QueryValue& word : words(value)) {
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
