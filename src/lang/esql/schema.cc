#include "lang/esql/schema.h"

#include <string>

#include "event/documents.h"

namespace trailhound::esql {

Result<std::shared_ptr<const plan::LookupTable>> Schema::lookup(std::string_view name) const {
  return fail("Unknown index [" + std::string(name) + "]", {},
              "lookup tables are given to `trailhound query --lookup`");
}

Result<event::ColumnRef> Schema::address_property(std::string_view) const {
  return fail("there is no database of IP addresses");
}

Result<event::ColumnRef> CatalogSchema::find(std::string_view name) const {
  return catalog_.find(event::View::ecs, name);
}

std::vector<std::string_view> CatalogSchema::names() const { return catalog_.names(event::View::ecs); }

Result<event::ColumnRef> CatalogSchema::document_id() const { return catalog_.find(event::View::raw, "eventID"); }

Result<event::ColumnRef> CatalogSchema::address_property(std::string_view name) const {
  return catalog_.find(event::View::address, name);
}

event::ColumnRef CatalogSchema::document() const {
  auto column = std::make_shared<event::Column>();
  column->view = event::View::ecs;
  column->name = "_source";
  column->type = event::LogicalType::keyword;
  column->read = [geo = catalog_.geo()](const event::Record& record, Arena& arena) {
    std::string text;
    event::append_ecs_document(text, record, geo.get());
    return Cell::one(arena.copy(std::string_view(text)));
  };
  return column;
}

}  // namespace trailhound::esql
