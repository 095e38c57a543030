#include "lang/esql/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "lang/lexer_kit.h"

namespace trailhound::esql {
namespace {

bool is_name_part(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

constexpr std::array<std::string_view, 20> kReserved = {"and", "asc",   "by",   "desc",  "false", "first", "in",
                                                        "is",  "last",  "like", "not",   "null",  "nulls", "on",
                                                        "or",  "rlike", "true", "where", "with",  ""};

}  // namespace

bool is_reserved(std::string_view word) {
  return !word.empty() && std::ranges::find(kReserved, lower_ascii(word)) != kReserved.end();
}

bool Token::is_word(std::string_view word) const {
  if (kind != TokenKind::identifier && kind != TokenKind::name_pattern && kind != TokenKind::source) return false;
  return text.size() == word.size() &&
         std::ranges::equal(text, word, [](char a, char b) { return lower_ascii(a) == b; });
}

Token Lexer::make(TokenKind kind, std::size_t begin, std::size_t end, std::string value) const {
  end = std::min(end, text_.size());
  Token token;
  token.kind = kind;
  token.text = text_.substr(begin, end - begin);
  token.value = std::move(value);
  token.begin = begin;
  token.end = end;
  return token;
}

Token Lexer::read(std::size_t offset, Mode mode) const {
  const auto [begin, unclosed] = lang::skip_blank(text_, std::min(offset, text_.size()));
  if (unclosed) return make(TokenKind::error, begin, text_.size(), "the comment that begins here is not closed");
  if (begin >= text_.size()) return make(TokenKind::end, begin, begin);
  switch (mode) {
    case Mode::expression:
      return read_expression(begin);
    case Mode::source:
      return read_source(begin);
    case Mode::pattern:
      return read_pattern(begin);
  }
  return make(TokenKind::end, begin, begin);
}

Token Lexer::read_expression(std::size_t begin) const {
  const char c = text_[begin];
  const bool opens_name = is_letter(c) || ((c == '_' || c == '@') && is_name_part(at(begin + 1)));
  if (opens_name) {
    std::size_t end = begin + 1;
    while (is_name_part(at(end))) ++end;
    return make(TokenKind::identifier, begin, end);
  }
  if (is_digit(c) || (c == '.' && is_digit(at(begin + 1)))) return read_number(begin);
  if (c == '"') return read_string(begin);
  if (c == '`') return read_quoted_identifier(begin);
  if (c == '?') return read_parameter(begin);
  return read_operator(begin);
}

Token Lexer::read_string(std::size_t begin) const {
  if (at(begin + 1) == '"' && at(begin + 2) == '"') return read_triple_string(begin);
  std::string value;
  std::size_t bad = std::string_view::npos;  // an escape that does not exist; the string still ends at its quote
  std::size_t i = begin + 1;
  for (; i < text_.size() && text_[i] != '"' && !lang::is_line_end(text_[i]); ++i) {
    if (text_[i] != '\\') {
      value += text_[i];
      continue;
    }
    ++i;
    switch (at(i)) {
      case 't':
        value += '\t';
        break;
      case 'n':
        value += '\n';
        break;
      case 'r':
        value += '\r';
        break;
      case '"':
        value += '"';
        break;
      case '\\':
        value += '\\';
        break;
      default:
        if (bad == std::string_view::npos) bad = i - 1;
        if (lang::is_line_end(at(i))) --i;
    }
  }
  if (at(i) != '"' || i >= text_.size())
    return make(TokenKind::error, begin, i, "the string is not closed on its line");
  if (bad != std::string_view::npos) {
    // At the beginning of the string, where a token cannot be recognised.
    return make(TokenKind::error, begin, i + 1,
                "unknown escape " + std::string(text_.substr(bad, utf8_step(text_, bad + 1) + 1)) +
                    " in a string: write \\\\ for a backslash, or use \"\"\"...\"\"\"");
  }
  return make(TokenKind::string, begin, i + 1, std::move(value));
}

Token Lexer::read_triple_string(std::size_t begin) const {
  lang::QuotedText raw = lang::raw_string_at(text_, begin);
  if (raw.end != std::string_view::npos) return make(TokenKind::string, begin, raw.end, std::move(raw.value));
  return make(TokenKind::error, begin, lang::line_end_from(text_, begin),
              "the triple-quoted string is not closed on its line");
}

Token Lexer::read_quoted_identifier(std::size_t begin) const {
  lang::QuotedText name = lang::quoted_name_at(text_, begin);
  if (name.end == std::string_view::npos) {
    return make(TokenKind::error, begin, lang::line_end_from(text_, begin), "the quoted name is not closed");
  }
  if (name.value.empty()) return make(TokenKind::error, begin, name.end, "a quoted name must not be empty");
  return make(TokenKind::quoted_identifier, begin, name.end, std::move(name.value));
}

Token Lexer::read_number(std::size_t begin) const {
  const lang::NumberText number = lang::number_at(text_, begin);
  return make(number.is_decimal ? TokenKind::decimal : TokenKind::integer, begin, number.end);
}

Token Lexer::read_parameter(std::size_t begin) const {
  const bool names = at(begin + 1) == '?';
  std::size_t end = begin + (names ? 2 : 1);
  while (is_name_part(at(end))) ++end;
  return make(names ? TokenKind::identifier_parameter : TokenKind::parameter, begin, end);
}

Token Lexer::read_operator(std::size_t begin) const {
  static constexpr std::array<std::pair<std::string_view, TokenKind>, 8> kPairs = {{
      {"==", TokenKind::equal},
      {"!=", TokenKind::not_equal},
      {"<=", TokenKind::less_equal},
      {">=", TokenKind::greater_equal},
      {"=~", TokenKind::insensitive_equal},
      {"::", TokenKind::cast},
      {"->", TokenKind::arrow},
      {"", TokenKind::error},
  }};
  for (const auto& [text, kind] : kPairs) {
    if (!text.empty() && text_.substr(begin, 2) == text) return make(kind, begin, begin + 2);
  }
  static constexpr std::string_view kSingles = "=<>+-*/%:,.()[]{}|;";
  static constexpr std::array<TokenKind, 19> kKinds = {TokenKind::assign,
                                                       TokenKind::less,
                                                       TokenKind::greater,
                                                       TokenKind::plus,
                                                       TokenKind::minus,
                                                       TokenKind::star,
                                                       TokenKind::slash,
                                                       TokenKind::percent,
                                                       TokenKind::colon,
                                                       TokenKind::comma,
                                                       TokenKind::dot,
                                                       TokenKind::left_parenthesis,
                                                       TokenKind::right_parenthesis,
                                                       TokenKind::left_bracket,
                                                       TokenKind::right_bracket,
                                                       TokenKind::left_brace,
                                                       TokenKind::right_brace,
                                                       TokenKind::pipe,
                                                       TokenKind::semicolon};
  const std::size_t index = kSingles.find(text_[begin]);
  if (index != std::string_view::npos) return make(kKinds[index], begin, begin + 1);
  std::string reason = "unexpected character";
  if (text_[begin] == '\'') reason = "strings are written in double quotes";
  if (text_[begin] == '!') reason = "write NOT for negation and != for inequality";
  if (text_[begin] == '&') reason = "write AND";
  return make(TokenKind::error, begin, begin + utf8_step(text_, begin), std::move(reason));
}

Token Lexer::read_source(std::size_t begin) const {
  const char c = text_[begin];
  if (c == '"') return read_string(begin);
  if (c == '?') return read_parameter(begin);
  static constexpr std::string_view kEnds = ":\"=|,[]() \t\r\n";
  std::size_t end = begin;
  bool date_math = false;  // <logs-{now/d}>: within braces a slash is part of the name
  while (end < text_.size()) {
    const char next = text_[end];
    if (kEnds.find(next) != std::string_view::npos) break;
    if (next == '{') date_math = true;
    if (next == '}') date_math = false;
    if (next == '/' && !date_math && (at(end + 1) == '/' || at(end + 1) == '*')) break;
    ++end;
  }
  if (end > begin) return make(TokenKind::source, begin, end);
  return read_operator(begin);
}

Token Lexer::read_pattern(std::size_t begin) const {
  Token token = make(TokenKind::name_pattern, begin, begin);
  std::size_t end = begin;
  const auto add_text = [&](std::string_view text) {
    if (token.pieces.empty() || token.pieces.back().star) token.pieces.push_back({false, {}});
    token.pieces.back().text += text;
  };
  while (end < text_.size()) {
    const char c = text_[end];
    if (c == '`') {
      Token quoted = read_quoted_identifier(end);
      if (quoted.kind == TokenKind::error) return quoted;
      add_text(quoted.value);
      end = quoted.end;
    } else if (c == '*') {
      if (token.pieces.empty() || !token.pieces.back().star) token.pieces.push_back({true, {}});
      ++end;
    } else if (is_name_part(c) || (c == '@' && end == begin)) {
      // A segment does not begin with a digit: such names are quoted.
      if (is_digit(c) && end == begin) break;
      add_text(text_.substr(end, 1));
      ++end;
    } else {
      break;
    }
  }
  if (end == begin) return read_expression(begin);
  token.end = end;
  token.text = text_.substr(begin, end - begin);
  if (token.text == "_" || token.text == "@") {
    return make(TokenKind::error, begin, end, "a lone " + std::string(token.text) + " is not a name");
  }
  return token;
}

std::string_view describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return "the end of the query";
    case TokenKind::error:
      return "an unreadable character";
    case TokenKind::identifier:
    case TokenKind::quoted_identifier:
      return "a name";
    case TokenKind::string:
      return "a string";
    case TokenKind::integer:
      return "an integer";
    case TokenKind::decimal:
      return "a number";
    case TokenKind::parameter:
    case TokenKind::identifier_parameter:
      return "a parameter";
    case TokenKind::source:
      return "an index pattern";
    case TokenKind::name_pattern:
      return "a column name or pattern";
    case TokenKind::assign:
      return "'='";
    case TokenKind::equal:
      return "'=='";
    case TokenKind::not_equal:
      return "'!='";
    case TokenKind::less:
      return "'<'";
    case TokenKind::less_equal:
      return "'<='";
    case TokenKind::greater:
      return "'>'";
    case TokenKind::greater_equal:
      return "'>='";
    case TokenKind::insensitive_equal:
      return "'=~'";
    case TokenKind::plus:
      return "'+'";
    case TokenKind::minus:
      return "'-'";
    case TokenKind::star:
      return "'*'";
    case TokenKind::slash:
      return "'/'";
    case TokenKind::percent:
      return "'%'";
    case TokenKind::cast:
      return "'::'";
    case TokenKind::colon:
      return "':'";
    case TokenKind::comma:
      return "','";
    case TokenKind::dot:
      return "'.'";
    case TokenKind::left_parenthesis:
      return "'('";
    case TokenKind::right_parenthesis:
      return "')'";
    case TokenKind::left_bracket:
      return "'['";
    case TokenKind::right_bracket:
      return "']'";
    case TokenKind::left_brace:
      return "'{'";
    case TokenKind::right_brace:
      return "'}'";
    case TokenKind::pipe:
      return "'|'";
    case TokenKind::arrow:
      return "'->'";
    case TokenKind::semicolon:
      return "';'";
  }
  return "?";
}

}  // namespace trailhound::esql
