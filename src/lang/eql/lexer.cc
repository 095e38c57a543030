#include "lang/eql/lexer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/ascii.h"
#include "base/number_text.h"
#include "base/utf8.h"
#include "lang/lexer_kit.h"

namespace trailhound::eql {
namespace {

bool is_name_part(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

constexpr std::array<std::string_view, 19> kKeywords = {"and",      "any",  "by",    "false", "in",  "join",  "like",
                                                        "maxspan",  "not",  "null",  "of",    "or",  "regex", "sample",
                                                        "sequence", "true", "until", "where", "with"};

/// Reads `{1F600}` at the beginning of `text`: the bytes read, 0 if it is no code point.
std::size_t read_code_point(std::string_view text, std::string& out) {
  constexpr std::size_t kFewest = 2;
  constexpr std::size_t kMost = 8;
  if (!text.starts_with('{')) return 0;
  const std::size_t close = text.substr(0, kMost + 2).find('}');
  if (close == std::string_view::npos || close - 1 < kFewest) return 0;
  const auto code = number_in<std::uint32_t>(text.substr(1, close - 1), 16);
  if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) return 0;
  append_utf8(out, *code);
  return close + 1;
}

/// The character that `\c` stands for; NUL if there is none.
char unescaped(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'f':
      return '\f';
    case 'r':
      return '\r';
    case '"':
    case '\'':
    case '\\':
      return c;
    default:
      return '\0';
  }
}

}  // namespace

bool Token::is_keyword() const {
  return kind == TokenKind::identifier && std::ranges::find(kKeywords, text) != kKeywords.end();
}

Token Lexer::make(TokenKind kind, std::size_t begin, std::size_t end, std::string value) const {
  end = std::min(end, text_.size());
  return {kind, text_.substr(begin, end - begin), std::move(value), {}, begin, end};
}

Token Lexer::fail(std::size_t begin, std::size_t end, std::string why, std::string hint) const {
  Token token = make(TokenKind::error, begin, end, std::move(why));
  token.hint = std::move(hint);
  return token;
}

Token Lexer::read(std::size_t offset) const {
  const auto [begin, unclosed] = lang::skip_blank(text_, std::min(offset, text_.size()));
  if (unclosed) return fail(begin, text_.size(), "the comment that begins here is not closed", "close it with */");
  if (begin >= text_.size()) return make(TokenKind::end, begin, begin);
  const char c = text_[begin];
  if (is_letter(c) || c == '_' || c == '@') return read_name(begin);
  if (is_digit(c) || (c == '.' && is_digit(at(begin + 1)))) return read_number(begin);
  if (c == '"') return read_string(begin);
  if (c == '`') return read_quoted_name(begin);
  return read_operator(begin);
}

Token Lexer::read_name(std::size_t begin) const {
  std::size_t end = begin + 1;
  while (is_name_part(at(end))) ++end;
  if (at(end) == '~' && is_letter(text_[begin])) return make(TokenKind::tilde_identifier, begin, end + 1);
  return make(TokenKind::identifier, begin, end);
}

Token Lexer::read_quoted_name(std::size_t begin) const {
  lang::QuotedText name = lang::quoted_name_at(text_, begin);
  if (name.end != std::string_view::npos) {
    return make(TokenKind::quoted_identifier, begin, name.end, std::move(name.value));
  }
  return fail(begin, text_.size(), "the quoted name that begins here is not closed", "close it with `");
}

Token Lexer::read_raw_string(std::size_t begin) const {
  lang::QuotedText raw = lang::raw_string_at(text_, begin);
  if (raw.end != std::string_view::npos) return make(TokenKind::string, begin, raw.end, std::move(raw.value));
  return fail(begin, lang::line_end_from(text_, begin), "the raw string that begins here is not closed on its line",
              "close it with \"\"\"");
}

Token Lexer::read_string(std::size_t begin) const {
  if (at(begin + 1) == '"' && at(begin + 2) == '"') return read_raw_string(begin);
  std::string value;
  for (std::size_t i = begin + 1; i < text_.size() && !lang::is_line_end(text_[i]); ++i) {
    if (text_[i] == '"') return make(TokenKind::string, begin, i + 1, std::move(value));
    if (text_[i] != '\\') {
      value += text_[i];
      continue;
    }
    ++i;
    if (at(i) == 'u') {
      const std::size_t size = read_code_point(text_.substr(i + 1), value);
      if (size == 0) {
        return fail(i - 1, i + 1, "\\u here is no code point", "write \\u{ and 2 to 8 hexadecimal digits and }");
      }
      i += size;
    } else if (const char c = unescaped(at(i)); c != '\0') {
      value += c;
    } else {
      return fail(i - 1, i + (i < text_.size() ? utf8_step(text_, i) : 0), "there is no such escape in a string",
                  "write \\\\ for a backslash, or quote with \"\"\", where it is literal");
    }
  }
  return fail(begin, lang::line_end_from(text_, begin), "the string that begins here is not closed on its line",
              "close it with \"");
}

Token Lexer::read_number(std::size_t begin) const {
  const lang::NumberText number = lang::number_at(text_, begin);
  return make(number.is_decimal ? TokenKind::decimal : TokenKind::integer, begin, number.end);
}

Token Lexer::read_operator(std::size_t begin) const {
  using enum TokenKind;
  const char c = text_[begin];
  const char next = at(begin + 1);
  const auto one = [&](TokenKind kind) { return make(kind, begin, begin + 1); };
  const auto two = [&](TokenKind kind) { return make(kind, begin, begin + 2); };
  switch (c) {
    case '=':
      return next == '=' ? two(equal) : one(assign);
    case '!':
      if (next == '=') return two(not_equal);
      if (next == '[') return two(missing_event);
      return fail(begin, begin + 1, "'!' stands before = or [ only", "negation is written not");
    case '<':
      return next == '=' ? two(less_equal) : one(less);
    case '>':
      return next == '=' ? two(greater_equal) : one(greater);
    case '?':
      if (next == '"' || next == '\'') {
        return fail(begin, begin + 2, "raw strings of the form ?\"...\" are no longer EQL",
                    "quote with \"\"\", where backslashes are literal");
      }
      return one(question);
    case '\'':
      return fail(begin, begin + 1, "strings in single quotes are no longer EQL", "quote with \"");
    default:
      break;
  }
  constexpr std::string_view kSingles = ":+-*/%.,[]()|";
  constexpr std::array kKinds = {colon,
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
                                 pipe};
  static_assert(kSingles.size() == kKinds.size());
  const std::size_t single = kSingles.find(c);
  if (single != std::string_view::npos) return one(kKinds[single]);
  return fail(begin, begin + utf8_step(text_, begin), "this character means nothing in EQL");
}

std::string_view describe(TokenKind kind) {
  constexpr std::array<std::string_view, 30> kNames = {"the end of the query",
                                                       "an error",
                                                       "a name",
                                                       "a quoted name",
                                                       "a name with ~",
                                                       "a string",
                                                       "an integer",
                                                       "a decimal number",
                                                       "'=='",
                                                       "'!='",
                                                       "'<'",
                                                       "'<='",
                                                       "'>'",
                                                       "'>='",
                                                       "'='",
                                                       "':'",
                                                       "'+'",
                                                       "'-'",
                                                       "'*'",
                                                       "'/'",
                                                       "'%'",
                                                       "'.'",
                                                       "','",
                                                       "'['",
                                                       "']'",
                                                       "'('",
                                                       "')'",
                                                       "'|'",
                                                       "'?'",
                                                       "'!['"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace trailhound::eql
