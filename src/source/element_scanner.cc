#include "source/element_scanner.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <utility>

#include "base/ascii.h"

namespace trailhound::source {
namespace {

constexpr std::size_t kMaxDepth = 1024;
constexpr std::string_view kVersionKey = "eventVersion";
/// Ranges that are given away together.
constexpr std::size_t kElementsAtATime = 4096;

/// Bytes on which the scan of a string has to stop: quote, backslash, control characters.
constexpr std::array<bool, 256> kStringStops = [] {
  std::array<bool, 256> stops{};
  for (std::size_t c = 0; c < 0x20; ++c) stops[c] = true;
  stops['"'] = stops['\\'] = true;
  return stops;
}();

constexpr bool is_scalar_byte(char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '+' || c == '.'; }

/// `at` is behind the opening quote; afterwards behind the closing one, or at what stopped it.
ElementEnd::Kind scan_string(std::string_view text, std::size_t& at) {
  for (; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (!kStringStops[c]) continue;
    if (c == '"') {
      ++at;
      return ElementEnd::Kind::complete;
    }
    if (c != '\\') return ElementEnd::Kind::broken;
    ++at;
  }
  at = text.size();
  return ElementEnd::Kind::open;
}

/// What the grammar allows next.
enum class Expect { value, value_or_close, key, key_or_close, colon, comma_or_close };

class ElementScan {
 public:
  ElementScan(std::string_view text, std::size_t begin) : text_(text), at_(begin) {}

  ElementEnd run() {
    while (!done_) {
      at_ = skip_space(text_, at_);
      if (at_ >= text_.size()) return {ElementEnd::Kind::open, text_.size()};
      step(text_[at_]);
      // A scalar at the very end may go on in the next text, so only a closed value is complete there.
      if (depth_ == 0 && expect_ == Expect::comma_or_close) return end_of_value();
    }
    return {kind_, at_};
  }

 private:
  void stop(ElementEnd::Kind kind) {
    kind_ = kind;
    done_ = true;
  }

  ElementEnd end_of_value() {
    if (done_) return {kind_, at_};
    if (at_ == text_.size() && is_scalar_byte(text_[at_ - 1])) return {ElementEnd::Kind::open, at_};
    return {ElementEnd::Kind::complete, at_};
  }

  void step(char c) {
    switch (c) {
      case '{':
      case '[':
        return open(c == '{');
      case '}':
      case ']':
        return close(c == '}');
      case ',':
        if (expect_ != Expect::comma_or_close) return stop(ElementEnd::Kind::broken);
        expect_ = objects_[depth_ - 1] ? Expect::key : Expect::value;
        ++at_;
        return;
      case ':':
        if (expect_ != Expect::colon) return stop(ElementEnd::Kind::broken);
        expect_ = Expect::value;
        ++at_;
        return;
      case '"':
        return string();
      default:
        return scalar(c);
    }
  }

  [[nodiscard]] bool value_allowed() const { return expect_ == Expect::value || expect_ == Expect::value_or_close; }

  void open(bool object) {
    if (!value_allowed() || depth_ == kMaxDepth) return stop(ElementEnd::Kind::broken);
    objects_[depth_++] = object;
    expect_ = object ? Expect::key_or_close : Expect::value_or_close;
    ++at_;
  }

  void close(bool object) {
    const bool allowed =
        expect_ == Expect::comma_or_close || expect_ == (object ? Expect::key_or_close : Expect::value_or_close);
    if (!allowed || depth_ == 0 || objects_[depth_ - 1] != object) return stop(ElementEnd::Kind::broken);
    --depth_;
    expect_ = Expect::comma_or_close;
    ++at_;
  }

  void string() {
    const bool key = expect_ == Expect::key || expect_ == Expect::key_or_close;
    if (!key && !value_allowed()) return stop(ElementEnd::Kind::broken);
    ++at_;
    const ElementEnd::Kind kind = scan_string(text_, at_);
    if (kind != ElementEnd::Kind::complete) return stop(kind);
    expect_ = key ? Expect::colon : Expect::comma_or_close;
  }

  void scalar(char c) {
    if (!value_allowed() || !is_scalar_byte(c)) return stop(ElementEnd::Kind::broken);
    while (at_ < text_.size() && is_scalar_byte(text_[at_])) ++at_;
    expect_ = Expect::comma_or_close;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t depth_ = 0;
  Expect expect_ = Expect::value;
  bool done_ = false;
  ElementEnd::Kind kind_ = ElementEnd::Kind::open;
  std::bitset<kMaxDepth> objects_;
};

/// True if what precedes the brace at `at` could end one element and begin the next: a comma, a closing brace or a
/// line break.
bool behind_separator(std::string_view text, std::size_t at, std::size_t from) {
  bool line_break = false;
  while (at > from) {
    const char c = text[--at];
    if (c == '\n') line_break = true;
    if (!is_blank(c)) return line_break || c == ',' || c == '}' || c == '[';
  }
  return true;
}

/// True if a whole object that mentions eventVersion begins at `begin`; spends `budget`.
bool is_whole_record(std::string_view text, std::size_t begin, std::size_t& budget) {
  text = text.substr(begin, budget);
  const ElementEnd end = scan_element(text, 0);
  budget -= end.at;
  return end.kind == ElementEnd::Kind::complete && text.substr(0, end.at).find(kVersionKey) != std::string_view::npos;
}

bool is_separator(char c) { return is_blank(c) || c == ','; }

/// Splits with a bound on the bytes that are scanned more than once.
class Splitter {
 public:
  Splitter(std::string_view text, std::size_t begin, std::size_t end, SplitRules rules, std::size_t& rescans_left)
      : text_(text.substr(0, end)), at_(begin), rules_(rules), rescans_left_(rescans_left) {}

  Elements run() {
    while (next_element()) {
    }
    return std::move(found_);
  }

 private:
  bool next_element() {
    while (at_ < text_.size() && is_separator(text_[at_])) ++at_;
    found_.rest = at_;
    if (at_ >= text_.size()) return false;
    if (text_[at_] == ']' && rules_.stop_at_close) {
      found_.closed = true;
      return false;
    }
    if ((at_ >= rules_.enough && has_complete_) || found_.ranges.size() == rules_.most) return false;
    if (first_key_.empty()) first_key_ = first_key_of(text_, at_);
    const ElementEnd end = scan_element(text_, at_);
    if (end.kind == ElementEnd::Kind::complete) {
      found_.ranges.push_back({at_, end.at - at_, true});
      has_complete_ = true;
      at_ = end.at;
      return true;
    }
    if (end.kind == ElementEnd::Kind::open) {
      if (rules_.more_may_follow) return false;
      // A last scalar ends with the text.
      if (end.at == text_.size() && is_scalar_byte(text_[at_])) {
        found_.ranges.push_back({at_, text_.size() - at_, true});
        at_ = text_.size();
        return true;
      }
    }
    return skip_broken(end.at);
  }

  /// Books the element at at_ as broken and goes to the next start.
  bool skip_broken(std::size_t error) {
    const std::size_t cost = error - at_;
    std::size_t from = at_ + 1;
    if (cost > rescans_left_) {
      from = std::max(from, error);
    } else {
      rescans_left_ -= cost;
    }
    std::size_t next = find_record_start(text_, from, first_key_, rescans_left_);
    if (next == std::string_view::npos) {
      if (rules_.more_may_follow) return false;
      next = text_.size();
    }
    std::size_t last = next;
    while (last > at_ + 1 && is_separator(text_[last - 1])) --last;
    found_.ranges.push_back({at_, last - at_, false});
    at_ = next;
    found_.rest = at_;
    return at_ < text_.size();
  }

  std::string_view text_;
  std::size_t at_;
  SplitRules rules_;
  std::size_t& rescans_left_;
  bool has_complete_ = false;
  std::string first_key_;
  Elements found_;
};

}  // namespace

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

ElementEnd scan_element(std::string_view text, std::size_t begin) { return ElementScan(text, begin).run(); }

std::string_view first_key_of(std::string_view text, std::size_t begin) {
  if (begin >= text.size() || text[begin] != '{') return {};
  const std::size_t quote = skip_space(text, begin + 1);
  if (quote >= text.size() || text[quote] != '"') return {};
  const std::size_t close = text.find('"', quote + 1);
  if (close == std::string_view::npos) return {};
  return text.substr(quote + 1, close - quote - 1);
}

std::size_t find_record_start(std::string_view text, std::size_t from, std::string_view first_key,
                              std::size_t& budget) {
  for (std::size_t at = text.find('{', from); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::string_view key = first_key_of(text, at);
    if (key == kVersionKey) return at;
    if (key.empty() || !behind_separator(text, at, from)) continue;
    if (key == first_key || is_whole_record(text, at, budget)) return at;
  }
  return std::string_view::npos;
}

Elements split_elements(std::string_view text, std::size_t begin, std::size_t end, SplitRules rules,
                        std::size_t& rescans_left) {
  return Splitter(text, begin, end, rules, rescans_left).run();
}

void split_records(std::string_view array_text, const std::function<void(std::span<const RecordRange>)>& take) {
  std::size_t begin = skip_space(array_text, 0);
  if (begin < array_text.size() && array_text[begin] == '[') ++begin;
  std::size_t end = array_text.size();
  while (end > begin && is_blank(array_text[end - 1])) --end;
  if (end > begin && array_text[end - 1] == ']') --end;
  std::size_t rescans_left = rescans_of(end - begin);
  while (begin < end) {
    const Elements found = split_elements(array_text, begin, end, {.most = kElementsAtATime}, rescans_left);
    if (!found.ranges.empty()) take(found.ranges);
    begin = found.rest;
  }
}

void split_envelope(std::string_view text, RecordRange envelope,
                    const std::function<void(std::span<const RecordRange>)>& take) {
  if (first_key_of(text, envelope.begin) == kVersionKey) return;
  text = text.substr(0, envelope.begin + envelope.size);
  std::size_t rescans_left = rescans_of(envelope.size);
  std::vector<RecordRange> ranges;
  const auto next = [&](std::size_t from) {
    return find_record_start(text, from, ranges.empty() ? "" : first_key_of(text, ranges.back().begin), rescans_left);
  };
  for (std::size_t at = next(envelope.begin + 1); at != std::string_view::npos; at = next(at)) {
    const ElementEnd end = scan_element(text, at);
    ranges.push_back({at, std::max(end.at, at + 1) - at, end.kind == ElementEnd::Kind::complete});
    at = ranges.back().begin + ranges.back().size;
    if (ranges.size() == kElementsAtATime) take(std::exchange(ranges, {}));
  }
  if (!ranges.empty()) take(ranges);
}

}  // namespace trailhound::source
