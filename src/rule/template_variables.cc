#include "rule/template_variables.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace trailhound::rule {
namespace {

void add(std::vector<std::string>& names, std::string_view name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

std::size_t word_length(std::string_view text) { return std::min(text.find_first_of(" \t\r\n"), text.size()); }

// The first argument of a block or helper, with or without quotes.
std::string_view first_argument(std::string_view call) {
  const std::string_view rest = trimmed(call.substr(word_length(call)));
  if (rest.starts_with('"') || rest.starts_with('\'')) return trimmed(rest.substr(1, rest.find(rest.front(), 1) - 1));
  return rest.substr(0, word_length(rest));
}

// An arithmetic text may name attributes between its operators.
void add_attributes_of_expression(std::vector<std::string>& names, std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at)) {
    const std::size_t end = std::min(text.find_first_of(" +*/^%()\"',-", at), text.size());
    add(names, text.substr(at, end - at));
    at = end;
  }
}

void add_variables_of_tag(std::vector<std::string>& names, std::string_view tag) {
  if (tag.empty() || tag.front() == '/' || tag.front() == '!' || tag == "else") return;
  const bool block = tag.front() == '#' || tag.front() == '^';
  if (block) {
    add(names, first_argument(tag.substr(1)));
  } else if (word_length(tag) == tag.size()) {
    add(names, tag);
  } else if (tag.starts_with("eval")) {
    add_attributes_of_expression(names, tag);
  } else {
    add(names, first_argument(tag));
  }
}

}  // namespace

std::vector<std::string> find_template_variables(std::string_view text) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while ((at = text.find("{{", at)) != std::string_view::npos) {
    if (text.substr(at).starts_with("{{{{raw}}}}")) {
      const std::size_t end = text.find("{{{{/raw}}}}", at);
      if (end == std::string_view::npos) break;
      at = end + std::string_view("{{{{/raw}}}}").size();
      continue;
    }
    const std::size_t close = text.find("}}", at + 2);
    if (close == std::string_view::npos) break;
    add_variables_of_tag(names, trimmed(text.substr(at + 2, close - at - 2)));
    at = close + 2;
  }
  return names;
}

std::string attribute_of_variable(std::string_view variable) {
  static constexpr std::array<std::string_view, 10> kOwn = {
      "severity",  "timestamp",       "timestamp_epoch", "first_seen", "first_seen_epoch",
      "last_seen", "last_seen_epoch", "rule_name",       "case_name",  "events_matched"};
  if (std::find(kOwn.begin(), kOwn.end(), variable) != kOwn.end()) return {};
  if (variable.starts_with("events_matched_per_query.")) return {};
  if (variable.starts_with('@')) {
    const std::size_t begin = variable.find_first_not_of('@');
    if (begin == std::string_view::npos) return {};
    std::string_view path = variable.substr(begin);
    // The triggering event is one of those whose values are merged.
    if (path.starts_with("triggering_event.")) path.remove_prefix(std::string_view("triggering_event.").size());
    return "@" + std::string(path);
  }
  if (variable.ends_with(".name")) variable.remove_suffix(std::string_view(".name").size());
  if (variable.starts_with('[') && variable.ends_with(']')) variable = variable.substr(1, variable.size() - 2);
  return std::string(variable);
}

}  // namespace trailhound::rule
