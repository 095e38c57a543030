#include "run/rule_cases.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/json_value.h"
#include "base/number_text.h"
#include "run/record_shorthand.h"

namespace trailhound::run {
namespace {

constexpr std::uint64_t kMaxRepetitions = 100'000;

struct Word {
  std::string text;
  int column = 1;
};

/// Words are separated by blanks. Double quotes keep blanks together and are dropped, `\"` is a quote; what stands
/// between single quotes is kept as it is. False if a quote is not closed.
bool split_words(std::string_view line, std::vector<Word>& words) {
  std::size_t at = 0;
  while (at < line.size()) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
      continue;
    }
    Word word{{}, static_cast<int>(at) + 1};
    char quote = 0;
    for (; at < line.size() && (quote != 0 || (line[at] != ' ' && line[at] != '\t')); ++at) {
      const char c = line[at];
      if (quote != '\'' && c == '\\' && at + 1 < line.size() && line[at + 1] == '"') {
        word.text += line[++at];
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else {
        word.text += c;
      }
    }
    if (quote != 0) return false;
    words.push_back(std::move(word));
  }
  return true;
}

/// "+90", "-3d", "+1h30m": signed sum of counts with units s, m, h, d; seconds without one.
std::optional<Duration> read_span(std::string_view text) {
  constexpr std::int64_t kLongestSpan = 100LL * 366 * 86'400;  // a century
  if (text.empty()) return std::nullopt;
  std::int64_t sign = 1;
  if (text.front() == '+' || text.front() == '-') {
    sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  std::int64_t seconds = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || n > 100'000'000) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::int64_t unit = 1;
    if (!text.empty()) {
      switch (text.front()) {
        case 's':
          unit = 1;
          break;
        case 'm':
          unit = 60;
          break;
        case 'h':
          unit = 3600;
          break;
        case 'd':
          unit = 86'400;
          break;
        default:
          return std::nullopt;
      }
      text.remove_prefix(1);
    }
    seconds += n * unit;
    if (seconds > kLongestSpan) return std::nullopt;
  }
  return Duration::seconds(sign * seconds);
}

std::optional<std::pair<std::string, std::string>> read_assignment(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string::npos) return std::nullopt;
  return std::pair(word.substr(0, equals), word.substr(equals + 1));
}

/// `#` becomes the number, `\#` becomes `#`.
std::string with_number(std::string_view text, std::uint64_t number) {
  std::string numbered;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '#') {
      numbered += std::to_string(number);
    } else {
      if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '#') ++at;
      numbered += text[at];
    }
  }
  return numbered;
}

/// What a line says of a path replaces what the defaults say of anything below it.
void erase_below(Shorthand& values, const std::string& key) {
  const std::string below = key + ".";
  const auto begin = values.lower_bound(below);
  auto end = begin;
  while (end != values.end() && end->first.starts_with(below)) ++end;
  values.erase(begin, end);
}

class Parser {
 public:
  Parser(const std::string& path, Diagnostics& diagnostics) : diagnostics_(diagnostics) { file_.path = path; }

  RuleCaseFile take() && { return std::move(file_); }

  void line(std::string_view text, int number) {
    number_ = number;
    const std::size_t end = text.find_last_not_of(" \t\r");
    if (end == std::string_view::npos) return;
    text = text.substr(0, end + 1);
    const std::string_view trimmed = text.substr(text.find_first_not_of(" \t"));
    if (trimmed.starts_with('#')) return;
    // Names and queries are free text: apostrophes and quotes in them are theirs.
    const std::string_view first = trimmed.substr(0, trimmed.find_first_of(" \t\r"));
    if (first == "case") return begin_case(trimmed.substr(first.size()));
    if (first == "exclude") return read_exclusion(trimmed.substr(first.size()));
    std::vector<Word> words;
    if (!split_words(trimmed, words)) return error("a quote is not closed");
    const std::string& verb = words.front().text;
    if (verb == "rule") return read_rule(words);
    if (verb == "start") return read_start(words);
    if (verb == "default") return read_default(words);
    if (verb == "expect") return read_expectation(words);
    if (verb.starts_with('+') || verb.starts_with('-')) return read_event(words);
    error("\"" + verb + "\" starts no line that is known",
          "lines start with rule, start, default, case, exclude, expect or a time such as +90");
  }

  void finish() {
    if (file_.cases.empty()) error("no case in this file", "add: case NAME");
    for (const RuleCase& c : file_.cases) {
      if (!c.expects_none && c.expected.empty()) {
        number_ = c.line;
        error("case \"" + c.name + "\" expects nothing", "add \"expect none\" or \"expect SEVERITY ...\"");
      }
      if (c.expects_none && !c.expected.empty()) {
        number_ = c.line;
        error("case \"" + c.name + "\" expects both none and signals");
      }
    }
  }

 private:
  void error(std::string message, std::string hint = {}) {
    diagnostics_.error("TH1301", {file_.path, file_.rule_id, {}, {number_, 1}}, std::move(message), std::move(hint));
  }

  void read_rule(const std::vector<Word>& words) {
    if (words.size() != 2) return error("rule takes one id");
    file_.rule_id = words[1].text;
  }

  void read_start(const std::vector<Word>& words) {
    const auto start = words.size() == 2 ? parse_rfc3339(words[1].text) : std::nullopt;
    if (!start) return error("start takes a time such as 2026-03-02T09:00:00Z");
    start_ = *start;
  }

  void read_default(const std::vector<Word>& words) {
    Shorthand& defaults = file_.cases.empty() ? file_defaults_ : case_defaults_;
    read_values(words, 1, defaults);
  }

  /// The words from `next` on as `key=value` or `key:=JSON`; false after an error.
  bool read_values(const std::vector<Word>& words, std::size_t next, Shorthand& values) {
    for (; next < words.size(); ++next) {
      auto assignment = read_assignment(words[next].text);
      if (!assignment) {
        error("\"" + words[next].text + "\" is no key=value");
        return false;
      }
      auto& [key, text] = *assignment;
      const bool is_json = key.ends_with(':');
      if (is_json) key.pop_back();
      if (is_json && is_shorthand_key(key)) {
        error("\"" + key + "\" takes a text", key + "=...");
        return false;
      }
      if (is_json && !json_.parse(text)) {
        error("\"" + text + "\" is no JSON value", "put it into single quotes if it holds blanks or quotes");
        return false;
      }
      erase_below(values, key);
      values[key] = {std::move(text), is_json};
    }
    return true;
  }

  static std::string_view trim(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t");
    return start == std::string_view::npos ? std::string_view() : text.substr(start);
  }

  void begin_case(std::string_view name) {
    RuleCase next;
    next.name = trim(name);
    if (next.name.empty()) error("a case needs a name", "case NAME");
    next.line = number_;
    file_.cases.push_back(std::move(next));
    case_defaults_ = file_defaults_;
    event_number_ = 0;
  }

  RuleCase* current() {
    if (!file_.cases.empty()) return &file_.cases.back();
    error("this line belongs into a case", "start one with: case NAME");
    return nullptr;
  }

  void read_exclusion(std::string_view query) {
    query = trim(query);
    if (query.empty()) return error("exclude takes a query", "exclude @userIdentity.arn:*scanner*");
    if (RuleCase* c = current()) c->exclusions.emplace_back(query);
  }

  void read_expectation(const std::vector<Word>& words) {
    RuleCase* c = current();
    if (c == nullptr) return;
    if (words.size() == 2 && words[1].text == "none") {
      c->expects_none = true;
      return;
    }
    const auto severity = words.size() > 1 ? plan::severity_named(words[1].text) : std::nullopt;
    if (!severity) return error("expect takes none or a severity (info, low, medium, high, critical)");
    ExpectedSignal expected;
    expected.line = number_;
    expected.severity = *severity;
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (!read_expected_value(words[i].text, expected)) {
        return error("\"" + words[i].text + "\" is nothing that can be expected",
                     "first=+0 last=+3m events=4 group=text");
      }
    }
    c->expected.push_back(std::move(expected));
  }

  bool read_expected_value(const std::string& word, ExpectedSignal& expected) const {
    const auto assignment = read_assignment(word);
    if (!assignment) return false;
    const auto& [key, value] = *assignment;
    if (key == "group") {
      expected.group = value;
      return true;
    }
    if (key == "events") {
      expected.events = number_in<std::uint64_t>(value);
      return expected.events.has_value();
    }
    const auto span = read_span(value);
    if (!span || (key != "first" && key != "last")) return false;
    (key == "first" ? expected.first_seen : expected.last_seen) = start_ + *span;
    return true;
  }

  void read_event(const std::vector<Word>& words) {
    RuleCase* c = current();
    if (c == nullptr) return;
    const auto at = read_span(words[0].text);
    if (!at) return error("\"" + words[0].text + "\" is no time", "for example +90, +1h30m or -3d");
    if (words.size() < 2) return error("an event needs a name", "TIME NAME [xCOUNT [every SPAN]] [key=value ...]");
    std::uint64_t count = 1;
    Duration every;
    std::size_t next = 2;
    if (next < words.size() && words[next].text.starts_with('x') &&
        number_in<std::uint64_t>(words[next].text.substr(1))) {
      count = *number_in<std::uint64_t>(words[next++].text.substr(1));
      if (next + 1 < words.size() && words[next].text == "every") {
        const auto span = read_span(words[next + 1].text);
        if (!span) return error("\"" + words[next + 1].text + "\" is no span");
        every = *span;
        next += 2;
      }
    }
    if (count > kMaxRepetitions) return error("too many repetitions", "at most 100000");
    constexpr std::int64_t kLongest = 1'000LL * 366 * 86'400 * 1'000'000;  // a millennium
    if (count > 1 && every.micros > kLongest / static_cast<std::int64_t>(count)) return error("they last too long");
    Shorthand values = case_defaults_;
    if (!read_values(words, next, values)) return;
    for (std::uint64_t i = 1; i <= count; ++i) {
      const Instant time = start_ + *at + Duration{every.micros * static_cast<std::int64_t>(i - 1)};
      append_event(*c, words[1].text, time, values, i);
    }
  }

  void append_event(RuleCase& c, const std::string& name, Instant time, const Shorthand& values,
                    std::uint64_t repetition) {
    Shorthand numbered;
    for (const auto& [key, value] : values) numbered[key] = {with_number(value.text, repetition), value.is_json};
    append_record(c.records, with_number(name, repetition), time, numbered, ++event_number_);
    c.records += '\n';
  }

  Diagnostics& diagnostics_;
  json::Document json_;  ///< to check JSON values
  RuleCaseFile file_;
  Instant start_ = Instant::from_seconds(1'772'442'000);  // 2026-03-02T09:00:00Z, a Monday
  Shorthand file_defaults_;
  Shorthand case_defaults_;
  std::uint64_t event_number_ = 0;
  int number_ = 0;
};

}  // namespace

std::optional<RuleCaseFile> parse_rule_cases(std::string_view text, const std::string& path, Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.errors();
  Parser parser(path, diagnostics);
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parser.line(text.substr(0, end), ++number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  parser.finish();
  if (diagnostics.errors() > errors_before) return std::nullopt;
  return std::move(parser).take();
}

}  // namespace trailhound::run
