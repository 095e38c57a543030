#pragma once
/// The catalog as the languages see it: names of columns, nothing else.

#include "event/catalog.h"
#include "plan/expression.h"

namespace trailhound::rule {

/// Refers to the catalog, which must outlive it.
class CatalogColumns final : public plan::ColumnResolver {
 public:
  explicit CatalogColumns(const event::Catalog& catalog) : catalog_(&catalog) {}
  [[nodiscard]] Result<event::ColumnRef> find(event::View view, std::string_view name) const override {
    return catalog_->find(view, name);
  }

 private:
  const event::Catalog* catalog_;
};

}  // namespace trailhound::rule
