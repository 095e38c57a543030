#include "lang/lucene/lucene.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/line_index.h"
#include "base/utf8.h"
#include "lang/field_clauses.h"
#include "lang/query_codes.h"

namespace trailhound::lucene {

namespace {

using lang::Clause;
using lang::FieldClauses;
using lang::QueryValue;
using plan::Expr;
using Piece = QueryValue::Piece;

constexpr std::size_t kMaxText = 256 * 1024;
constexpr int kMaxDepth = 100;

enum class Occur : std::uint8_t { must, should, must_not };
enum class Join : std::uint8_t { none, by_and, by_or };

/// What ends a word unless a backslash stands before it. `*` and `?` do not, they are wildcards.
bool ends_word(char c) { return is_blank(c) || std::string_view("!():^[]\"{}~\\/").find(c) != std::string_view::npos; }

/// Clauses of one level and how they take part, after the rules of Lucene's classic parser: each operator changes the
/// clauses on its two sides, nothing binds closer than anything else.
class Level {
 public:
  explicit Level(bool all_terms) : all_terms_(all_terms) {}

  void add(Join join, bool required, bool prohibited, Clause clause) {
    if (!clauses_.empty() && clauses_.back().first != Occur::must_not) {
      if (join == Join::by_and) clauses_.back().first = Occur::must;
      if (all_terms_ && join == Join::by_or) clauses_.back().first = Occur::should;
    }
    Occur occur = Occur::should;
    if (prohibited) {
      occur = Occur::must_not;
    } else if (required || join == Join::by_and || (all_terms_ && join != Join::by_or)) {
      occur = Occur::must;
    }
    clauses_.emplace_back(occur, std::move(clause));
  }

  /// Without a required clause one of the others must hold; beside one they are optional. Nothing but prohibited
  /// clauses: everything else.
  Clause take() {
    std::vector<Expr> operands;
    std::vector<Clause> should;
    for (auto& [occur, clause] : clauses_) {
      if (occur == Occur::should) {
        should.push_back(std::move(clause));
      } else {
        Expr expression = lang::to_expression(std::move(clause));
        operands.push_back(occur == Occur::must ? std::move(expression) : plan::negate(std::move(expression)));
        has_must_ = has_must_ || occur == Occur::must;
      }
    }
    if (has_must_ || should.empty()) return lang::whole_clause(plan::all_of(std::move(operands)));
    Clause any = lang::any_of_clauses(std::move(should));
    if (operands.empty()) return any;
    operands.insert(operands.begin(), lang::to_expression(std::move(any)));
    return lang::whole_clause(plan::all_of(std::move(operands)));
  }

  [[nodiscard]] bool empty() const { return clauses_.empty(); }

 private:
  bool all_terms_;
  bool has_must_ = false;
  std::vector<std::pair<Occur, Clause>> clauses_;
};

class Parser {
 public:
  Parser(std::string_view text, const lang::Fields& fields, const Options& options, lang::Reporter& reporter)
      : text_(text), lines_(text), options_(options), reporter_(reporter), clauses_(fields, reporter, {}) {
    if (!options.default_field.empty()) default_field_ = lang::literal_value(options.default_field, {1, 1});
  }

  std::optional<Clause> parse() {
    skip_blanks();
    if (at_end()) return lang::whole_clause(plan::constant(true));
    std::optional<Clause> query = parse_level(nullptr);
    if (!query) return std::nullopt;
    if (!at_end()) return fail(at_, "')' closes nothing", "write \\) for the character itself");
    return query;
  }

 private:
  // Structure --------------------------------------------------------------------------------------------------------

  /// Clauses up to a closing parenthesis or the end; words without a field of their own look into `field`.
  std::optional<Clause> parse_level(const QueryValue* field) {
    Level level(options_.all_terms);
    bool has_and = false, has_or = false;
    const std::size_t begin = at_;
    while (skip_blanks(), !at_end() && peek() != ')') {
      const std::size_t operator_at = at_;
      Join join = Join::none;
      if (take_word("AND") || take_word("&&")) join = Join::by_and;
      if (join == Join::none && (take_word("OR") || take_word("||"))) join = Join::by_or;
      if (join != Join::none && level.empty()) {
        return fail(operator_at, "an operator has nothing to join here", "quote the word to look for it");
      }
      has_and = has_and || join == Join::by_and;
      has_or = has_or || join == Join::by_or;
      skip_blanks();
      const bool required = !at_end() && peek() == '+';
      const bool prohibited = !required && (!at_end() && (peek() == '-' || peek() == '!'));
      bool negated = false;
      if (required || prohibited) {
        ++at_;
      } else {
        negated = take_word("NOT");
      }
      skip_blanks();
      std::optional<Clause> clause = parse_clause(field);
      if (!clause) return std::nullopt;
      level.add(join, required, prohibited || negated, *std::move(clause));
    }
    if (level.empty()) return fail(at_, "a clause is expected here", "");
    if (has_and && has_or) {
      reporter_.warning(lang::query_codes::kMixedOperators, position(begin),
                        "AND and OR without parentheses: Lucene makes the clauses beside AND required and the others "
                        "optional",
                        "add parentheses");
    }
    return level.take();
  }

  std::optional<Clause> parse_clause(const QueryValue* field) {
    if (at_end()) return fail(at_, "a clause is expected here, but the query ends", "");
    if (refuse_operator()) return std::nullopt;
    if (peek() == '(') return parse_group(field);
    if (peek() == '"' || peek() == '/' || peek() == '[' || peek() == '{') return parse_value(field);
    const std::size_t begin = at_;
    std::optional<QueryValue> word = read_word();
    if (!word) return std::nullopt;
    const std::size_t end = at_;
    skip_blanks();
    if (at_end() || peek() != ':') {
      at_ = end;
      return word_clause(field, *word, begin);
    }
    ++at_;
    skip_blanks();
    return parse_field(*word, begin);
  }

  std::optional<Clause> parse_field(const QueryValue& written, std::size_t begin) {
    if (written.text() == "_exists_") {
      std::optional<QueryValue> name = at_end() ? std::nullopt : read_value_text();
      if (!name) return fail_unless_reported(begin, "_exists_ needs the name of a field");
      return finish(clauses_.exists(field_name(*name)));
    }
    if (written.has_wildcard() && !written.is_star()) {
      return fail(begin, "a wildcard in a field's name needs a backslash before it", "aws.\\*.arn:x");
    }
    const QueryValue name = field_name(written);
    if (!at_end() && peek() == '(') return parse_group(&name);
    return parse_value(&name);
  }

  /// Escaped stars of a name stand for many names.
  static QueryValue field_name(const QueryValue& written) {
    QueryValue name;
    name.at = written.at;
    for (const Piece& piece : written.pieces) {
      if (piece.kind != Piece::Kind::literal) name.pieces.push_back(piece);
      for (const char c : piece.text) {
        if (c == '*') {
          name.pieces.push_back({Piece::Kind::any_run, {}});
        } else {
          name.add(c);
        }
      }
    }
    return name;
  }

  std::optional<Clause> parse_group(const QueryValue* field) {
    const std::size_t open = at_++;
    if (++depth_ > kMaxDepth) {
      reporter_.error(lang::query_codes::kTooComplex, position(open), "the query is nested too deeply");
      return std::nullopt;
    }
    std::optional<Clause> inner = parse_level(field);
    if (!inner) return std::nullopt;
    if (at_end()) return fail(open, "'(' is never closed", "");
    ++at_;
    --depth_;
    return finish(*std::move(inner));
  }

  // Values -----------------------------------------------------------------------------------------------------------

  std::optional<Clause> parse_value(const QueryValue* field) {
    if (at_end()) return fail(at_, "a value is expected here, but the query ends", "");
    if (refuse_operator()) return std::nullopt;
    const std::size_t begin = at_;
    if (peek() == '/') return parse_regular(field);
    if (peek() == '[' || peek() == '{') return parse_range(field);
    if (peek() == '"') {
      const std::optional<QueryValue> phrase = read_quoted();
      if (!phrase) return std::nullopt;
      return finish(phrase_clause(field, *phrase));
    }
    std::optional<QueryValue> word = read_word();
    if (!word) return std::nullopt;
    return word_clause(field, *word, begin);
  }

  std::optional<Clause> word_clause(const QueryValue* field, const QueryValue& word, std::size_t begin) {
    if (!at_end() && peek() == '~') {
      ++at_;
      if (word.has_wildcard()) return fail(begin, "a word with wildcards cannot be fuzzy", "leave ~ out");
      const std::size_t number_at = at_;
      const std::optional<int> edits = edits_of(word.text(), read_number());
      if (!edits) return fail(number_at, "a fuzzy word allows 0, 1 or 2 edits", "write \\~ for the character itself");
      if (*edits > 0) {
        const QueryValue* const target = target_of(field);
        return finish(target == nullptr ? clauses_.fuzzy_anywhere(word, *edits)
                                        : clauses_.fuzzy(*target, word, *edits));
      }
    }
    const std::string text = word.text();
    const QueryValue* const target = target_of(field);
    if (target != nullptr && text.size() > 1 && (text[0] == '<' || text[0] == '>')) {
      return finish(comparison(*target, text, word.at));
    }
    return finish(clause_of(field, word));
  }

  Clause comparison(const QueryValue& field, std::string_view text, LineColumn at) {
    const bool above = text[0] == '>';
    const bool inclusive = text[1] == '=';
    using enum plan::ComparisonOp;
    const plan::ComparisonOp op = above ? (inclusive ? greater_equal : greater) : (inclusive ? less_equal : less);
    return clauses_.compare(field, op, lang::literal_value(text.substr(inclusive ? 2 : 1), at));
  }

  [[nodiscard]] const QueryValue* target_of(const QueryValue* field) const {
    if (field != nullptr) return field;
    return default_field_ ? &*default_field_ : nullptr;
  }

  Clause clause_of(const QueryValue* field, const QueryValue& value) {
    const QueryValue* const target = target_of(field);
    if (value.is_star() && field == nullptr) return lang::whole_clause(plan::constant(true));
    return target == nullptr ? clauses_.anywhere(value) : clauses_.value(*target, value);
  }

  std::optional<Clause> parse_regular(const QueryValue* field) {
    const std::size_t open = at_++;
    std::string expression;
    while (!at_end() && peek() != '/') {
      if (peek() == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] != '/') expression += '\\';
        ++at_;
      }
      expression += text_[at_++];
    }
    if (at_end()) return fail(open, "the regular expression is never closed", "write \\/ for a slash in a value");
    ++at_;
    const LineColumn at = position(open);
    const QueryValue* const target = target_of(field);
    return finish(target == nullptr ? clauses_.regular_anywhere(expression, at)
                                    : clauses_.regular(*target, expression, at));
  }

  std::optional<Clause> parse_range(const QueryValue* field) {
    const std::size_t open = at_;
    const char* const hint = "[low TO high], {low TO high} without its ends; * is no bound";
    FieldClauses::Bounds bounds;
    bounds.at = position(open);
    bounds.includes_low = text_[at_++] == '[';
    const auto low = read_bound();
    skip_blanks();
    if (!low || !take_word("TO")) return fail(open, "the range is not complete", hint);
    const auto high = read_bound();
    skip_blanks();
    if (!high || at_end() || (peek() != ']' && peek() != '}')) return fail(open, "the range is not complete", hint);
    bounds.includes_high = text_[at_++] == ']';
    if (!low->is_star()) bounds.low = low;
    if (!high->is_star()) bounds.high = high;
    const QueryValue* const target = target_of(field);
    if (target == nullptr) return fail(open, "a range needs a field", "field:[low TO high]");
    return finish(clauses_.range(*target, bounds));
  }

  std::optional<QueryValue> read_bound() {
    skip_blanks();
    if (at_end()) return std::nullopt;
    if (peek() == '"') return read_quoted();
    QueryValue bound;
    bound.at = position(at_);
    while (!at_end() && !is_blank(peek()) && peek() != ']' && peek() != '}') {
      if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
      bound.add(text_[at_++]);
    }
    if (bound.pieces.empty()) return std::nullopt;
    if (bound.text() == "*") bound.pieces = {{Piece::Kind::any_run, {}}};
    return bound;
  }

  // Words ------------------------------------------------------------------------------------------------------------

  std::optional<QueryValue> read_value_text() { return peek() == '"' ? read_quoted() : read_word(); }

  std::optional<QueryValue> read_word() {
    QueryValue word;
    word.at = position(at_);
    const std::size_t begin = at_;
    const bool has_sign = !at_end() && (peek() == '+' || peek() == '-');
    while (!at_end() && !has_sign) {
      const char c = peek();
      if (c == '\\') {
        if (at_ + 1 >= text_.size()) {
          fail(at_, "a backslash stands before a character", "");
          return std::nullopt;
        }
        word.add(text_[at_ + 1]);
        at_ += 2;
      } else if (c == '*' || c == '?') {
        word.pieces.push_back({c == '*' ? Piece::Kind::any_run : Piece::Kind::any_one, {}});
        ++at_;
      } else if (ends_word(c)) {
        break;
      } else {
        word.add(c);
        ++at_;
      }
    }
    if (at_ > begin) return word;
    fail(at_, "a value is expected here",
         at_end() ? "" : std::string("quote the value, or write \\") + peek() + " for the character itself");
    return std::nullopt;
  }

  std::optional<QueryValue> read_quoted() {
    QueryValue value;
    value.quoted = true;
    value.at = position(at_);
    value.add("");
    const std::size_t open = at_++;
    while (!at_end() && peek() != '"') {
      if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
      value.add(text_[at_++]);
    }
    if (at_end()) {
      fail(open, "the quote is never closed", "");
      return std::nullopt;
    }
    ++at_;
    return value;
  }

  /// A phrase and the distance that may stand behind it.
  Clause phrase_clause(const QueryValue* field, const QueryValue& phrase) {
    if (at_end() || peek() != '~') return clause_of(field, phrase);
    ++at_;
    const std::optional<double> distance = to_real(read_number());
    const int slop = static_cast<int>(std::min(distance.value_or(0), 10'000.0));
    if (slop == 0) return clause_of(field, phrase);
    const QueryValue* const target = target_of(field);
    return target == nullptr ? clauses_.near_anywhere(phrase, slop) : clauses_.near(*target, phrase, slop);
  }

  /// Without a number the word's length decides; a fraction is a similarity, as in old versions.
  static std::optional<int> edits_of(std::string_view word, std::string_view number) {
    double length = 0;
    for (std::size_t at = 0; at < word.size(); at += utf8_step(word, at)) ++length;
    if (number.empty()) return length < 3 ? 0 : length < 6 ? 1 : 2;
    const std::optional<double> value = to_real(number);
    if (!value || *value > 2) return std::nullopt;
    if (*value >= 1) return static_cast<int>(*value);
    return *value == 0 ? 0 : static_cast<int>(std::min((1 - *value) * length, 2.0));
  }

  static std::optional<double> to_real(std::string_view text) {
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return value;
  }

  /// Boosts change scores, not matches.
  std::optional<Clause> finish(Clause clause) {
    if (!at_end() && peek() == '^') {
      const std::size_t begin = at_++;
      if (read_number().empty()) return fail(begin, "a boost needs a number", "write \\^ for the character itself");
    }
    return clause;
  }

  std::string_view read_number() {
    const std::size_t begin = at_;
    while (!at_end() && (is_digit(peek()) || peek() == '.')) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // Characters -------------------------------------------------------------------------------------------------------

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  void skip_blanks() {
    while (!at_end() && is_blank(peek())) ++at_;
  }
  [[nodiscard]] bool is_word_here(std::string_view word) const {
    const std::string_view rest = text_.substr(std::min(at_, text_.size()));
    if (!rest.starts_with(word)) return false;
    return rest.size() == word.size() || ends_word(rest[word.size()]);
  }
  bool take_word(std::string_view word) {
    if (!is_word_here(word)) return false;
    at_ += word.size();
    return true;
  }
  bool refuse_operator() {
    for (const std::string_view word : {"AND", "OR", "NOT", "&&", "||"}) {
      if (!is_word_here(word)) continue;
      fail(at_, std::string(word) + " has nothing to join here", "quote the word to look for it");
      return true;
    }
    return false;
  }

  [[nodiscard]] LineColumn position(std::size_t at) const { return lines_.at(at); }
  std::nullopt_t fail(std::size_t at, std::string message, std::string hint) {
    reporter_.error(lang::query_codes::kSyntax, position(at), std::move(message), std::move(hint));
    return std::nullopt;
  }
  std::nullopt_t fail_unless_reported(std::size_t at, std::string message) {
    if (reporter_.errors() == 0) return fail(at, std::move(message), "");
    return std::nullopt;
  }

  std::string_view text_;
  LineIndex lines_;
  const Options& options_;
  lang::Reporter& reporter_;
  FieldClauses clauses_;
  std::optional<QueryValue> default_field_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<Expr> lower(std::string_view text, const lang::Fields& fields, const Options& options,
                          lang::Reporter& reporter) {
  const std::size_t errors_before = reporter.errors();
  if (text.size() > kMaxText) {
    reporter.error(lang::query_codes::kTooComplex, {1, 1}, "the query is too long");
    return std::nullopt;
  }
  std::optional<Clause> query = Parser(text, fields, options, reporter).parse();
  if (!query || reporter.errors() > errors_before) return std::nullopt;
  return lang::to_expression(*std::move(query));
}

}  // namespace trailhound::lucene
