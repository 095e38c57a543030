#pragma once
/// The fields that a language without a schema of its own (KQL, Lucene, EQL) may name: columns by name, and names by
/// wildcard, and what time it is when the query runs.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/catalog.h"
#include "lang/relative_date.h"
#include "plan/expression.h"

namespace trailhound::lang {

class Fields {
 public:
  virtual ~Fields() = default;
  /// The column of that name; an Error with the nearest known name if there is none.
  [[nodiscard]] virtual Result<event::ColumnRef> find(std::string_view name) const = 0;
  /// Names of the closed part of the schema, sorted: what wildcards in field names stand for.
  [[nodiscard]] virtual std::vector<std::string_view> names() const = 0;
  /// What `now` stands for in dates, or null if the query has no runs and such dates are refused.
  [[nodiscard]] virtual plan::Expr run_time(WhichRun) const { return nullptr; }
};

/// The ECS view of the catalog, which must outlive it.
class EcsFields : public Fields {
 public:
  explicit EcsFields(const event::Catalog& catalog) : catalog_(catalog) {}
  [[nodiscard]] Result<event::ColumnRef> find(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string_view> names() const override;

 private:
  const event::Catalog& catalog_;
};

}  // namespace trailhound::lang
