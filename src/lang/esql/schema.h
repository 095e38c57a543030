#pragma once
/// The columns that `FROM` gives: names and types of the source's documents. The names are also what `*` stands for
/// after FROM.

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/catalog.h"
#include "lang/fields.h"
#include "plan/pipeline.h"

namespace trailhound::esql {

class Schema : public lang::Fields {
 public:
  /// What `METADATA _id` reads: the event's own id.
  [[nodiscard]] virtual Result<event::ColumnRef> document_id() const = 0;
  /// What `METADATA _index` reads. Null: the name of the index that CloudTrail events are in.
  [[nodiscard]] virtual event::ColumnRef index_name() const { return nullptr; }
  /// What `METADATA _source` reads: the document as text. Null if there is none.
  [[nodiscard]] virtual event::ColumnRef document() const { return nullptr; }
  /// What IP_LOCATION looks up: a column of event::View::address. Fails if no database is there to ask and the columns
  /// would be null without a word.
  [[nodiscard]] virtual Result<event::ColumnRef> address_property(std::string_view name) const;
  /// The table that LOOKUP JOIN and ENRICH call by that name.
  [[nodiscard]] virtual Result<std::shared_ptr<const plan::LookupTable>> lookup(std::string_view name) const;
};

/// The ECS view of the catalog, which must outlive it.
class CatalogSchema : public Schema {
 public:
  explicit CatalogSchema(const event::Catalog& catalog) : catalog_(catalog) {}
  [[nodiscard]] Result<event::ColumnRef> find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string_view> names() const override;
  [[nodiscard]] Result<event::ColumnRef> document_id() const override;
  [[nodiscard]] event::ColumnRef document() const override;
  [[nodiscard]] Result<event::ColumnRef> address_property(std::string_view name) const override;

 private:
  const event::Catalog& catalog_;
};

}  // namespace trailhound::esql
