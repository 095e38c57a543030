#pragma once
/// A bound query as a plan.
///
///     auto plan = lower(bound, {.look_back = ..., .interval = ...}, reporter);
///     if (plan) { ... }      // nothing: what cannot be expressed was reported by name and place (TH3201)
///
/// What becomes of what:
///
///     WHERE before STATS      the query's filter; EVAL's columns are put in where they are used
///     STATS ... BY            RunAggregate: keys, distinct arguments, measures; date_trunc(fixed span, @timestamp) as
///     a
///                             key is the bucket
///     WHERE after STATS       `having`, over the slots of the row
///     KEEP, DROP, RENAME      the names and order of `outputs`
///     no STATS                EachHit; the kept columns are the query's arguments
///
/// A column meets a scalar operator through single(): two or more values are null and counted. COALESCE, CASE, TO_X,
/// MV_COUNT, IS NULL and aggregates see whole cells.

#include <functional>
#include <optional>

#include "base/instant.h"
#include "lang/esql/bound.h"
#include "lang/reporter.h"
#include "plan/plan.h"

namespace trailhound::esql {

struct LoweringOptions {
  Duration look_back = Duration::seconds(360);
  Duration interval = Duration::seconds(300);
  /// A rule shows at most this many columns; beyond, only those that the query names or computes.
  std::size_t max_outputs = 200;
  /// What NOW() gives, for arguments that must be known before the first row. Empty in rules, whose runs differ.
  std::function<Instant()> now = {};
};

[[nodiscard]] std::optional<plan::Plan> lower(const BoundQuery& query, const LoweringOptions& options,
                                              Reporter& reporter);

}  // namespace trailhound::esql
