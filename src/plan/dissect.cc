#include "plan/dissect.h"

#include <algorithm>

#include "base/number_text.h"

namespace trailhound::plan {

namespace {

constexpr std::size_t kMaxKeys = 200;
constexpr std::size_t kMaxPattern = 16 * 1024;
constexpr std::string_view kPadding = "->";

}  // namespace

Result<DissectPattern> DissectPattern::parse(std::string_view text, std::string append_separator) {
  if (text.size() > kMaxPattern) return fail("longer than 16 kB");
  DissectPattern pattern;
  pattern.append_separator_ = std::move(append_separator);
  std::size_t at = text.find("%{");
  if (at == std::string_view::npos) return fail("there is no key %{...} in it");
  pattern.lead_ = text.substr(0, at);
  while (at < text.size()) {
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) return fail("a key has no closing bracket");
    const std::size_t next = std::min(text.find("%{", end), text.size());
    TRY_VOID(pattern.add_key(text.substr(at + 2, end - at - 2), text.substr(end + 1, next - end - 1)));
    if (pattern.keys_.size() > kMaxKeys) return fail("it has more than " + std::to_string(kMaxKeys) + " keys");
    at = next;
  }
  if (pattern.names_.empty()) return fail("all its keys are skipped");
  // One key with a plus makes all of that name appended.
  for (Key& key : pattern.keys_) {
    key.append |= std::ranges::any_of(
        pattern.keys_, [&](const Key& other) { return key.column && other.append && other.column == key.column; });
  }
  return pattern;
}

Status DissectPattern::add_key(std::string_view text, std::string_view delimiter) {
  const auto wrong = [&](std::string what) { return fail("the key %{" + std::string(text) + "} " + std::move(what)); };
  Key key;
  key.delimiter = delimiter;
  std::string_view name = text;
  if (name.ends_with(kPadding)) {
    key.skip_padding = true;
    name.remove_suffix(kPadding.size());
  }
  // Elasticsearch looks for the modifier anywhere and takes the name from behind it: `{?a` is skipped.
  if (const std::size_t modifier = name.find_first_of("+*&?"); modifier != std::string_view::npos) {
    name.remove_prefix(modifier);
  }
  if (name.starts_with('*') || name.starts_with('&')) {
    return fail("Reference keys not supported in dissect patterns: [%{" + std::string(text) + "}]");
  }
  const bool skipped = name.empty() || name.starts_with('?');
  if (name.starts_with('?')) name.remove_prefix(1);
  if (name.starts_with('+')) {
    key.append = true;
    name.remove_prefix(1);
    if (const std::size_t slash = name.find('/'); slash != std::string_view::npos) {
      const auto order = number_in<int>(name.substr(slash + 1));
      if (!order || *order < 0 || *order > 32767) return wrong("has no number behind the slash");
      key.order = *order;
      name = name.substr(0, slash);
    }
  }
  if (!skipped) {
    if (name.empty()) return wrong("has no name");
    if (name.find_first_of("/+*&?") != std::string_view::npos) return wrong("has a modifier inside its name");
    const auto known = std::ranges::find(names_, name);
    key.column = static_cast<std::size_t>(known - names_.begin());
    if (known == names_.end()) names_.emplace_back(name);
  }
  keys_.push_back(std::move(key));
  return {};
}

// A value for each key, in their order.
std::optional<std::vector<std::string_view>> DissectPattern::split(std::string_view text) const {
  if (text.size() <= lead_.size() || !text.starts_with(lead_)) return std::nullopt;
  std::vector<std::string_view> values;
  std::size_t at = lead_.size();
  while (values.size() < keys_.size()) {
    const Key* key = &keys_[values.size()];
    if (key->delimiter.empty()) {
      values.push_back(text.substr(at));  // and if keys are left, they get nothing
      break;
    }
    const std::string& delimiter = key->delimiter;
    const std::size_t found = text.find(delimiter, at);
    if (found == std::string_view::npos) break;
    values.push_back(text.substr(at, found - at));
    at = found + delimiter.size();
    // The same delimiter again: padding, or an empty value for the next key, whose own delimiter is passed with it.
    while (text.substr(at).starts_with(delimiter)) {
      at += delimiter.size();
      if (key->skip_padding) continue;
      if (values.size() == keys_.size()) break;
      key = &keys_[values.size()];
      values.emplace_back();
    }
  }
  if (values.size() != keys_.size()) return std::nullopt;
  return values;
}

std::optional<std::vector<std::string>> DissectPattern::match(std::string_view text) const {
  const auto values = split(text);
  if (!values) return std::nullopt;
  struct Part {
    int order;
    std::string_view text;
  };
  std::vector<std::string> columns(names_.size());
  std::vector<std::vector<Part>> parts(names_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Key& key = keys_[i];
    if (!key.column) continue;
    if (key.append) {
      parts[*key.column].push_back({key.order.value_or(-1), (*values)[i]});  // those without a number come first
    } else {
      columns[*key.column] = (*values)[i];
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::ranges::stable_sort(parts[i], {}, &Part::order);
    for (std::size_t part = 0; part < parts[i].size(); ++part) {
      if (part > 0) columns[i] += append_separator_;
      columns[i] += parts[i][part].text;
    }
  }
  return columns;
}

}  // namespace trailhound::plan
