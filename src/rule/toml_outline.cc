#include "rule/toml_outline.h"

#include <algorithm>

namespace trailhound::rule {
namespace {

constexpr std::size_t kQuotes = 3;  // around a text of several lines
constexpr std::size_t kNone = std::string_view::npos;

/// Offset of the quotes that end a text which begins at `from`; kNone if they are missing.
std::size_t find_end(std::string_view text, std::size_t from, std::string_view quotes) {
  if (quotes.front() == '\'') return text.find(quotes, from);
  for (std::size_t at = from; at < text.size();) {
    const std::size_t end = text.find(quotes, at);
    const std::size_t escape = text.substr(0, end).find('\\', at);
    if (escape == kNone) return end;
    at = escape + 2;
  }
  return kNone;
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= ' ' || c == '\n' || c == '\t') && byte != 0x7F;
}

bool stands_for_itself(std::string_view content, char quote) {
  if (quote == '"' && content.find('\\') != kNone) return false;
  return std::ranges::all_of(content, is_plain);
}

class Outliner {
 public:
  explicit Outliner(std::string_view text) : text_(text) { outline_.text.reserve(text.size() / 2); }

  TomlOutline run() {
    while (at_ < text_.size()) {
      const std::size_t mark = text_.find_first_of("\"'#", at_);
      if (mark == kNone) break;
      const char c = text_[mark];
      const bool is_long = c != '#' && text_.substr(mark, kQuotes) == std::string(kQuotes, c);
      const std::size_t next = is_long ? pass_long(mark) : c == '#' ? text_.find('\n', mark) : pass_short(mark);
      if (next == kNone) break;  // the end of the file, or something that the reader will complain about
      at_ = next;
    }
    outline_.text += text_.substr(copied_);
    return std::move(outline_);
  }

 private:
  /// A text within a line: what follows it.
  [[nodiscard]] std::size_t pass_short(std::size_t begin) const {
    const char quote = text_[begin];
    for (std::size_t at = begin + 1; at < text_.size() && text_[at] != '\n'; ++at) {
      if (text_[at] == quote) return at + 1;
      if (quote == '"' && text_[at] == '\\') ++at;
    }
    return kNone;
  }

  std::size_t pass_long(std::size_t begin) {
    const std::string_view quotes = text_.substr(begin, kQuotes);
    const std::size_t from = begin + kQuotes;
    const std::size_t end = find_end(text_, from, quotes);
    if (end == kNone) return kNone;
    std::size_t behind = end + kQuotes;
    // Up to two more quotes belong to the text.
    while (behind < end + 2 * kQuotes - 1 && behind < text_.size() && text_[behind] == quotes.front()) ++behind;
    if (behind == end + kQuotes) leave_out(begin, text_.substr(from, end - from));
    return behind;
  }

  void leave_out(std::size_t begin, std::string_view content) {
    const std::size_t last_line = content.rfind('\n');
    if (last_line == kNone || !stands_for_itself(content, text_[begin])) return;
    const std::size_t from = begin + kQuotes;
    outline_.text += text_.substr(copied_, from - copied_);
    outline_.text.append(static_cast<std::size_t>(std::ranges::count(content, '\n')), '\n');
    copied_ = from + last_line + 1;  // what follows in its last line stays where it is
    if (content.starts_with('\n')) content.remove_prefix(1);
    outline_.left_out.emplace(begin, content);
  }

  std::string_view text_;
  TomlOutline outline_;
  std::size_t at_ = 0;
  std::size_t copied_ = 0;  // so far, or left out
};

}  // namespace

TomlOutline outline_of(std::string_view text) { return Outliner(text).run(); }

}  // namespace trailhound::rule
