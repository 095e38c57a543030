#include "plan/regex_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/decimal_interval.h"
#include "plan/fold.h"

namespace trailhound::plan {

namespace {

using Id = RegexNodes::Id;

constexpr std::size_t kMaxRegex = 16 * 1024;
constexpr int kMaxRegexDepth = 100;

CodePoint folded(CodePoint code) {
  std::string text;
  append_code_point(text, code);
  text = fold_unicode(text);
  std::size_t at = 0;
  return next_code_point(text, at);
}

// Characters whose folding is another one, by that one.
/// The characters beyond ASCII that fold to letters of it.
constexpr std::array<std::pair<CodePoint, CodePoint>, 3> kFoldsToAscii = {{{'i', 0x130}, {'k', 0x212A}, {'s', 0x17F}}};

std::map<CodePoint, std::vector<CodePoint>> make_unfolding() {
  constexpr CodePoint kLastCased = 0x1E943;
  std::map<CodePoint, std::vector<CodePoint>> unfolding;
  for (CodePoint code = 0x80; code <= kLastCased; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    const CodePoint lower = folded(code);
    if (lower != code) unfolding[lower].push_back(code);
  }
  return unfolding;
}

CodePointSet whitespace() {
  CodePointSet set(' ', ' ');
  set.add('\t', '\n');
  set.add('\r', '\r');
  return set;
}

CodePointSet word_characters() {
  CodePointSet set('a', 'z');
  set.add('A', 'Z');
  set.add('0', '9');
  set.add('_', '_');
  return set;
}

bool is_ascii_letter(CodePoint code) { return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'); }

/// Reads one expression. After an error `error_` is set and what the functions return means nothing.
class RegexParser {
 public:
  RegexParser(std::string_view text, Pattern::Fold fold, RegexNodes& nodes) : text_(text), fold_(fold), nodes_(nodes) {}

  Result<Id> parse() {
    if (text_.size() > kMaxRegex) return fail("longer than 16 kB");
    if (text_.empty()) return nodes_.empty();
    const Id id = parse_union();
    if (!error_ && more()) report("the end is expected at position " + std::to_string(at_));
    if (error_) return std::unexpected(*error_);
    return id;
  }

 private:
  [[nodiscard]] bool more() const { return !error_ && at_ < text_.size(); }
  [[nodiscard]] bool peek(std::string_view any) const { return more() && any.contains(text_[at_]); }
  bool take(char c) {
    if (!more() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  CodePoint next() {
    if (more()) return next_code_point(text_, at_);
    report("it ends where a character is expected");
    return 0;
  }
  Id report(std::string what) {
    if (!error_) error_ = Error{std::move(what), {}, {}};
    return nodes_.nothing();
  }
  void expect(char c) {
    if (!take(c)) report(std::string("'") + c + "' is expected at position " + std::to_string(at_));
  }

  Id parse_union() {
    if (++depth_ > kMaxRegexDepth) return report("nested deeper than " + std::to_string(kMaxRegexDepth));
    std::vector<Id> alternatives{parse_intersection()};
    while (take('|')) alternatives.push_back(parse_intersection());
    --depth_;
    return nodes_.either(alternatives);
  }

  Id parse_intersection() {
    std::vector<Id> operands{parse_sequence()};
    while (take('&')) operands.push_back(parse_sequence());
    return nodes_.both(operands);
  }

  Id parse_sequence() {
    std::vector<Id> parts{parse_repetition()};
    while (more() && !peek(")|&")) parts.push_back(parse_repetition());
    Id sequence = nodes_.empty();
    for (std::size_t i = parts.size(); i-- > 0;) sequence = nodes_.concatenation(parts[i], sequence);
    return sequence;
  }

  Id parse_repetition() {
    Id id = parse_complement();
    while (peek("?*+{")) {
      if (take('?')) {
        id = nodes_.repeat(id, 0, 1);
      } else if (take('*')) {
        id = nodes_.repeat(id, 0, RegexNodes::kUnbounded);
      } else if (take('+')) {
        id = nodes_.repeat(id, 1, RegexNodes::kUnbounded);
      } else {
        id = parse_counts(id);
      }
    }
    return id;
  }

  Id parse_counts(Id id) {
    expect('{');
    const auto least = parse_number();
    if (!least) return report("a number is expected at position " + std::to_string(at_));
    auto most = least;
    if (take(',')) {
      most = parse_number();
      if (!most) most = RegexNodes::kUnbounded;
    }
    expect('}');
    if (*least > *most) return report("the range of a repetition is out of order");
    return error_ ? id : nodes_.repeat(id, *least, *most);
  }

  std::optional<std::uint32_t> parse_number() {
    std::uint32_t number = 0;
    const char* begin = text_.data() + at_;
    const auto [end, failure] = std::from_chars(begin, text_.data() + text_.size(), number);
    if (end == begin) return std::nullopt;
    if (failure != std::errc() || number > 0x7FFFFFFF) report("too large a number");
    at_ += static_cast<std::size_t>(end - begin);
    return number;
  }

  Id parse_complement() {
    bool negated = false;
    while (take('~')) negated = !negated;
    const Id id = take('[') ? parse_class() : parse_simple();
    return negated ? nodes_.complement(id) : id;
  }

  Id parse_class() {
    const bool negated = take('^');
    CodePointSet set;
    do {
      parse_class_item(set);
    } while (more() && !peek("]"));
    expect(']');
    return nodes_.characters(negated ? set.complement() : set);
  }

  void parse_class_item(CodePointSet& set) {
    if (const auto predefined = take_predefined()) return set.add(*predefined);
    // A backslash that is escaped begins no range: "\\-" are two characters.
    const bool escaped_backslash = text_.substr(std::min(at_, text_.size())).starts_with("\\\\");
    const CodePoint first = take_character();
    if (escaped_backslash || !take('-')) {
      set.add(case_variants(first, fold_));
      return;
    }
    (void)take('\\');
    const CodePoint last = next();
    if (first > last) {
      report("a range of characters is out of order");
      return;
    }
    set.add(first, last);
  }

  /// `\d` and the like.
  std::optional<CodePointSet> take_predefined() {
    if (!more() || text_[at_] != '\\' || at_ + 1 >= text_.size()) return std::nullopt;
    std::optional<CodePointSet> set;
    switch (text_[at_ + 1]) {
      case 'd':
      case 'D':
        set = CodePointSet('0', '9');
        break;
      case 's':
      case 'S':
        set = whitespace();
        break;
      case 'w':
      case 'W':
        set = word_characters();
        break;
      default:
        return std::nullopt;
    }
    if (text_[at_ + 1] < 'a') set = set->complement();
    at_ += 2;
    return set;
  }

  /// A character, escaped or not.
  CodePoint take_character() {
    const bool escaped = take('\\');
    const CodePoint code = next();
    if (escaped && is_ascii_letter(code)) {
      report(std::string("a backslash has no meaning before '") + static_cast<char>(code) + "'");
    }
    return code;
  }

  Id parse_simple() {
    if (take('.')) return nodes_.characters(CodePointSet::all());
    if (take('#')) return nodes_.nothing();
    if (take('@')) return nodes_.everything();
    if (take('"')) return parse_quoted();
    if (take('<')) return parse_interval();
    if (take('(')) {
      if (take(')')) return nodes_.empty();
      const Id id = parse_union();
      expect(')');
      return id;
    }
    if (const auto predefined = take_predefined()) return nodes_.characters(*predefined);
    return literal(take_character());
  }

  Id literal(CodePoint code) { return nodes_.characters(case_variants(code, fold_)); }

  Id parse_quoted() {
    const std::size_t end = text_.find('"', at_);
    if (end == std::string_view::npos) return report("'\"' is expected at the end");
    std::vector<Id> parts;
    while (at_ < end) parts.push_back(literal(next()));
    ++at_;
    Id sequence = nodes_.empty();
    for (std::size_t i = parts.size(); i-- > 0;) sequence = nodes_.concatenation(parts[i], sequence);
    return sequence;
  }

  Id parse_interval() {
    const std::size_t end = text_.find('>', at_);
    if (end == std::string_view::npos) return report("'>' is expected at the end");
    const std::string_view inside = text_.substr(at_, end - at_);
    const std::size_t dash = inside.find('-');
    at_ = end + 1;
    if (dash == std::string_view::npos) return report("an interval is <least-most>");
    const auto interval = decimal_interval(inside.substr(0, dash), inside.substr(dash + 1), nodes_);
    return interval ? *interval : report("an interval is <least-most> with two numbers");
  }

  std::string_view text_;
  Pattern::Fold fold_;
  RegexNodes& nodes_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<Error> error_;
};

}  // namespace

CodePointSet case_variants(CodePoint code, Pattern::Fold fold) {
  CodePointSet set(code, code);
  if (fold == Pattern::Fold::none || code > kLastUnicode) return set;
  if (is_ascii_letter(code)) set.add(code ^ 0x20, code ^ 0x20);
  if (fold == Pattern::Fold::ascii) return set;
  // Of ASCII the variants are known: the table below, of all cased characters, is made only where others are asked for.
  if (code < 0x80) {
    for (const auto& [letter, other] : kFoldsToAscii) {
      if ((code | 0x20) == letter && is_ascii_letter(code)) set.add(other, other);
    }
    return set;
  }
  static const auto kUnfolding = make_unfolding();
  const CodePoint lower = folded(code);
  set.add(lower, lower);
  if (const auto found = kUnfolding.find(lower); found != kUnfolding.end()) {
    for (const CodePoint other : found->second) set.add(other, other);
  }
  return set;
}

Result<RegexNodes::Id> parse_regex(std::string_view text, Pattern::Fold fold, RegexNodes& nodes) {
  return RegexParser(text, fold, nodes).parse();
}

}  // namespace trailhound::plan
