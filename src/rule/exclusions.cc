#include "rule/exclusions.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "lang/datadog/search.h"
#include "rule/catalog_columns.h"
#include "rule/rule_reading.h"

namespace trailhound::rule {
namespace {

/// One line, taken apart.
struct Line {
  std::string_view rule;  ///< id; empty: every rule
  std::string_view query;
  std::size_t query_column = 0;  ///< bytes before the query
};

constexpr std::string_view kBlanks = " \t\r";

// A colon with a blank behind it ends a rule's id: in a query a value follows its colon at once.
Line take_apart(std::string_view line) {
  const std::size_t begin = std::min(line.find_first_not_of(kBlanks), line.size());
  const std::size_t id_end = std::min(line.find_first_of(" \t:@()\"", begin), line.size());
  const bool named = id_end > begin && id_end + 1 < line.size() && line[id_end] == ':' &&
                     kBlanks.find(line[id_end + 1]) != std::string_view::npos;
  Line out;
  if (named) out.rule = line.substr(begin, id_end - begin);
  out.query_column = std::min(line.find_first_not_of(kBlanks, named ? id_end + 1 : begin), line.size());
  out.query = line.substr(out.query_column);
  while (!out.query.empty() && kBlanks.find(out.query.back()) != std::string_view::npos) out.query.remove_suffix(1);
  return out;
}

RuleRef without(const RuleRef& rule, const plan::Expr& excluded) {
  Rule changed = *rule;
  for (plan::Query& query : changed.plan.queries) {
    const auto* outer = std::get_if<plan::IsTrue>(&query.filter->node);
    const plan::Expr inner = outer != nullptr ? outer->operand : query.filter;
    query.filter = plan::make(plan::IsTrue{plan::all_of({inner, plan::negate(excluded)})}, plan::LogicalType::boolean);
  }
  changed.fields = columns_read(changed);
  return std::make_shared<const Rule>(std::move(changed));
}

std::string nearest_rule(const std::vector<RuleRef>& rules, std::string_view id) {
  std::vector<std::string_view> ids;
  for (const RuleRef& rule : rules) ids.emplace_back(rule->id);
  const std::string near = nearest_name(id, ids);
  return near.empty() ? "trailhound rules list shows the ids" : "did you mean " + near + "?";
}

}  // namespace

void apply_exclusions(std::vector<RuleRef>& rules, const std::vector<std::string>& lines, const event::Catalog& catalog,
                      const std::string& path, Diagnostics& diagnostics) {
  const CatalogColumns columns(catalog);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line line = take_apart(lines[i]);
    if (line.rule.empty() && (line.query.empty() || line.query.front() == '#')) continue;
    const int number = static_cast<int>(i) + 1;
    const auto is_meant = [&](const RuleRef& rule) { return line.rule.empty() || rule->id == line.rule; };
    if (!line.rule.empty() && std::none_of(rules.begin(), rules.end(), is_meant)) {
      diagnostics
          .error("TH5101", {.file = path, .rule = std::string(line.rule), .key = {}, .at = {number, 1}},
                 "no rule has the id \"" + std::string(line.rule) + "\"", nearest_rule(rules, line.rule))
          .snippet = make_snippet(lines[i], {1, 1});
      continue;
    }
    const auto offset = static_cast<int>(line.query_column);
    const lang::datadog::TextContext context{
        .place = {.file = path, .rule = std::string(line.rule), .key = {}, .at = {number, 1}},
        .file_text = {},
        .in_file = [&](LineColumn inside) { return LineColumn{number, offset + inside.column}; }};
    const std::optional<plan::Expr> excluded = lang::datadog::parse_search(line.query, columns, context, diagnostics);
    if (!excluded) continue;
    for (RuleRef& rule : rules) {
      if (is_meant(rule)) rule = without(rule, *excluded);
    }
  }
}

}  // namespace trailhound::rule
