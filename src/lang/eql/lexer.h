#pragma once
/// EQL's tokens.
///
///     Lexer lexer("iam where user.name : \"adm*\"");
///     Token iam = lexer.read(0);
///     Token where = lexer.read(iam.end);
///
/// White space, `// ...` and nested `/* ... */` are skipped before a token. A token of kind `error` covers the
/// characters that form no token and says why in `value`, with a way out in `hint`. Tokens view the text, which must
/// outlive them. Thread-safe.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/line_index.h"

namespace trailhound::eql {

enum class TokenKind : std::uint8_t {
  end,
  error,
  identifier,         ///< also every keyword: Token::is_keyword tells them apart
  quoted_identifier,  ///< `a b`
  tilde_identifier,   ///< endsWith~, in~, like~, regex~
  string,             ///< "..." or """..."""
  integer,
  decimal,
  equal,  ///< ==
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  assign,  ///< = (only in maxspan=, runs=)
  colon,
  plus,
  minus,
  star,
  slash,
  percent,
  dot,
  comma,
  left_bracket,
  right_bracket,
  left_parenthesis,
  right_parenthesis,
  pipe,
  question,
  missing_event,  ///< ![
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  ///< as written
  std::string value;      ///< decoded: of strings and quoted identifiers; the reason of errors
  std::string hint;       ///< of errors
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] bool is_word(std::string_view word) const { return kind == TokenKind::identifier && text == word; }
  /// A word that is no name unless it is quoted.
  [[nodiscard]] bool is_keyword() const;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text), lines_(text) {}

  [[nodiscard]] Token read(std::size_t offset) const;
  [[nodiscard]] LineColumn position(std::size_t offset) const { return lines_.at(offset); }

 private:
  [[nodiscard]] Token read_name(std::size_t begin) const;
  [[nodiscard]] Token read_quoted_name(std::size_t begin) const;
  [[nodiscard]] Token read_string(std::size_t begin) const;
  [[nodiscard]] Token read_raw_string(std::size_t begin) const;
  [[nodiscard]] Token read_number(std::size_t begin) const;
  [[nodiscard]] Token read_operator(std::size_t begin) const;

  [[nodiscard]] char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  [[nodiscard]] Token make(TokenKind kind, std::size_t begin, std::size_t end, std::string value = {}) const;
  [[nodiscard]] Token fail(std::size_t begin, std::size_t end, std::string why, std::string hint = {}) const;

  std::string_view text_;
  LineIndex lines_;
};

/// Name of a token kind for messages: "a name", "','".
[[nodiscard]] std::string_view describe(TokenKind kind);

}  // namespace trailhound::eql
