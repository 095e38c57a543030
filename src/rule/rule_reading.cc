#include "rule/rule_reading.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/ascii.h"

namespace trailhound::rule {
namespace {

// "credentials-from-password-stores" becomes "Credentials from Password Stores".
std::string title_case(std::string_view dashed) {
  static constexpr std::array<std::string_view, 10> kSmall = {"a",  "and", "by", "for", "from",
                                                              "in", "of",  "or", "the", "to"};
  std::string out;
  while (!dashed.empty()) {
    const std::size_t end = std::min(dashed.find_first_of("- _"), dashed.size());
    std::string word(dashed.substr(0, end));
    dashed.remove_prefix(std::min(end + 1, dashed.size()));
    if (word.empty()) continue;
    const bool small = !out.empty() && std::find(kSmall.begin(), kSmall.end(), word) != kSmall.end();
    if (!small) word[0] = upper_ascii(word[0]);
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

std::string_view base_of(std::string_view technique) { return technique.substr(0, technique.find('.')); }

// Every expression of a plan.
std::vector<plan::Expr> expressions_of(const plan::Plan& plan) {
  std::vector<plan::Expr> out;
  for (const plan::Query& query : plan.queries) {
    if (query.filter) out.push_back(query.filter);
    for (const plan::NamedExpr& part : query.key) out.push_back(part.expression);
    for (const plan::NamedExpr& argument : query.arguments) out.push_back(argument.expression);
  }
  return out;
}

// The number of # of a Markdown heading; 0 for another line.
std::size_t heading_level(std::string_view line) {
  const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
  return level >= 1 && level <= 6 && level < line.size() && line[level] == ' ' ? level : 0;
}

bool speaks_of_triage(std::string_view line) { return lower_ascii(line).find("triage") != std::string::npos; }

}  // namespace

int risk_score_of(plan::Severity severity) {
  switch (severity) {
    case plan::Severity::info:
      return 5;
    case plan::Severity::low:
      return 21;
    case plan::Severity::medium:
      return 47;
    case plan::Severity::high:
      return 73;
    case plan::Severity::critical:
      return 99;
  }
  return 0;
}

std::string slug(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) {
      out += lower_ascii(c);
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::optional<AttackReference> attack_reference(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("TAtas0123456789."), text.size());
  const std::string id = upper_ascii(text.substr(0, end));
  const std::size_t digits = id.find_first_of("0123456789");
  if (!id.starts_with('T') || digits == std::string::npos || id.size() < digits + 4) return std::nullopt;
  const std::string_view rest = text.substr(end);
  return AttackReference{id, title_case(rest.starts_with('-') ? rest.substr(1) : rest)};
}

void add_technique(Rule& rule, const AttackReference& technique) {
  std::vector<AttackReference>& all = rule.techniques;
  if (std::any_of(all.begin(), all.end(), [&](const AttackReference& a) { return a.id == technique.id; })) return;
  const auto same_base = [&](const AttackReference& a) { return base_of(a.id) == base_of(technique.id); };
  const bool is_base = base_of(technique.id) == technique.id;
  if (is_base) {
    all.insert(std::find_if(all.begin(), all.end(), same_base), technique);
  } else {
    all.insert(std::find_if(all.rbegin(), all.rend(), same_base).base(), technique);
    // Without its technique it goes to the end, not to the front.
    if (all.size() > 1 && all.front().id == technique.id) std::rotate(all.begin(), all.begin() + 1, all.end());
  }
}

std::string triage_part(std::string_view markdown) {
  std::size_t level = 0;  // of the triage heading, once found
  std::string out;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    const std::size_t here = heading_level(line);
    if (level > 0 && here > 0 && here <= level) break;
    if (level > 0) out.append(line).append("\n");
    if (level == 0 && here > 0 && speaks_of_triage(line)) level = here;
  }
  const std::size_t begin = out.find_first_not_of(" \r\n");
  if (begin == std::string::npos) return {};
  return out.substr(begin, out.find_last_not_of(" \r\n") - begin + 1);
}

std::vector<std::string> columns_read(const Rule& rule) {
  std::vector<event::ColumnRef> columns;
  for (const plan::Expr& expression : expressions_of(rule.plan)) plan::collect_columns(expression, columns);
  for (const Attribute& attribute : rule.attributes) plan::collect_columns(attribute.expression, columns);
  std::set<std::string> names;
  for (const event::ColumnRef& column : columns) {
    if (!column->of_address) names.insert(column->name);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> needs_of(const Rule& rule) {
  std::vector<event::ColumnRef> columns;
  for (const plan::Expr& expression : expressions_of(rule.plan)) plan::collect_columns(expression, columns);
  std::vector<std::string> needs;
  const auto any = [&](bool event::Column::* flag) {
    return std::any_of(columns.begin(), columns.end(), [&](const event::ColumnRef& c) { return (*c).*flag; });
  };
  if (any(&event::Column::needs_geo)) needs.emplace_back("GeoIP city database");
  if (any(&event::Column::needs_asn)) needs.emplace_back("ASN database");
  return needs;
}

}  // namespace trailhound::rule
