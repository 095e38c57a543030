#pragma once
/// The field catalog: every name that a rule may use for something in a CloudTrail record.
///
///     auto column = catalog.find(View::ecs, "user_agent.name");   // Result: unknown names come with the nearest known
///
/// ECS is a closed namespace (fields of the AWS integration and of ECS that its documents can carry; names below
/// `aws.cloudtrail.flattened.` are open). Raw is open: any path, through arrays. Datadog is open below `@`; tags and
/// reserved attributes without `@` are closed. A column that ECS documents of CloudTrail never carry but ECS defines
/// (say `process.name`) is known with `type` and always absent. The view of addresses is closed: `geoip.` and `asn.`
/// with what ES|QL's IP_LOCATION calls the properties of such a database. Immutable after construction; safe for any
/// number of threads.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/column.h"
#include "event/geo.h"

namespace trailhound::event {

class Catalog {
 public:
  /// `geo` may be null: then the columns that need it are absent.
  explicit Catalog(std::shared_ptr<const Geo> geo = nullptr);

  /// The column of that name, or null.
  [[nodiscard]] ColumnRef known(View view, std::string_view name) const;
  /// The column of that name, or an Error with "did you mean" in its hint: for what a user has written.
  [[nodiscard]] Result<ColumnRef> find(View view, std::string_view name) const;
  /// Names of the closed part, sorted; for KEEP wildcards, completion and docs.
  [[nodiscard]] std::vector<std::string_view> names(View view) const;
  [[nodiscard]] const std::shared_ptr<const Geo>& geo() const { return geo_; }

 private:
  struct Tables;
  std::shared_ptr<const Tables> tables_;
  std::shared_ptr<const Geo> geo_;
};

}  // namespace trailhound::event
