#include "plan/replacement.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "plan/regex_dialect.h"

namespace trailhound::plan {

namespace {}  // namespace

Result<JavaRegex> JavaRegex::compile(std::string_view pattern) {
  TRY(const auto translated, translate_regex(pattern, RegexDialect::java, {}));
  TRY(auto regex, BacktrackingRegex::compile(translated.text, {.any_line_end = true}));
  std::vector<std::pair<std::string, std::size_t>> names;
  for (const auto& [name, number] : regex.names()) {
    for (std::size_t i = 0; i < translated.names.size(); ++i) {
      if (name == "n" + std::to_string(i)) names.emplace_back(translated.names[i], number);
    }
  }
  return JavaRegex(std::move(regex), std::move(names));
}

/// What stands behind a `$`.
Result<std::size_t> JavaRegex::group_at(std::string_view replacement, std::size_t& at) const {
  if (at < replacement.size() && replacement[at] == '{') {
    const std::size_t end = replacement.find('}', at);
    const auto name = replacement.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    const auto found = std::ranges::find(names_, name, &std::pair<std::string, std::size_t>::first);
    if (end == std::string_view::npos || found == names_.end())
      return fail("No group with name {" + std::string(name) + "}");
    at = end + 1;
    return found->second;
  }
  if (at >= replacement.size() || !is_digit(replacement[at])) return fail("Illegal group reference");
  auto group = static_cast<std::size_t>(replacement[at++] - '0');
  if (group > regex_.group_count()) return fail("No group " + std::to_string(group));
  // Further digits belong to it as long as there is such a group.
  while (at < replacement.size() && is_digit(replacement[at])) {
    const std::size_t longer = group * 10 + static_cast<std::size_t>(replacement[at] - '0');
    if (longer > regex_.group_count()) break;
    group = longer;
    ++at;
  }
  return group;
}

Result<std::vector<JavaRegex::Part>> JavaRegex::parts_of(std::string_view replacement) const {
  std::vector<Part> parts(1);
  for (std::size_t at = 0; at < replacement.size();) {
    const char c = replacement[at++];
    if (c == '\\') {
      if (at == replacement.size()) return fail("character to be escaped is missing");
      parts.back().literal += replacement[at++];
    } else if (c == '$') {
      TRY(parts.back().group, group_at(replacement, at));
      parts.emplace_back();
    } else {
      parts.back().literal += c;
    }
  }
  return parts;
}

Result<std::string> JavaRegex::replace(std::string_view text, std::string_view replacement, std::size_t most) const {
  using Outcome = BacktrackingRegex::Outcome;
  std::vector<BacktrackingRegex::Group> groups;
  std::vector<Part> parts;
  std::string out;
  std::size_t copied = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const Outcome outcome = regex_.match(text, from, groups);
    if (outcome == Outcome::gave_up) return fail("the search takes too long");
    if (outcome == Outcome::no_match) break;
    if (parts.empty()) {
      // Only a match needs the replacement: without one, a wrong replacement is no error.
      TRY(parts, parts_of(replacement));
    }
    out += text.substr(copied, groups[0].begin - copied);
    for (const Part& part : parts) {
      out += part.literal;
      if (part.group == Part::kNone || part.group >= groups.size()) continue;
      const auto& group = groups[part.group];
      if (group.is_set()) out += text.substr(group.begin, group.end - group.begin);
    }
    copied = groups[0].end;
    if (out.size() + (text.size() - copied) > most) {
      return fail("Creating strings with more than [" + std::to_string(most) + "] bytes is not supported");
    }
    // Behind an empty match the search goes on with the next character.
    from = groups[0].end;
    if (groups[0].begin == groups[0].end) from += from < text.size() ? utf8_step(text, from) : 1;
  }
  out += text.substr(copied);
  return out;
}

}  // namespace trailhound::plan
