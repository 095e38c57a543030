#include "lang/lexer_kit.h"

#include <algorithm>

#include "base/ascii.h"

namespace trailhound::lang {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

char at(std::string_view text, std::size_t offset) { return offset < text.size() ? text[offset] : '\0'; }

/// Behind the comment that begins at `offset`; kNowhere if it is not closed.
std::size_t end_of_nested_comment(std::string_view text, std::size_t offset) {
  std::size_t depth = 0;
  while (offset + 1 < text.size()) {
    const std::string_view two = text.substr(offset, 2);
    if (two == "/*") {
      ++depth;
      offset += 2;
    } else if (two == "*/") {
      offset += 2;
      if (--depth == 0) return offset;
    } else {
      ++offset;
    }
  }
  return kNowhere;
}

std::size_t end_of_comment(std::string_view text, std::size_t offset) {
  if (const std::size_t end = end_of_nested_comment(text, offset); end != kNowhere) return end;
  const std::size_t close = text.find("*/", offset + 2);
  return close == kNowhere ? kNowhere : close + 2;
}

std::size_t end_of_digits(std::string_view text, std::size_t offset) {
  while (is_digit(at(text, offset))) ++offset;
  return offset;
}

}  // namespace

std::size_t line_end_from(std::string_view text, std::size_t offset) {
  return std::min(text.find_first_of("\r\n", offset), text.size());
}

Skipped skip_blank(std::string_view text, std::size_t offset) {
  while (offset < text.size()) {
    if (is_blank(text[offset])) {
      ++offset;
    } else if (text.substr(offset, 2) == "//") {
      offset = line_end_from(text, offset);
    } else if (text.substr(offset, 2) == "/*") {
      const std::size_t end = end_of_comment(text, offset);
      if (end == kNowhere) return {offset, true};
      offset = end;
    } else {
      break;
    }
  }
  return {offset, false};
}

NumberText number_at(std::string_view text, std::size_t begin) {
  NumberText number{end_of_digits(text, begin), false};
  if (at(text, number.end) == '.') number = {end_of_digits(text, number.end + 1), true};
  if (lower_ascii(at(text, number.end)) != 'e') return number;
  const char sign = at(text, number.end + 1);
  const std::size_t digits = number.end + (sign == '+' || sign == '-' ? 2 : 1);
  if (is_digit(at(text, digits))) number = {end_of_digits(text, digits), true};
  return number;
}

QuotedText quoted_name_at(std::string_view text, std::size_t begin) {
  QuotedText name;
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] != '`') {
      name.value += text[i];
    } else if (at(text, i + 1) == '`') {
      name.value += '`';
      ++i;
    } else {
      name.end = i + 1;
      break;
    }
  }
  return name;
}

QuotedText raw_string_at(std::string_view text, std::size_t begin) {
  constexpr std::size_t kQuotes = 3;
  std::size_t close = text.substr(0, line_end_from(text, begin)).find("\"\"\"", begin + kQuotes);
  if (close == kNowhere) return {};
  for (int extra = 0; extra < 2 && at(text, close + kQuotes) == '"'; ++extra) ++close;
  return {close + kQuotes, std::string(text.substr(begin + kQuotes, close - begin - kQuotes))};
}

}  // namespace trailhound::lang
