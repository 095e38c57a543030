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
#include "lang/esql/lowering.h"
#include "lang/reporter.h"
#include "plan/pipeline.h"

namespace trailhound::esql {

[[nodiscard]] std::optional<plan::Pipeline> lower_table(const BoundQuery& query, Reporter& reporter,
                                                        const LoweringOptions& options = {});

/// The same as a rule: RunTable over the hits of one query.
[[nodiscard]] std::optional<plan::Plan> lower_run_table(const BoundQuery& query, const LoweringOptions& options,
                                                        Reporter& reporter);
/// Whether a rule needs lower_run_table, as RunAggregate and EachHit cannot express it.
[[nodiscard]] bool needs_run_table(const BoundQuery& query, const LoweringOptions& options);
/// A condition that holds for every event of a run's window: `@timestamp >= NOW() - 7 days` with a look-back of 7 days.
[[nodiscard]] bool holds_in_window(const Bound& condition, const BoundQuery& query, const LoweringOptions& options);

}  // namespace trailhound::esql
