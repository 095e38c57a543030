#include "event/catalog.h"

#include <array>
#include <map>
#include <utility>

#include "base/diagnostics.h"
#include "event/column_table.h"

namespace trailhound::event {
namespace {

/// The closed part of one view, by name.
using ColumnTable = std::map<std::string, ColumnRef, std::less<>>;

ColumnTable table_of(std::vector<Column> columns) {
  ColumnTable table;
  for (Column& column : columns) {
    std::string name = column.name;
    table.emplace(std::move(name), std::make_shared<const Column>(std::move(column)));
  }
  return table;
}

std::optional<Column> open_column(View view, std::string_view name) {
  switch (view) {
    case View::raw:
      return raw_open_column(name);
    case View::ecs:
      return ecs_open_column(name);
    case View::datadog:
      return datadog_open_column(name);
    case View::address:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

struct Catalog::Tables {
  std::array<ColumnTable, 4> by_view;

  [[nodiscard]] const ColumnTable& of(View view) const { return by_view[static_cast<std::size_t>(view)]; }
};

Catalog::Catalog(std::shared_ptr<const Geo> geo) : geo_(std::move(geo)) {
  auto tables = std::make_shared<Tables>();
  tables->by_view[static_cast<std::size_t>(View::ecs)] = table_of(ecs_columns(geo_));
  tables->by_view[static_cast<std::size_t>(View::datadog)] = table_of(datadog_columns(geo_));
  tables->by_view[static_cast<std::size_t>(View::address)] = table_of(address_columns(geo_));
  tables_ = std::move(tables);
}

ColumnRef Catalog::known(View view, std::string_view name) const {
  const ColumnTable& table = tables_->of(view);
  if (const auto found = table.find(name); found != table.end()) return found->second;
  if (auto column = open_column(view, name)) return std::make_shared<const Column>(*std::move(column));
  return nullptr;
}

Result<ColumnRef> Catalog::find(View view, std::string_view name) const {
  if (ColumnRef column = known(view, name)) return column;
  const std::string nearest = nearest_name(name, names(view));
  return fail("unknown " + std::string(name_of(view)) + " field " + std::string(name), {},
              nearest.empty() ? "" : "did you mean " + nearest + "?");
}

std::vector<std::string_view> Catalog::names(View view) const {
  std::vector<std::string_view> names;
  for (const auto& [name, column] : tables_->of(view)) names.push_back(name);
  return names;
}

}  // namespace trailhound::event
