#pragma once
/// A bound query as a pipeline of table commands: the general way, for `trailhound query` and for rules whose shape the
/// incremental RunAggregate cannot express.
///
///     auto pipeline = lower_table(bound, reporter);
///     if (pipeline) { ... }      // nothing: what cannot be expressed was reported by name and place (TH3201)
///
/// Columns that nothing needs are not computed, and dropped before commands that hold rows. The WHERE commands that
/// follow FROM directly become the source's filter.

#include <optional>

#include "lang/esql/bound.h"
#include "lang/reporter.h"
#include "plan/pipeline.h"

namespace trailhound::esql {

[[nodiscard]] std::optional<plan::Pipeline> lower_table(const BoundQuery& query, Reporter& reporter);

}  // namespace trailhound::esql
