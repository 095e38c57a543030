#pragma once
/// ES|QL's tokens.
///
/// The language has three lexical modes and only the grammar knows which one applies, so the lexer keeps no state: it
/// reads the token that begins at or after an offset, in the mode asked for.
///
///     Lexer lexer(text);
///     Token from = lexer.read(0, Mode::expression);             // FROM
///     Token index = lexer.read(from.end, Mode::source);         // logs-aws.cloudtrail-*
///
/// White space, `// ...` and nested `/* ... */` are skipped before a token. A token of kind `error` covers the
/// characters that form no token and says why in `value`; reading on behind it is always possible.
/// Tokens view the text, which must outlive them. Thread-safe.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/diagnostics.h"
#include "base/line_index.h"

namespace trailhound::esql {

enum class TokenKind : std::uint8_t {
  end,
  error,
  identifier,         ///< also every keyword: what is one depends on the place
  quoted_identifier,  ///< `a b`
  string,             ///< "..." or """..."""
  integer,
  decimal,
  parameter,             ///< ? ?1 ?name
  identifier_parameter,  ///< ?? ??1 ??name
  source,                ///< index pattern (source mode)
  name_pattern,          ///< one segment of a pattern with live * (pattern mode)
  assign,                ///< =
  equal,                 ///< ==
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  insensitive_equal,  ///< =~, which no rule of the grammar takes
  plus,
  minus,
  star,
  slash,
  percent,
  cast,  ///< ::
  colon,
  comma,
  dot,
  left_parenthesis,
  right_parenthesis,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  pipe,
  arrow,  ///< ->
  semicolon,
};

enum class Mode : std::uint8_t {
  expression,
  source,   ///< after FROM, TS, LOOKUP JOIN, ENRICH: index names with hyphens, stars and dots are one token
  pattern,  ///< after KEEP, DROP, RENAME: segments may hold *
};

/// One stretch of a name pattern: text, or a star that stands for any run of characters.
struct PatternPiece {
  bool star = false;
  std::string text;
  bool operator==(const PatternPiece&) const = default;
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;             ///< as written
  std::string value;                 ///< decoded: of strings, quoted identifiers; the reason of errors
  std::vector<PatternPiece> pieces;  ///< of name patterns
  std::size_t begin = 0;
  std::size_t end = 0;

  /// Whether an (unquoted) word equals `word`, which must be lower-case; letter case of the token does not matter.
  [[nodiscard]] bool is_word(std::string_view word) const;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text), lines_(text) {}

  [[nodiscard]] Token read(std::size_t offset, Mode mode) const;
  [[nodiscard]] LineColumn position(std::size_t offset) const { return lines_.at(offset); }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  [[nodiscard]] Token read_expression(std::size_t begin) const;
  [[nodiscard]] Token read_source(std::size_t begin) const;
  [[nodiscard]] Token read_pattern(std::size_t begin) const;
  [[nodiscard]] Token read_string(std::size_t begin) const;
  [[nodiscard]] Token read_triple_string(std::size_t begin) const;
  [[nodiscard]] Token read_quoted_identifier(std::size_t begin) const;
  [[nodiscard]] Token read_number(std::size_t begin) const;
  [[nodiscard]] Token read_parameter(std::size_t begin) const;
  [[nodiscard]] Token read_operator(std::size_t begin) const;

  [[nodiscard]] char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  [[nodiscard]] Token make(TokenKind kind, std::size_t begin, std::size_t end, std::string value = {}) const;

  std::string_view text_;
  LineIndex lines_;
};

/// Name of a token kind for messages: "a name", "','".
[[nodiscard]] std::string_view describe(TokenKind kind);
/// Words that need backquotes to be a column name inside expressions.
[[nodiscard]] bool is_reserved(std::string_view word);

}  // namespace trailhound::esql
