#include "plan/json_path.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/number_text.h"
#include "base/utf8.h"
#include "plan/code_points.h"

namespace trailhound::plan {

namespace {

constexpr std::size_t kMaxSteps = 100;
constexpr std::size_t kMaxPathDepth = 1000;

/// Goes forward over JSON text. After `failed` nothing that the functions return means anything.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { skip_blanks(); }

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char peek() const { return at_ < text_.size() && !failed_ ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || c == '\0') return false;
    ++at_;
    skip_blanks();
    return true;
  }
  void expect(char c) { failed_ |= !take(c); }

  std::string string() {
    std::string out;
    if (peek() != '"') failed_ = true;
    for (++at_; !failed_;) {
      const char c = peek();
      if (c == '"') {
        ++at_;
        skip_blanks();
        return out;
      }
      if (static_cast<unsigned char>(c) < 0x20) {
        failed_ = true;
      } else if (c == '\\') {
        ++at_;
        escape(out);
      } else {
        out += c;
        ++at_;
      }
    }
    return out;
  }

  /// Passes one value of any kind; gives its text, blanks at its end left out.
  std::string_view value() {
    const std::size_t from = at_;
    std::size_t end = 0;  // behind the value
    std::string open;     // brackets that are still open
    do {
      if (open.size() > kMaxPathDepth) failed_ = true;
      const char c = peek();
      if (c == '{' || c == '[') {
        ++at_;
        end = at_;
        skip_blanks();
        open += c == '{' ? '}' : ']';
        if (peek() != open.back()) {
          if (c == '{') name();
          continue;
        }
      } else {
        scalar();
        end = last_end_;
      }
      // Behind a value: the ends of what holds it, then perhaps the next one.
      while (!open.empty() && peek() == open.back()) {
        open.pop_back();
        ++at_;
        end = at_;
        skip_blanks();
      }
      if (open.empty()) break;
      expect(',');
      if (open.back() == '}') name();
    } while (!failed_);
    return failed_ ? std::string_view() : text_.substr(from, end - from);
  }

 private:
  void skip_blanks() {
    last_end_ = at_;
    while (at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_])) ++at_;
  }
  void name() {
    (void)string();
    expect(':');
  }
  void scalar() {
    if (peek() == '"') return (void)string();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(std::min(at_, text_.size())).starts_with(word)) {
        at_ += word.size();
        skip_blanks();
        return;
      }
    }
    number();
  }
  std::size_t digits() {
    const std::size_t from = at_;
    while (is_digit(peek())) ++at_;
    return at_ - from;
  }
  void number() {
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) failed_ = true;
    if (peek() == '.') {
      ++at_;
      failed_ |= digits() == 0;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      failed_ |= digits() == 0;
    }
    skip_blanks();
  }
  std::uint32_t four_digits() {
    const std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
    const auto code = number_in<std::uint32_t>(digits, 16);
    if (digits.size() < 4 || !code) failed_ = true;
    at_ += 4;
    return code.value_or(0);
  }
  void escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++at_;
    if (const std::size_t known = kLetters.find(c); known != std::string_view::npos) {
      out += kMeanings[known];
      return;
    }
    if (c != 'u') {
      failed_ = true;
      return;
    }
    std::uint32_t code = four_digits();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(std::min(at_, text_.size())).starts_with("\\u")) {
      at_ += 2;
      const std::uint32_t low = four_digits();
      failed_ |= low < 0xDC00 || low > 0xDFFF;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    const bool half = code >= 0xD800 && code <= 0xDFFF;
    if (!failed_) append_utf8(out, half ? 0xFFFD : code);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t last_end_ = 0;
  bool failed_ = false;
};

/// Into the member or element; false if there is none. The scanner then stands at its value.
bool enter(Scanner& json, const std::string& name) {
  if (!json.take('{') || json.take('}')) return false;
  do {
    const bool found = json.string() == name;
    json.expect(':');
    if (json.failed() || found) return found && !json.failed();
    (void)json.value();
  } while (json.take(','));
  json.expect('}');
  return false;
}
bool enter(Scanner& json, std::uint32_t index) {
  if (!json.take('[') || json.take(']')) return false;
  for (std::uint32_t i = 0; i < index; ++i) {
    (void)json.value();
    if (json.take(',')) continue;
    json.expect(']');
    return false;
  }
  return true;
}

std::unexpected<Error> wrong_path(std::string_view text, const char* what) {
  return fail("Invalid JSON path [" + std::string(text) + "]: " + what);
}

/// `'name'` or `12` between brackets, blanks taken off.
std::optional<std::variant<std::string, std::uint32_t>> bracketed(std::string_view text, std::size_t& at) {
  const auto skip_blanks = [&] {
    while (at < text.size() && std::string_view(" \t\r\n").contains(text[at])) ++at;
  };
  skip_blanks();
  if (at >= text.size()) return std::nullopt;
  std::variant<std::string, std::uint32_t> step;
  if (text[at] == '\'' || text[at] == '"') {
    const char quote = text[at++];
    std::string name;
    while (at < text.size() && text[at] != quote) {
      if (text[at] == '\\' && (++at >= text.size() || !std::string_view("'\"\\").contains(text[at]))) {
        return std::nullopt;
      }
      name += text[at++];
    }
    if (at >= text.size()) return std::nullopt;
    ++at;
    step = std::move(name);
  } else {
    std::uint32_t index = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), index);
    if (error != std::errc() || index > 0x7FFFFFFF) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
    step = index;
  }
  skip_blanks();
  if (at >= text.size() || text[at] != ']') return std::nullopt;
  ++at;
  return step;
}

}  // namespace

Result<JsonPath> JsonPath::parse(std::string_view text) {
  JsonPath path;
  path.text_ = text;
  std::size_t at = 0;
  if (text.starts_with('$')) {
    at = 1;
    if (at < text.size() && text[at] != '.' && text[at] != '[')
      return wrong_path(text, "[.] or [[] is expected behind $");
    if (text == "$.") return path;
    if (text.substr(at).starts_with('.')) ++at;
  }
  for (bool first = true; at < text.size(); first = false) {
    if (path.steps_.size() >= kMaxSteps) return wrong_path(text, "it has more than 100 steps");
    if (text[at] == '[') {
      auto step = bracketed(text, ++at);
      if (!step) return wrong_path(text, "brackets hold an index or a quoted name");
      path.steps_.push_back(*std::move(step));
      continue;
    }
    if (text[at] == '.' && !first) {
      ++at;
    } else if (!first) {
      return wrong_path(text, "[.] or [[] is expected between names");
    }
    const std::size_t end = std::min(text.find_first_of(".[]", at), text.size());
    if (end == at) return wrong_path(text, "a name is empty");
    path.steps_.emplace_back(std::string(text.substr(at, end - at)));
    at = end;
  }
  return path;
}

Result<std::optional<std::string>> JsonPath::extract(std::string_view text) const {
  Scanner json(text);
  for (const Step& step : steps_) {
    const bool at_array = json.peek() == '[';
    if (json.peek() != '{' && !at_array) {
      // A scalar has nothing inside; something that is no JSON is told apart.
      (void)(json.peek() == '"' ? (json.string(), 0) : (json.value(), 0));
      return fail(json.failed() ? "invalid JSON input" : "path [" + text_ + "] does not exist");
    }
    const bool there = std::visit([&](const auto& to) { return enter(json, to); }, step);
    if (json.failed()) return fail("invalid JSON input");
    const bool index = std::holds_alternative<std::uint32_t>(step);
    if (!there && index && at_array) return fail("array index out of bounds");
    if (!there) return fail("path [" + text_ + "] does not exist");
  }
  const char first = json.peek();
  std::optional<std::string> found;
  if (first == '"') {
    found = json.string();
  } else {
    const std::string_view value = json.value();
    if (value != "null") found = value;
  }
  if (json.failed()) return fail("invalid JSON input");
  return found;
}

}  // namespace trailhound::plan
