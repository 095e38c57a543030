#include "rule/exclusions.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "lang/datadog/search.h"
#include "rule/catalog_columns.h"

namespace trailhound::rule {
namespace {

/// "id: query" if what stands before the first ": " has no quote, "@" or blank but at its end; an attribute's colon has
/// no blank behind it.
std::pair<std::string_view, std::string_view> split_rule(std::string_view line) {
  const std::size_t colon = line.find(": ");
  const std::string_view id = trimmed(line.substr(0, std::min(colon, line.size())));
  if (colon == std::string_view::npos || id.find_first_of(" \"@(") != std::string_view::npos) return {{}, line};
  return {id, trimmed(line.substr(colon + 1))};
}

RuleRef without(const Rule& rule, const plan::Expr& excluded) {
  Rule narrowed = rule;
  for (plan::Query& query : narrowed.plan.queries) {
    std::vector<plan::Expr> parts = plan::conjuncts_of(query.filter);
    parts.push_back(plan::negate(excluded));
    query.filter = plan::make(plan::IsTrue{plan::make(plan::And{std::move(parts)}, plan::LogicalType::boolean)},
                              plan::LogicalType::boolean);
  }
  return std::make_shared<const Rule>(std::move(narrowed));
}

}  // namespace

void apply_exclusions(std::vector<RuleRef>& rules, const std::vector<std::string>& lines, const event::Catalog& catalog,
                      const std::string& path, Diagnostics& diagnostics) {
  const CatalogColumns columns(catalog);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = trimmed(lines[i]);
    if (line.empty() || line.starts_with('#')) continue;
    const auto [id, query] = split_rule(line);
    const int number = static_cast<int>(i) + 1;
    const int column = static_cast<int>(query.data() - lines[i].data()) + 1;
    const Place place{path, std::string(id), "exclusion", {number, column}};
    const bool known = id.empty() || std::any_of(rules.begin(), rules.end(),
                                                 [&, wanted = id](const RuleRef& rule) { return rule->id == wanted; });
    if (!known) {
      std::vector<std::string_view> ids;
      for (const RuleRef& rule : rules) ids.push_back(rule->id);
      const std::string near = nearest_name(id, ids);
      diagnostics.error("TH5101", place, "no rule \"" + std::string(id) + "\"",
                        near.empty() ? "leave the id out to exclude for every rule" : "did you mean " + near + "?");
      continue;
    }
    const lang::datadog::TextContext context{
        place, {}, [number, column](LineColumn at) { return LineColumn{number, column + at.column - 1}; }};
    const std::optional<plan::Expr> filter = lang::datadog::parse_search(query, columns, context, diagnostics);
    if (!filter) continue;
    for (RuleRef& rule : rules) {
      if (id.empty() || rule->id == id) rule = without(*rule, *filter);
    }
  }
}

}  // namespace trailhound::rule
