#include "signal/template.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "base/ascii.h"
#include "base/number_text.h"
#include "base/percent_encoding.h"
#include "base/time_zone.h"
#include "base/utf8.h"
#include "signal/template_arithmetic.h"

namespace trailhound::signal {

namespace {

constexpr std::size_t kMaxJoined = 10;
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// Words of a tag; quotes keep blanks.
std::vector<std::string_view> words_of(std::string_view tag) {
  std::vector<std::string_view> words;
  for (tag = trimmed(tag); !tag.empty(); tag = trimmed(tag)) {
    std::size_t end = 0;
    if (tag[0] == '"' || tag[0] == '\'') {
      const std::size_t close = tag.find(tag[0], 1);
      end = close == std::string_view::npos ? tag.size() : close;
      words.push_back(tag.substr(1, end - 1));
      tag.remove_prefix(std::min(end + 1, tag.size()));
    } else {
      while (end < tag.size() && tag[end] != ' ' && tag[end] != '\t' && tag[end] != '\n' && tag[end] != '\r') ++end;
      words.push_back(tag.substr(0, end));
      tag.remove_prefix(end);
    }
  }
  return words;
}

/// "+09:00".
std::string offset_text(std::int64_t seconds) {
  const std::int64_t minutes = std::abs(seconds) / 60;
  const auto two = [](std::int64_t n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return (seconds < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60);
}

class Renderer {
 public:
  explicit Renderer(const TemplateVariables& variables) : variables_(variables) {}

  std::string render(std::string_view text) {
    while (!text.empty() && !full_) {
      const std::size_t open = text.find("{{");
      emit(text.substr(0, open));
      if (open == std::string_view::npos) break;
      text.remove_prefix(open);
      text.remove_prefix(take_tag(text));
    }
    return std::move(out_);
  }

 private:
  struct Block {
    std::string_view name;
    bool holds = false;
    bool shown_outside = true;
  };

  /// `text` begins with "{{"; gives the number of bytes that the tag takes.
  std::size_t take_tag(std::string_view text) {
    constexpr std::string_view kRaw = "{{{{raw}}}}";
    constexpr std::string_view kEndRaw = "{{{{/raw}}}}";
    if (text.starts_with(kRaw)) {
      const std::size_t end = text.find(kEndRaw, kRaw.size());
      const std::size_t inner_end = end == std::string_view::npos ? text.size() : end;
      emit(text.substr(kRaw.size(), inner_end - kRaw.size()));
      return end == std::string_view::npos ? text.size() : end + kEndRaw.size();
    }
    const std::string_view open = text.starts_with("{{{") ? "{{{" : "{{";
    const std::string_view close = open.size() == 3 ? "}}}" : "}}";
    const std::size_t end = text.find(close, open.size());
    if (end == std::string_view::npos) {
      emit(text);
      return text.size();
    }
    evaluate_tag(trimmed(text.substr(open.size(), end - open.size())));
    return end + close.size();
  }

  void evaluate_tag(std::string_view tag) {
    if (tag.empty()) return;
    if (tag[0] == '#' || tag[0] == '^') {
      open_block(tag.substr(1), tag[0] == '^');
    } else if (tag[0] == '/') {
      if (!blocks_.empty() && blocks_.back().name == trimmed(tag.substr(1))) {
        shown_ = blocks_.back().shown_outside;
        blocks_.pop_back();
      }
    } else if (tag == "else") {
      if (blocks_.empty()) return;
      blocks_.back().holds = !blocks_.back().holds;
      shown_ = blocks_.back().shown_outside && blocks_.back().holds;
    } else if (shown_ && tag[0] != '!') {
      emit(text_of(tag));
    }
  }

  void open_block(std::string_view tag, bool negated) {
    const auto words = words_of(tag);
    if (words.empty()) return;
    const bool holds = condition_of(words) != negated;
    blocks_.push_back({.name = words[0], .holds = holds, .shown_outside = shown_});
    shown_ = shown_ && holds;
  }

  [[nodiscard]] bool condition_of(const std::vector<std::string_view>& words) const {
    static const std::vector<std::string> kNone;
    if (words.size() < 2) return false;
    const auto* found = variables_.find(words[1]);
    const std::vector<std::string>& values = found == nullptr ? kNone : *found;
    if (words[0] == "if" || words[0] == "is_attribute") return !values.empty();
    const bool exact = words[0] == "is_exact_match";
    if (!exact && words[0] != "is_match") return false;
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (exact && words[i].empty() && values.empty()) return true;
      for (const std::string& value : values) {
        if (exact ? value == words[i] : value.find(words[i]) != std::string::npos) return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::string text_of(std::string_view tag) const {
    const auto words = words_of(tag);
    if (words.size() >= 2) {
      if (words[0] == "eval") {
        return evaluate_arithmetic(words[1], [this](std::string_view name) { return number_of(name); }).value_or("");
      }
      if (words[0] == "local_time") return local_time(words[1], words.size() > 2 ? words[2] : "UTC");
      if (words[0] == "urlencode") {
        const auto* values = variables_.find(words[1]);
        return values == nullptr ? std::string() : percent_encoded(join_values(*values));
      }
    }
    const auto* values = variables_.find(tag);
    return values == nullptr ? std::string() : join_values(*values);
  }

  [[nodiscard]] std::optional<double> number_of(std::string_view name) const {
    const auto* values = variables_.find(name);
    if (values == nullptr || values->size() != 1) return std::nullopt;
    return number_in<double>((*values)[0]);
  }

  /// Of a known time, an RFC 3339 text, or milliseconds since the epoch. In UTC where the zone is not known.
  [[nodiscard]] std::string local_time(std::string_view name, std::string_view zone_name) const {
    std::optional<Instant> time;
    if (const auto at = variables_.times.find(name); at != variables_.times.end()) {
      time = at->second;
    } else if (const auto* values = variables_.find(name); values != nullptr && values->size() == 1) {
      time = parse_rfc3339((*values)[0]);
      constexpr double kLatest = 253402300800000.0;  // the year 10000
      if (const auto millis = number_in<double>((*values)[0]); !time && millis && *millis >= 0 && *millis < kLatest) {
        time = Instant{static_cast<std::int64_t>(*millis) * 1000};
      }
    }
    if (!time) return {};
    const Result<TimeZone> zone = TimeZone::named(zone_name);
    const Instant local = zone ? zone->to_local(*time) : *time;
    std::string text = format_rfc3339(floor_to(local, Duration::seconds(1)));
    if (text.size() < 19) return text;
    text[10] = ' ';
    return text.substr(0, 19) + offset_text(zone ? zone->offset_at(*time) : 0);
  }

  void emit(std::string_view text) {
    if (!shown_ || full_) return;
    if (out_.size() + text.size() > kMaxRendered) {
      text = utf8_prefix(text, kMaxRendered - out_.size());
      full_ = true;
    }
    out_ += text;
    if (full_) out_ += kEllipsis;
  }

  const TemplateVariables& variables_;
  std::vector<Block> blocks_;
  std::string out_;
  bool shown_ = true;
  bool full_ = false;
};

}  // namespace

const std::vector<std::string>* TemplateVariables::find(std::string_view name) const {
  const auto look_up = [this](std::string_view key) -> const std::vector<std::string>* {
    const auto at = texts.find(key);
    return at == texts.end() ? nullptr : &at->second;
  };
  name = trimmed(name);
  if (const auto* found = look_up(name)) return found;
  constexpr std::string_view kTrigger = "@triggering_event.";
  if (name.starts_with(kTrigger)) {
    return look_up("@" + std::string(name.substr(kTrigger.size())));
  }
  constexpr std::string_view kName = ".name";
  if (!name.ends_with(kName)) return nullptr;
  name.remove_suffix(kName.size());
  if (name.size() >= 2 && name.front() == '[' && name.back() == ']') name = name.substr(1, name.size() - 2);
  return look_up(name);
}

std::string join_values(const std::vector<std::string>& values) {
  std::string joined;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) joined += ", ";
    if (i == kMaxJoined) return joined + std::string(kEllipsis);
    joined += values[i];
  }
  return joined;
}

std::string render(std::string_view text, const TemplateVariables& variables) {
  return Renderer(variables).render(text);
}

}  // namespace trailhound::signal
