#include "lang/lucene/lucene.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/line_index.h"
#include "base/number_text.h"
#include "base/utf8.h"
#include "lang/field_clauses.h"
#include "lang/lucene/level.h"
#include "lang/query_codes.h"
#include "lang/unicode_escape.h"

namespace trailhound::lucene {

namespace {

using lang::Clause;
using lang::FieldClauses;
using lang::QueryValue;
using plan::Expr;
using Piece = QueryValue::Piece;

constexpr std::size_t kMaxText = 256 * 1024;
constexpr int kMaxDepth = 100;
constexpr std::array<std::string_view, 5> kOperators = {"AND", "OR", "&&", "||", "NOT"};
constexpr std::span<const std::string_view> kJoins = std::span(kOperators).first(4);

/// What ends a word unless a backslash stands before it. `*` and `?` do not, they are wildcards.
bool ends_word(char c) { return is_blank(c) || std::string_view("!():^[]\"{}~\\/").find(c) != std::string_view::npos; }

class Parser {
 public:
  Parser(std::string_view text, const lang::Fields& fields, const Options& options, lang::Reporter& reporter)
      : text_(text), lines_(text), options_(options), reporter_(reporter), clauses_(fields, reporter, {}) {
    if (!options.default_field.empty()) default_field_ = lang::literal_value(options.default_field, {1, 1});
  }

  std::optional<Clause> parse() {
    skip_blanks();
    if (at_end()) return lang::whole_clause(plan::constant(options_.empty_matches_all));
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
      const Sign sign = take_sign();
      skip_blanks();
      const bool may_go_on = join == Join::none && sign == Sign::none;
      std::optional<Clause> clause = parse_clause(field, may_go_on ? Words::many : Words::one);
      if (!clause) return std::nullopt;
      level.add(join, sign, *std::move(clause));
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

  /// A sign in front of a blank is a word.
  [[nodiscard]] bool is_sign_here() const {
    return !at_end() && (peek() == '+' || peek() == '-' || peek() == '!') && !is_bare_sign_here();
  }
  [[nodiscard]] bool is_bare_sign_here() const {
    return at_ + 1 < text_.size() && (peek() == '+' || peek() == '-' || peek() == '!') && is_blank(text_[at_ + 1]);
  }
  Sign take_sign() {
    if (is_sign_here()) return text_[at_++] == '+' ? Sign::required : Sign::prohibited;
    return take_word("NOT") ? Sign::prohibited : Sign::none;
  }

  enum class Words : std::uint8_t { one, many };

  std::optional<Clause> parse_clause(const QueryValue* field, Words words) {
    if (at_end()) return fail(at_, "a clause is expected here, but the query ends", "");
    if (refuse_operator()) return std::nullopt;
    if (peek() == '(') return parse_group(field);
    if (peek() == '"' || peek() == '/' || peek() == '[' || peek() == '{') return parse_value(field);
    const std::size_t begin = at_;
    const bool is_term = !is_bare_sign_here();
    std::optional<QueryValue> word = read_word();
    if (!word) return std::nullopt;
    const std::size_t end = at_;
    skip_blanks();
    if (at_end() || peek() != ':') {
      at_ = end;
      if (words == Words::many && is_term && !word->has_wildcard()) add_words(*word);
      return word_clause(field, *word);
    }
    ++at_;
    skip_blanks();
    return parse_field(*word, begin);
  }

  /// Words side by side are one text, which the field's type may take apart; not the last one in front of an operator.
  void add_words(QueryValue& word) {
    const std::size_t before = word.text().size();
    while (is_joined_word_next()) {
      skip_blanks();
      const std::optional<QueryValue> next = read_word();
      if (!next) return;
      word.add(" " + next->text());
    }
    if (word.text().size() == before) return;
    reporter_.warning(
        lang::query_codes::kJoinedWords, word.at,
        "words side by side are one text: \"" + word.text() + "\", of which only a text field looks for each",
        "write OR between alternatives, or quote the text");
  }

  /// Whether a plain word comes next that belongs to the one before: without wildcards, and neither colon, suffix nor
  /// operator behind it.
  [[nodiscard]] bool is_joined_word_next() const {
    const std::size_t begin = blanks_end(at_);
    std::size_t at = begin;
    if (at >= text_.size() || text_[at] == '+' || text_[at] == '-' || is_any_word_at(at, kOperators)) return false;
    for (; at < text_.size() && (text_[at] == '\\' || !ends_word(text_[at])); ++at) {
      if (text_[at] == '*' || text_[at] == '?') return false;
      if (text_[at] == '\\' && ++at == text_.size()) return false;
    }
    if (at == begin) return false;
    const std::size_t behind = blanks_end(at);
    if (behind == text_.size()) return true;
    return !std::string_view(":~^").contains(text_[behind]) && !is_word_at(behind, "*") &&
           !is_any_word_at(behind, kJoins);
  }

  std::optional<Clause> parse_field(const QueryValue& written, std::size_t begin) {
    if (written.text() == "_exists_") {
      std::optional<QueryValue> name = at_end() ? std::nullopt : read_value_text();
      if (!name) return fail_unless_reported(begin, "_exists_ needs the name of a field");
      if (name->has_wildcard())
        return fail(begin, "a wildcard in a field's name needs a backslash before it", "_exists_:aws.\\*");
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
    if (peek() == '/') return parse_regular(field);
    if (peek() == '[' || peek() == '{') return parse_range(field);
    if (peek() == '"') {
      const std::optional<QueryValue> phrase = read_quoted();
      if (!phrase) return std::nullopt;
      return phrase_clause(field, *phrase);
    }
    std::optional<QueryValue> word = read_word();
    if (!word) return std::nullopt;
    return word_clause(field, *word);
  }

  /// What may stand behind a word, in any order: a boost, which changes scores and not matches, and how fuzzy it is.
  struct Suffixes {
    std::optional<std::string_view> fuzzy;  ///< behind the tilde
    std::size_t fuzzy_at = 0;
  };
  std::optional<Suffixes> read_suffixes() {
    Suffixes found;
    bool boosted = false;
    while (!at_end()) {
      if (peek() == '^' && !boosted) {
        if (!skip_boost()) return std::nullopt;
        boosted = true;
      } else if (peek() == '~' && !found.fuzzy) {
        found.fuzzy_at = ++at_;
        while (!at_end() && !ends_word(peek())) ++at_;
        found.fuzzy = text_.substr(found.fuzzy_at, at_ - found.fuzzy_at);
      } else {
        break;
      }
    }
    return found;
  }

  /// How fuzzy a word with wildcards is means nothing.
  std::optional<Clause> word_clause(const QueryValue* field, const QueryValue& word) {
    const std::optional<Suffixes> suffixes = read_suffixes();
    if (!suffixes) return std::nullopt;
    const QueryValue* const target = target_of(field);
    if (suffixes->fuzzy && !word.has_wildcard()) {
      const std::optional<int> edits = edits_of(word.text(), *suffixes->fuzzy);
      if (!edits) {
        return fail(suffixes->fuzzy_at, "a fuzzy word allows 0, 1 or 2 edits, or AUTO",
                    "write \\~ for the character itself");
      }
      if (*edits > 0) {
        return target == nullptr ? clauses_.fuzzy_anywhere(word, *edits) : clauses_.fuzzy(*target, word, *edits);
      }
    }
    const std::string text = word.text();
    const bool compares = text.size() > 1 && (text[0] == '<' || text[0] == '>') && !word.has_wildcard();
    if (target != nullptr && compares) return comparison(*target, text, word.at);
    return clause_of(field, word);
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
    if (!read_suffixes()) return std::nullopt;
    const LineColumn at = position(open);
    const QueryValue* const target = target_of(field);
    return target == nullptr ? clauses_.regular_anywhere(expression, at) : clauses_.regular(*target, expression, at);
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
      if (peek() != '\\' || at_ + 1 == text_.size()) {
        bound.add(text_[at_++]);
      } else if (!add_escaped(bound, Escapes::code_points)) {
        return std::nullopt;
      }
    }
    if (bound.pieces.empty()) return std::nullopt;
    if (bound.text() == "*") bound.pieces = {{Piece::Kind::any_run, {}}};
    return bound;
  }

  // Words ------------------------------------------------------------------------------------------------------------

  std::optional<QueryValue> read_value_text() { return peek() == '"' ? read_quoted() : read_word(); }

  /// A wildcard in front of its end makes a word a pattern, in which \\u is a u.
  std::optional<QueryValue> read_word() {
    const std::size_t begin = at_;
    std::optional<QueryValue> word = read_word(Escapes::code_points);
    if (!word || !is_pattern(*word)) return word;
    at_ = begin;
    return read_word(Escapes::characters);
  }

  enum class Escapes : std::uint8_t { code_points, characters };

  static bool is_pattern(const QueryValue& word) {
    for (const Piece& piece : word.pieces) {
      const bool ends = &piece == &word.pieces.back();
      if (piece.kind == Piece::Kind::any_one || (piece.kind == Piece::Kind::any_run && !ends)) return true;
    }
    return false;
  }

  std::optional<QueryValue> read_word(Escapes escapes) {
    QueryValue word;
    word.at = position(at_);
    const std::size_t begin = at_;
    if (!at_end() && is_bare_sign_here()) {
      word.add(text_[at_++]);
      return word;
    }
    const bool has_sign = !at_end() && (peek() == '+' || peek() == '-');
    while (!at_end() && !has_sign) {
      const char c = peek();
      if (c == '\\') {
        if (!add_escaped(word, escapes)) return std::nullopt;
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

  /// Adds what the backslash here and the characters behind it stand for; false, which is reported, if nothing.
  bool add_escaped(QueryValue& value, Escapes escapes) {
    const std::size_t begin = at_++;
    if (at_end()) {
      fail(begin, "a backslash stands before a character", "");
      return false;
    }
    if (peek() != 'u' || escapes == Escapes::characters) {
      value.add(text_[at_++]);
      return true;
    }
    std::string character;
    const std::size_t read = lang::read_unicode_escape(text_.substr(begin), character);
    if (read == 0) {
      fail(begin, "\\u stands before four hexadecimal digits", "write the u without a backslash");
      return false;
    }
    value.add(character);
    at_ = begin + read;
    return true;
  }

  std::optional<QueryValue> read_quoted() {
    QueryValue value;
    value.quoted = true;
    value.at = position(at_);
    value.add("");
    const std::size_t open = at_++;
    while (!at_end() && peek() != '"') {
      if (peek() != '\\' || at_ + 1 == text_.size()) {
        value.add(text_[at_++]);
      } else if (!add_escaped(value, Escapes::code_points)) {
        return std::nullopt;
      }
    }
    if (at_end()) {
      fail(open, "the quote is never closed", "");
      return std::nullopt;
    }
    ++at_;
    return value;
  }

  /// A phrase and the distance that may stand behind it.
  std::optional<Clause> phrase_clause(const QueryValue* field, const QueryValue& phrase) {
    const std::optional<Suffixes> suffixes = read_suffixes();
    if (!suffixes) return std::nullopt;
    const double distance = suffixes->fuzzy ? number_in<double>(*suffixes->fuzzy).value_or(0) : 0;
    const int slop = static_cast<int>(std::clamp(distance, 0.0, 10'000.0));
    if (slop == 0) return clause_of(field, phrase);
    const QueryValue* const target = target_of(field);
    return target == nullptr ? clauses_.near_anywhere(phrase, slop) : clauses_.near(*target, phrase, slop);
  }

  /// Without a number the word's length decides.
  static std::optional<int> edits_of(std::string_view word, std::string_view fuzzy) {
    if (fuzzy.empty() || lower_ascii(fuzzy) == "auto") {
      std::size_t length = 0;
      for (std::size_t at = 0; at < word.size(); at += utf8_step(word, at)) ++length;
      return length < 3 ? 0 : length < 6 ? 1 : 2;
    }
    const auto edits = number_in<double>(fuzzy);
    if (edits == 0.0 || edits == 1.0 || edits == 2.0) return static_cast<int>(*edits);
    return std::nullopt;
  }

  std::optional<Clause> finish(Clause clause) {
    if (!at_end() && peek() == '^' && !skip_boost()) return std::nullopt;
    return clause;
  }

  bool skip_boost() {
    const std::size_t begin = at_++;
    const std::size_t number = at_;
    while (!at_end() && (is_digit(peek()) || peek() == '.')) ++at_;
    if (at_ > number) return true;
    fail(begin, "a boost needs a number", "write \\^ for the character itself");
    return false;
  }

  // Characters -------------------------------------------------------------------------------------------------------

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  void skip_blanks() { at_ = blanks_end(at_); }
  [[nodiscard]] std::size_t blanks_end(std::size_t at) const {
    while (at < text_.size() && is_blank(text_[at])) ++at;
    return at;
  }
  [[nodiscard]] bool is_word_at(std::size_t at, std::string_view word) const {
    const std::string_view rest = text_.substr(std::min(at, text_.size()));
    if (!rest.starts_with(word)) return false;
    return rest.size() == word.size() || ends_word(rest[word.size()]);
  }
  [[nodiscard]] bool is_any_word_at(std::size_t at, std::span<const std::string_view> words) const {
    return std::ranges::any_of(words, [&](std::string_view word) { return is_word_at(at, word); });
  }
  bool take_word(std::string_view word) {
    if (!is_word_at(at_, word)) return false;
    at_ += word.size();
    return true;
  }
  bool refuse_operator() {
    for (const std::string_view word : kOperators) {
      if (!is_word_at(at_, word)) continue;
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
