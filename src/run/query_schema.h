#pragma once
/// What a query may name: ECS columns, lookup tables and databases of addresses. Inside src/run only.

#include <string>
#include <string_view>

#include "lang/esql/schema.h"
#include "lang/esql/syntax.h"
#include "lang/reporter.h"

namespace trailhound::run {

class QuerySchema : public esql::CatalogSchema {
 public:
  QuerySchema(const event::Catalog& catalog, std::string lookup_folder);
  [[nodiscard]] Result<std::shared_ptr<const plan::LookupTable>> lookup(std::string_view name) const override;
  [[nodiscard]] Result<event::ColumnRef> address_property(std::string_view name) const override;

 private:
  std::string lookup_folder_;
};

/// Reports a FROM that cannot mean CloudTrail events: none of its patterns matches an index that holds them.
void check_source(std::string_view text, const esql::Query& query, esql::Reporter& reporter);

}  // namespace trailhound::run
