#include "lang/esql/schema.h"

namespace trailhound::esql {

Result<std::shared_ptr<const plan::LookupTable>> Schema::lookup(std::string_view name) const {
  return fail("Unknown index [" + std::string(name) + "]", {}, "lookup tables are given to `trailhound query --lookup`");
}

Result<event::ColumnRef> CatalogSchema::find(std::string_view name) const {
  return catalog_.find(event::View::ecs, name);
}

std::vector<std::string_view> CatalogSchema::names() const { return catalog_.names(event::View::ecs); }

Result<event::ColumnRef> CatalogSchema::document_id() const { return catalog_.find(event::View::raw, "eventID"); }

}  // namespace trailhound::esql
