#include "run/query_schema.h"

#include <algorithm>
#include <utility>

#include "lang/esql/codes.h"
#include "run/lookup_table.h"

namespace trailhound::run {
namespace {

/// Names under which an index of CloudTrail events is known.
constexpr std::string_view kIndexes[] = {"cloudtrail",          "logs-aws.cloudtrail-default",
                                         "logs-aws.cloudtrail", "logs-aws-default",
                                         "filebeat-8.0.0",      "logs-cloudtrail"};

/// `*` is any run of characters.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return std::ranges::all_of(pattern.substr(p), [](char c) { return c == '*'; });
}

bool can_be_cloudtrail(std::string_view pattern) {
  if (pattern.find("cloudtrail") != std::string_view::npos) return true;
  return std::ranges::any_of(kIndexes, [pattern](std::string_view name) { return matches(pattern, name); });
}

/// The patterns of an item: a quoted one may hold a list.
bool any_can_be(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.starts_with('-') && can_be_cloudtrail(one)) return true;
  }
  return false;
}

}  // namespace

QuerySchema::QuerySchema(const event::Catalog& catalog, std::string lookup_folder)
    : CatalogSchema(catalog), lookup_folder_(std::move(lookup_folder)) {}

Result<std::shared_ptr<const plan::LookupTable>> QuerySchema::lookup(std::string_view name) const {
  return read_lookup_table(lookup_folder_, name);
}

Result<event::ColumnRef> QuerySchema::address_property(std::string_view name) const {
  TRY(auto column, CatalogSchema::address_property(name));
  if (!column->not_configured) return column;
  return column->needs_geo ? fail("IP_LOCATION needs a GeoIP city database", {}, "name one with --geoip FILE")
                           : fail("IP_LOCATION needs an ASN database", {}, "name one with --asn FILE");
}

void check_source(std::string_view text, const esql::Query& query, esql::Reporter& reporter) {
  if (query.pipeline.commands.empty()) return;
  const auto* from = std::get_if<esql::From>(&query.pipeline.commands.front().node);
  if (from == nullptr || from->items.empty()) return;
  const bool any = std::ranges::any_of(
      from->items, [](const esql::SourceItem& item) { return item.query != nullptr || any_can_be(item.pattern); });
  if (any) return;
  const esql::SourceItem& first = from->items.front();
  reporter.error(esql::codes::kUnknownTable, line_column_of(text, first.begin),
                 "Unknown index [" + first.pattern + "]: the data are CloudTrail events",
                 "FROM cloudtrail, or logs-aws.cloudtrail-*");
}

}  // namespace trailhound::run
