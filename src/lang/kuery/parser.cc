#include "lang/kuery/parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/line_index.h"
#include "lang/query_codes.h"
#include "lang/unicode_escape.h"

namespace trailhound::kuery {

namespace {

using lang::QueryValue;
using Piece = QueryValue::Piece;
using plan::ComparisonOp;
using FieldRef = std::shared_ptr<const QueryValue>;

constexpr std::string_view kSpecial = "\\():<>\"*{}";
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

bool is_special(char c) { return kSpecial.find(c) != std::string_view::npos; }

/// Leading and trailing white space of an unquoted value does not count, be it escaped or not.
void trim(QueryValue& value) {
  const auto blank_before = [](std::string_view text) -> std::size_t {
    if (text.starts_with(kNoBreakSpace)) return 2;
    return !text.empty() && std::string_view(" \t\r\n\v\f").find(text.front()) != std::string_view::npos ? 1 : 0;
  };
  const auto blank_behind = [](std::string_view text) -> std::size_t {
    if (text.ends_with(kNoBreakSpace)) return 2;
    return !text.empty() && std::string_view(" \t\r\n\v\f").find(text.back()) != std::string_view::npos ? 1 : 0;
  };
  auto& pieces = value.pieces;
  if (!pieces.empty() && pieces.front().kind == Piece::Kind::literal) {
    std::string& text = pieces.front().text;
    while (const std::size_t size = blank_before(text)) text.erase(0, size);
  }
  if (!pieces.empty() && pieces.back().kind == Piece::Kind::literal) {
    std::string& text = pieces.back().text;
    while (const std::size_t size = blank_behind(text)) text.resize(text.size() - size);
  }
  if (pieces.size() > 1) {
    std::erase_if(pieces, [](const Piece& p) { return p.kind == Piece::Kind::literal && p.text.empty(); });
  }
}

class Parser {
 public:
  Parser(std::string_view text, lang::Reporter& reporter) : text_(text), lines_(text), reporter_(reporter) {}

  std::optional<Node> parse() {
    skip_spaces();
    if (at_end()) return Node{};
    std::optional<Node> node = parse_joined(Node::Kind::any, nullptr);
    if (!node) return std::nullopt;
    skip_spaces();
    if (at_end()) return node;
    return unexpected("the query should end here");
  }

 private:
  // White space and keywords ---------------------------------------------------------------------------------------

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  /// Bytes of the white space at an offset; 0 if there is none.
  [[nodiscard]] std::size_t space_at(std::size_t at) const {
    const std::string_view rest = text_.substr(std::min(at, text_.size()));
    if (rest.starts_with(kNoBreakSpace)) return kNoBreakSpace.size();
    return !rest.empty() && std::string_view(" \t\r\n").find(rest.front()) != std::string_view::npos ? 1 : 0;
  }
  bool skip_spaces() {
    const std::size_t begin = at_;
    while (const std::size_t size = space_at(at_)) at_ += size;
    return at_ > begin;
  }
  [[nodiscard]] bool word_at(std::size_t at, std::string_view word) const {
    return lower_ascii(text_.substr(std::min(at, text_.size()), word.size())) == word;
  }
  /// Whether a word ends before `at`.
  [[nodiscard]] bool word_before(std::size_t at, std::string_view word) const {
    if (at < word.size() || !word_at(at - word.size(), word)) return false;
    const std::size_t begin = at - word.size();
    return begin == 0 || is_blank(text_[begin - 1]) || is_special(text_[begin - 1]);
  }
  /// What ends an unquoted value: " and ", " or ", and "not " even inside a word.
  [[nodiscard]] bool keyword_break_at(std::size_t at) const {
    if (word_at(at, "not") && space_at(at + 3) > 0) return true;
    const std::size_t space = space_at(at);
    if (space == 0) return false;
    return (word_at(at + space, "or") && space_at(at + space + 2) > 0) ||
           (word_at(at + space, "and") && space_at(at + space + 3) > 0);
  }
  bool take_operator(std::string_view word) {
    const std::size_t begin = at_;
    if (skip_spaces() && word_at(at_, word) && space_at(at_ + word.size()) > 0) {
      at_ += word.size();
      skip_spaces();
      return true;
    }
    at_ = begin;
    return false;
  }
  bool take_not() {
    if (!word_at(at_, "not") || space_at(at_ + 3) == 0) return false;
    at_ += 3;
    skip_spaces();
    return true;
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Structure --------------------------------------------------------------------------------------------------------

  /// Operands joined by `or` (kind any) or `and` (kind all): clauses, or the values of `field` if there is one.
  std::optional<Node> parse_joined(Node::Kind kind, const FieldRef& field) {
    const bool any = kind == Node::Kind::any;
    Node node;
    node.kind = kind;
    node.at = position(at_);
    do {
      std::optional<Node> operand = any ? parse_joined(Node::Kind::all, field) : parse_unary(field);
      if (!operand) return std::nullopt;
      node.children.push_back(*std::move(operand));
    } while (take_operator(any ? "or" : "and"));
    if (node.children.size() > 1) return node;
    Node only = std::move(node.children.front());
    return only;
  }

  std::optional<Node> parse_unary(const FieldRef& field) {
    const LineColumn at = position(at_);
    if (!take_not()) return parse_group(field);
    if (word_at(at_, "not") && space_at(at_ + 3) > 0) {
      return fail(at_, "a second `not` needs parentheses", "write not (not ...)");
    }
    std::optional<Node> operand = parse_group(field);
    if (!operand) return std::nullopt;
    Node node;
    node.kind = Node::Kind::negation;
    node.at = at;
    node.children.push_back(*std::move(operand));
    return node;
  }

  std::optional<Node> parse_group(const FieldRef& field) {
    const std::size_t open = at_;
    if (!take('(')) return field ? parse_value(field) : parse_clause();
    return parse_enclosed(open, ')', field);
  }

  std::optional<Node> parse_enclosed(std::size_t open, char close, const FieldRef& field) {
    if (++depth_ > kMaxDepth) {
      reporter_.error(lang::query_codes::kTooComplex, position(open), "the query is nested too deeply");
      return std::nullopt;
    }
    skip_spaces();
    std::optional<Node> inner = parse_joined(Node::Kind::any, field);
    if (!inner) return std::nullopt;
    skip_spaces();
    if (at_end()) return fail(open, std::string("'") + text_[open] + "' is never closed", "");
    if (!take(close)) return unexpected(std::string("and, or or '") + close + "' is expected here");
    --depth_;
    return inner;
  }

  std::optional<Node> parse_clause() {
    const std::size_t begin = at_;
    std::optional<QueryValue> literal = parse_literal("a field or a value");
    if (!literal) return std::nullopt;
    const std::size_t end = at_;
    skip_spaces();
    const auto field = std::make_shared<const QueryValue>(std::move(*literal));
    if (const auto op = take_comparison()) {
      skip_spaces();
      std::optional<QueryValue> bound = parse_literal("a value");
      if (!bound) return std::nullopt;
      return clause(Node::Kind::compare, begin, field, *std::move(bound), *op);
    }
    if (take(':')) {
      skip_spaces();
      const std::size_t open = at_;
      if (take('{')) {
        std::optional<Node> inner = parse_enclosed(open, '}', nullptr);
        if (!inner) return std::nullopt;
        Node node = clause(Node::Kind::nested, begin, field, {});
        node.children.push_back(*std::move(inner));
        return node;
      }
      if (take('(')) return parse_enclosed(open, ')', field);
      return parse_value(field);
    }
    at_ = end;
    return clause(Node::Kind::value, begin, nullptr, *field);
  }

  std::optional<Node> parse_value(const FieldRef& field) {
    const std::size_t begin = at_;
    std::optional<QueryValue> value = parse_literal("a value");
    if (!value) return std::nullopt;
    const std::string text = value->quoted ? value->text() : std::string();
    if (text.size() > 1 && (text.starts_with('*') || text.ends_with('*'))) {
      reporter_.warning(lang::query_codes::kQuotedStar, position(begin),
                        "a star in quotes is a star: the value must have it",
                        "for a wildcard leave the quotes out; a backslash takes blanks and signs as they are");
    }
    return clause(Node::Kind::value, begin, field, *std::move(value));
  }

  Node clause(Node::Kind kind, std::size_t begin, FieldRef field, QueryValue value,
              ComparisonOp op = ComparisonOp::equal) const {
    Node node;
    node.kind = kind;
    node.at = position(begin);
    node.field = std::move(field);
    node.value = std::move(value);
    node.op = op;
    return node;
  }

  std::optional<ComparisonOp> take_comparison() {
    using enum ComparisonOp;
    if (take('<')) return take('=') ? less_equal : less;
    if (take('>')) return take('=') ? greater_equal : greater;
    return std::nullopt;
  }

  // Literals ---------------------------------------------------------------------------------------------------------

  std::optional<QueryValue> parse_literal(std::string_view what) {
    if (!at_end() && text_[at_] == '"') return parse_quoted();
    QueryValue value;
    value.at = position(at_);
    const std::size_t begin = at_;
    while (!at_end()) {
      if (text_[at_] == '*') {
        value.pieces.push_back({Piece::Kind::any_run, {}});
        ++at_;
      } else if (text_[at_] == '\\') {
        if (!take_escape(value)) break;
      } else if (is_special(text_[at_]) || keyword_break_at(at_)) {
        break;
      } else {
        value.add(text_[at_++]);
      }
    }
    if (at_ == begin) {
      unexpected(std::string(what) + " is expected here");
      return std::nullopt;
    }
    trim(value);
    if (!value.has_wildcard()) {
      const std::string text = value.text();
      if (text == "true" || text == "false") value.kind = QueryValue::Kind::boolean;
      if (text == "null") value.kind = QueryValue::Kind::null;
    }
    return value;
  }

  std::optional<QueryValue> parse_quoted() {
    QueryValue value;
    value.quoted = true;
    value.at = position(at_);
    value.add("");
    const std::size_t open = at_++;
    while (!at_end() && text_[at_] != '"') {
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
      if (text_[at_] == '\\' && (take_white_space(value) || take_unicode(value))) continue;
      if (text_[at_] == '\\' && (next == '\\' || next == '"')) ++at_;
      value.add(text_[at_++]);
    }
    if (at_end()) {
      fail(open, "the quote is never closed", "a backslash before a quote makes it part of the value");
      return std::nullopt;
    }
    ++at_;
    return value;
  }

  /// An escape of an unquoted literal; false if the backslash begins none. White space comes first: `\not` is a line
  /// break and "ot".
  bool take_escape(QueryValue& value) {
    if (take_white_space(value)) return true;
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (next != '\0' && is_special(next)) {
      value.add(next);
      at_ += 2;
      return true;
    }
    if (take_unicode(value)) return true;
    for (const std::string_view word : {"or", "and", "not"}) {
      if (!word_at(at_ + 1, word)) continue;
      value.add(text_.substr(at_ + 1, word.size()));
      at_ += 1 + word.size();
      return true;
    }
    return false;
  }

  bool take_white_space(QueryValue& value) {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (next != 't' && next != 'r' && next != 'n') return false;
    value.add(next == 't' ? '\t' : next == 'r' ? '\r' : '\n');
    at_ += 2;
    return true;
  }

  bool take_unicode(QueryValue& value) {
    std::string text;
    const std::size_t read = lang::read_unicode_escape(text_.substr(at_), text);
    if (read == 0) return false;
    at_ += read;
    value.add(text);
    return true;
  }

  // Errors -----------------------------------------------------------------------------------------------------------

  [[nodiscard]] LineColumn position(std::size_t at) const { return lines_.at(at); }

  std::nullopt_t fail(std::size_t at, std::string message, std::string hint) {
    reporter_.error(lang::query_codes::kSyntax, position(at), std::move(message), std::move(hint));
    return std::nullopt;
  }

  /// Says what is there instead of what was expected, and why it may be so.
  std::nullopt_t unexpected(const std::string& expected) {
    if (at_end()) return fail(at_, expected + ", but the query ends", "");
    std::string hint = "clauses are joined by and or or";
    const char c = text_[at_];
    if (word_at(at_, "not") && space_at(at_ + 3) > 0) {
      hint = "`not ` is the operator even inside a word: write \\not, or quote a value without wildcards";
    } else if (c == '\\') {
      hint = "a backslash stands before \\ ( ) : < > \" * { }, before t, r, n, uXXXX, and, or, not; write two for one";
    } else if (c == '(' && (word_before(at_, "not") || word_before(at_, "and") || word_before(at_, "or"))) {
      hint = "not, and and or need white space in front of '('";
    } else if (word_at(at_, "or") || word_at(at_, "and")) {
      hint = "and and or need white space on both sides";
    } else if (is_special(c)) {
      hint = std::string("write \\") + c + " for the character itself, or quote a value without wildcards";
    }
    return fail(at_, expected, hint);
  }

  std::string_view text_;
  LineIndex lines_;
  lang::Reporter& reporter_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<Node> parse(std::string_view text, lang::Reporter& reporter) {
  if (text.size() > kMaxText) {
    reporter.error(lang::query_codes::kTooComplex, {1, 1}, "the query is too long");
    return std::nullopt;
  }
  return Parser(text, reporter).parse();
}

}  // namespace trailhound::kuery
