#include "lang/datadog/search.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "event/datadog_tags.h"
#include "lang/datadog/search_terms.h"

namespace trailhound::lang::datadog {
namespace {

using plan::Expr;
using Piece = plan::Pattern::Piece;

/// An expression, and the term behind it if it is a plain value without negation (to join several into one set).
struct Lowered {
  Expr expression;
  std::optional<Term> term;
};

class SearchParser {
 public:
  SearchParser(std::string_view text, const plan::ColumnResolver& columns, const TextContext& context,
               Diagnostics& diagnostics)
      : text_(text), columns_(columns), context_(context), diagnostics_(diagnostics) {}

  std::optional<Expr> parse() {
    skip_blanks();
    if (at_end()) {
      error("TH2001", 0, "the query is empty", "write * to match every event");
      return std::nullopt;
    }
    std::optional<Expr> result = parse_or(nullptr);
    if (!result) return std::nullopt;
    if (!at_end()) {
      error("TH2005", at_, "')' closes nothing", "remove it, or write \\) for the character itself");
      return std::nullopt;
    }
    if (errors_ > 0) return std::nullopt;
    return result;
  }

 private:
  // Between terms --------------------------------------------------------------------------------------------------

  // Both kinds of group have one grammar: terms of a query if `target` is null, else values of that field.
  std::optional<Expr> parse_or(const Target* target) {
    std::vector<Expr> operands;
    std::vector<Term> terms;  // of the operands, while all of them are plain values
    while (true) {
      std::optional<Lowered> operand = parse_and(target);
      if (!operand) return std::nullopt;
      if (operand->term) terms.push_back(*operand->term);
      operands.push_back(std::move(operand->expression));
      if (!take_keyword("OR")) break;
    }
    if (target != nullptr && terms.size() == operands.size()) {
      if (std::optional<Expr> set = lower_any_of(*target, terms)) return set;
    }
    return plan::any_of(std::move(operands));
  }

  std::optional<Lowered> parse_and(const Target* target) {
    std::vector<Expr> operands;
    std::optional<Term> term;
    while (true) {
      std::optional<Lowered> operand = parse_unary(target);
      if (!operand) return std::nullopt;
      term = operands.empty() ? std::move(operand->term) : std::nullopt;
      operands.push_back(std::move(operand->expression));
      if (take_keyword("AND")) continue;
      skip_blanks();
      if (at_end() || peek() == ')' || is_keyword("OR")) break;
    }
    return Lowered{plan::all_of(std::move(operands)), std::move(term)};
  }

  std::optional<Lowered> parse_unary(const Target* target) {
    bool negated = false;
    while (true) {
      skip_blanks();
      if (!at_end() && peek() == '-') {
        if (at_ + 1 >= text_.size() || is_blank(text_[at_ + 1])) {
          return fail("TH2002", "'-' must touch the term that it excludes");
        }
        ++at_;
        negated = !negated;
      } else if (take_keyword("NOT")) {
        negated = !negated;
      } else {
        break;
      }
    }
    std::optional<Lowered> operand = target == nullptr ? parse_primary() : parse_value_in_group(*target);
    if (!operand || !negated) return operand;
    return Lowered{plan::negate(std::move(operand->expression)), std::nullopt};
  }

  std::optional<Lowered> parse_group(const Target* target) {
    const std::size_t open = at_++;
    if (++depth_ > kMaxQueryDepth) return fail("TH2009", "parentheses are nested too deeply", "", open);
    skip_blanks();
    if (!at_end() && peek() == ')') return fail("TH2002", "there is nothing between the parentheses", "", open);
    std::optional<Expr> inner = parse_or(target);
    if (!inner) return std::nullopt;
    if (at_end()) return fail("TH2005", "'(' is never closed", "", open);
    ++at_;  // parse_or stops at a closing parenthesis or at the end
    --depth_;
    return Lowered{std::move(*inner), std::nullopt};
  }

  // Terms ----------------------------------------------------------------------------------------------------------

  std::optional<Lowered> parse_primary() {
    if (at_end()) return fail("TH2002", "a term is expected here");
    const char c = peek();
    if (c == '(') return parse_group(nullptr);
    if (c == ')') return fail("TH2002", "a term is expected before ')'");
    if (c == '"') return lowered_text(Target{});
    if (c == '@') return parse_attribute();
    if (c == '#') {
      return fail("TH2008", "calculated fields are not supported yet",
                  "a calculated field needs a scheduled rule; write the comparison on attributes instead");
    }
    if (text_.substr(at_, 2) == "*:") {
      at_ += 2;
      return parse_value(Target{Target::Kind::everything, nullptr});
    }
    if (text_.substr(at_).starts_with("CIDR") && is_cidr_call()) return parse_cidr();
    if (refuse_keyword()) return std::nullopt;
    if (c == '!' || text_.substr(at_, 2) == "&&" || text_.substr(at_, 2) == "||") {
      return fail("TH2002", "'" + std::string(text_.substr(at_, c == '!' ? 1 : 2)) + "' is no operator here",
                  "the operators are AND, OR, NOT and - in front of a term");
    }
    return parse_word_or_tag();
  }

  std::optional<Lowered> parse_attribute() {
    const std::size_t begin = at_;
    const std::string name = read_name();
    if (at_end() || peek() != ':') {
      return fail("TH2002", "':' and a value are expected after " + name, "to ask whether it is there: " + name + ":*");
    }
    ++at_;
    return parse_value(resolve(Target::Kind::attribute, name, begin));
  }

  // source:cloudtrail is a tag, a word without a colon is free text.
  std::optional<Lowered> parse_word_or_tag() {
    const std::size_t begin = at_;
    const std::string name = read_name();
    if (!at_end() && peek() == ':' && !name.empty()) {
      ++at_;
      return parse_value(resolve(Target::Kind::tag, name, begin));
    }
    at_ = begin;
    std::optional<Lowered> word = lowered_text(Target{});
    if (word && word->term) warn_of_lower_case_operator(word->term->text(), begin);
    return word;
  }

  std::optional<Lowered> parse_value_in_group(const Target& target) {
    if (!at_end() && peek() == '(') return parse_group(&target);
    return parse_single_value(target);
  }

  std::optional<Lowered> parse_value(const std::optional<Target>& target) {
    // After an unknown field the rest is still read, so that all errors of a query come at once.
    const Target known = target.value_or(Target{});
    if (!at_end() && peek() == '(') return parse_group(&known);
    if (at_end() || is_blank(peek()) || peek() == ')') {
      return fail("TH2002", "a value must follow the colon without a blank");
    }
    return parse_single_value(known);
  }

  std::optional<Lowered> parse_single_value(const Target& target) {
    if (at_end() || peek() == ')') return fail("TH2002", "a value is expected here");
    const char c = peek();
    if (c == '[' || c == '{') return parse_range(target);
    if (c == '>' || c == '<') return parse_comparison(target);
    if (c != '"' && refuse_keyword()) return std::nullopt;
    return lowered_text(target);
  }

  std::optional<Lowered> parse_range(const Target& target) {
    Range range;
    range.at = position(at_);
    const std::size_t open = at_;
    range.includes_low = peek() == '[';
    ++at_;
    const char* const hint = "a range is [low TO high], {low TO high} without its ends; * is no bound";
    std::optional<Term> low = read_bound();
    skip_blanks();
    if (!low || !take_keyword("TO")) return fail("TH2006", "the range is not complete", hint, open);
    std::optional<Term> high = read_bound();
    skip_blanks();
    if (!high || at_end() || (peek() != ']' && peek() != '}')) {
      return fail("TH2006", "the range is not complete", hint, open);
    }
    range.includes_high = peek() == ']';
    ++at_;
    if (!low->is_any()) range.low = std::move(low);
    if (!high->is_any()) range.high = std::move(high);
    return Lowered{lower_range(target, range), std::nullopt};
  }

  std::optional<Term> read_bound() {
    skip_blanks();
    if (at_end() || peek() == ']' || peek() == '}' || peek() == ')') return std::nullopt;
    return read_text(true);
  }

  std::optional<Lowered> parse_comparison(const Target& target) {
    const bool above = peek() == '>';
    ++at_;
    bool with_equal = false;
    if (!at_end() && peek() == '=') {
      with_equal = true;
      ++at_;
    }
    if (at_end() || is_blank(peek()) || peek() == ')') return fail("TH2002", "a number must follow the comparison");
    const std::optional<Term> bound = read_text(false);
    if (!bound) return std::nullopt;
    using enum plan::ComparisonOp;
    const plan::ComparisonOp op = above ? (with_equal ? greater_equal : greater) : (with_equal ? less_equal : less);
    return Lowered{lower_comparison(target, op, *bound), std::nullopt};
  }

  // CIDR(@field, block, ...) -----------------------------------------------------------------------------------------

  bool is_cidr_call() const {
    std::size_t next = at_ + 4;
    while (next < text_.size() && is_blank(text_[next])) ++next;
    return next < text_.size() && text_[next] == '(';
  }

  std::optional<Lowered> parse_cidr() {
    const std::size_t begin = at_;
    at_ = text_.find('(', at_) + 1;
    const char* const hint = "CIDR(@network.client.ip, 10.0.0.0/8, 2001:db8::/32)";
    const std::size_t name_begin = (skip_blanks(), at_);
    const std::string name = read_cidr_argument();
    if (!name.starts_with('@')) return fail("TH2007", "CIDR needs an attribute first", hint, name_begin);
    const std::optional<Target> target = resolve(Target::Kind::attribute, name, name_begin);
    std::vector<Cidr> blocks;
    while (!at_end() && peek() == ',') {
      ++at_;
      skip_blanks();
      const std::size_t block_begin = at_;
      const std::string block_text = read_cidr_argument();
      const std::optional<Cidr> block = parse_cidr_block(block_text);
      if (!block) return fail("TH2007", "'" + block_text + "' is no block of addresses", hint, block_begin);
      blocks.push_back(*block);
    }
    if (at_end() || peek() != ')') return fail("TH2005", "the parenthesis of CIDR is never closed", hint, begin);
    ++at_;
    if (blocks.empty()) return fail("TH2007", "CIDR needs at least one block of addresses", hint, begin);
    if (!target) return Lowered{plan::constant(false), std::nullopt};
    const LineColumn at = position(begin);
    Expr test = plan::make(plan::InNetwork{plan::element(plan::LogicalType::any, at), std::move(blocks)},
                           plan::LogicalType::boolean, at);
    return Lowered{plan::make(plan::Exists{target->column, std::move(test)}, plan::LogicalType::boolean, at),
                   std::nullopt};
  }

  static std::optional<Cidr> parse_cidr_block(std::string_view text) { return trailhound::parse_cidr(text); }

  std::string read_cidr_argument() {
    const std::size_t begin = at_;
    while (!at_end() && peek() != ',' && peek() != ')' && !is_blank(peek())) ++at_;
    const std::string argument(text_.substr(begin, at_ - begin));
    skip_blanks();
    return argument;
  }

  // Characters -----------------------------------------------------------------------------------------------------

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return text_[at_]; }
  void skip_blanks() {
    while (!at_end() && is_blank(peek())) ++at_;
  }

  bool is_keyword(std::string_view keyword) const {
    const std::string_view rest = text_.substr(std::min(at_, text_.size()));
    if (!rest.starts_with(keyword)) return false;
    if (rest.size() == keyword.size()) return true;
    const char next = rest[keyword.size()];
    return is_blank(next) || next == '(' || next == ')' || next == '"' || next == '@';
  }
  bool take_keyword(std::string_view keyword) {
    skip_blanks();
    if (!is_keyword(keyword)) return false;
    at_ += keyword.size();
    skip_blanks();
    return true;
  }
  // An operator where a term must stand.
  bool refuse_keyword() {
    for (const std::string_view keyword : {"AND", "OR", "NOT"}) {
      if (!is_keyword(keyword)) continue;
      fail("TH2002", std::string(keyword) + " has nothing to join here",
           "to search for the word itself, quote it: \"" + std::string(keyword) + "\"");
      return true;
    }
    return false;
  }

  // The name before a colon, escapes resolved.
  std::string read_name() {
    std::string name;
    while (!at_end() && !is_blank(peek()) && std::string_view(":()\"").find(peek()) == std::string_view::npos) {
      if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
      name += text_[at_++];
    }
    return name;
  }

  std::optional<Lowered> lowered_text(const Target& target) {
    std::optional<Term> term = read_text(false);
    if (!term) return std::nullopt;
    Expr expression = lower_term(target, *term);
    return Lowered{std::move(expression), std::move(term)};
  }

  std::optional<Term> read_text(bool in_range) { return peek() == '"' ? read_quoted() : read_word(in_range); }

  std::optional<Term> read_quoted() {
    Term term;
    term.at = position(at_);
    term.quoted = true;
    const std::size_t open = at_++;
    std::string content;
    while (!at_end() && peek() != '"') {
      if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
      content += text_[at_++];
    }
    if (at_end()) return fail_term("TH2004", "the quote is never closed", "", open);
    ++at_;
    term.pieces.push_back({Piece::Kind::literal, std::move(content)});
    return term;
  }

  std::optional<Term> read_word(bool in_range) {
    Term term;
    term.at = position(at_);
    const std::size_t begin = at_;
    std::string literal;
    bool warned_of_colon = false;
    const auto end_literal = [&] {
      if (!literal.empty()) term.pieces.push_back({Piece::Kind::literal, std::exchange(literal, {})});
    };
    for (; !at_end() && !is_blank(peek()) && peek() != ')'; ++at_) {
      const char c = peek();
      if (in_range && (c == ']' || c == '}')) break;
      if (c == '(' || c == '"') {
        return fail_term("TH2002", "'" + std::string(1, c) + "' cannot stand inside a word",
                         "put a blank before it, or escape it with a backslash", at_);
      }
      if (c == '*' || c == '?') {
        end_literal();
        term.pieces.push_back({c == '*' ? Piece::Kind::any_run : Piece::Kind::any_one, {}});
      } else if (c == '\\') {
        if (at_ + 1 >= text_.size()) return fail_term("TH2002", "a backslash must precede a character", "", at_);
        literal += text_[++at_];
      } else {
        if (c == ':' && !warned_of_colon) {
          warned_of_colon = true;
          finding(Diagnostic::Severity::warning, "TH2011", at_, "the colon inside the value is taken literally",
                  "write \\: or quote the value, as Datadog asks for");
        }
        literal += c;
      }
    }
    end_literal();
    if (term.pieces.empty()) return fail_term("TH2002", "a word is expected here", "", begin);
    return term;
  }

  // Names and findings -----------------------------------------------------------------------------------------------

  std::optional<Target> resolve(Target::Kind kind, const std::string& name, std::size_t offset) {
    if (name.find_first_of("*?") != std::string::npos) {
      error("TH2003", offset, "wildcards in the name of a field are not supported: " + name,
            "*:value searches every attribute");
      return std::nullopt;
    }
    Result<event::ColumnRef> column = columns_.find(event::View::datadog, name);
    if (!column) {
      error("TH2003", offset, column.error().what, column.error().hint);
      return std::nullopt;
    }
    if (event::is_foreign_datadog_tag(name)) {
      finding(Diagnostic::Severity::warning, "TH2012", offset, "CloudTrail records do not have the tag " + name,
              "it is taken as absent; an attribute begins with @");
    }
    return Target{kind, plan::column(*std::move(column), position(offset))};
  }

  void warn_of_lower_case_operator(const std::string& word, std::size_t offset) {
    if (word != "or" && word != "and" && word != "not") return;
    std::string upper = word;
    for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
    finding(Diagnostic::Severity::warning, "TH2010", offset, "'" + word + "' is searched for as a word",
            "the operator is " + upper + "; to search for the word, quote it");
  }

  LineColumn position(std::size_t offset) const { return file_position(context_, text_, offset); }

  void finding(Diagnostic::Severity severity, std::string_view code, std::size_t offset, std::string message,
               std::string hint) {
    report(diagnostics_, severity, code, context_, text_, offset, std::move(message), std::move(hint));
  }
  void error(std::string_view code, std::size_t offset, std::string message, std::string hint = {}) {
    ++errors_;
    finding(Diagnostic::Severity::error, code, offset, std::move(message), std::move(hint));
  }
  static constexpr std::size_t kHere = static_cast<std::size_t>(-1);
  std::optional<Lowered> fail(std::string_view code, std::string message, std::string hint = {},
                              std::size_t offset = kHere) {
    error(code, offset == kHere ? at_ : offset, std::move(message), std::move(hint));
    return std::nullopt;
  }
  std::optional<Term> fail_term(std::string_view code, std::string message, std::string hint, std::size_t offset) {
    error(code, offset, std::move(message), std::move(hint));
    return std::nullopt;
  }

  std::string_view text_;
  const plan::ColumnResolver& columns_;
  const TextContext& context_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int errors_ = 0;
};

}  // namespace

std::optional<Expr> parse_search(std::string_view text, const plan::ColumnResolver& columns, const TextContext& context,
                                 Diagnostics& diagnostics) {
  if (text.size() > kMaxQueryBytes) {
    report(diagnostics, Diagnostic::Severity::error, "TH2009", context, text, 0, "the query is too long",
           "at most " + std::to_string(kMaxQueryBytes) + " bytes");
    return std::nullopt;
  }
  return SearchParser(text, columns, context, diagnostics).parse();
}

}  // namespace trailhound::lang::datadog
