#pragma once
/// A rule's meaning: stateless queries that turn events into hits, one stateful operator that turns a group's hits into
/// firings, and the episode that turns firings into signals.
///
///     events → Query (filter, key, arguments) → hits → Operator (by group, in total order) → firings → Episode →
///     signals
///
/// Hits of a plan are partitioned by the *signal key* (the group key projected by `Episode::key_parts`); the operator
/// sees one partition at a time, in total order (event time, then event key), and keeps its windows per full group key.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "plan/condition.h"
#include "plan/expression.h"
#include "plan/pipeline.h"
#include "plan/severity.h"

namespace trailhound::plan {

struct NamedExpr {
  std::string name;  ///< as shown in signals: "@userIdentity.arn", "aws.cloudtrail.user_identity.arn"
  Expr expression;
};

/// What becomes of an event that lacks a part of the group key.
enum class MissingKey : std::uint8_t {
  drop,           ///< in no group (Datadog, threshold rules)
  null_group,     ///< null is a group of its own (ES|QL)
  not_available,  ///< the text "N/A" stands in (Datadog's optional group-by)
};

/// A filtered stream of events with its grouping. A key part or with several values puts the event into one group per
/// distinct value (cross product over the parts, at most kMaxGroupsPerEvent; beyond that a ledger note).
struct Query {
  std::string name;
  Expr filter;  ///< ends in IsTrue
  std::vector<NamedExpr> key;
  MissingKey missing = MissingKey::drop;
  std::vector<NamedExpr> arguments;  ///< cells that the operator's aggregates need
};
inline constexpr std::size_t kMaxGroupsPerEvent = 1000;

/// Every hit fires (query rules, ES|QL rows without STATS).
struct EachHit {};

/// Aggregates of each query over a trailing window (t − window, t], evaluated at every hit; the first true case fires.
/// window 0 = the event alone.
struct TrailingCondition {
  enum class Aggregation : std::uint8_t { count, cardinality, sum, max };
  struct Measure {
    Aggregation aggregation = Aggregation::count;
    std::vector<std::uint32_t> arguments;  ///< of its query: distinct fields, or the one summed field
  };
  struct Case {
    std::string name;
    Severity severity = Severity::info;
    Condition condition;  ///< null: any query > 0
  };
  Duration window;
  std::vector<Measure> measures;  ///< one a query
  std::vector<Case> cases;
};

/// Datadog's anomaly method over one query (reference formulae in engine/baseline.h).
struct Baseline {
  TrailingCondition::Measure measure;
  Duration bucket;
  Duration learning;
  Duration window;
  double percentile = 0.995;
  double tolerance = 5;
  std::optional<double> learning_bound;  ///< bound while learning; none: nothing is judged then
  std::string case_name;
  Severity severity = Severity::info;
};

/// Fires for values of the query's arguments that a group has not had for `forget_after` (Datadog's new values; see
/// engine/new_value.h).
struct NewValue {
  Duration learning;          ///< since the group's first event: nothing fires
  bool learns_first = false;  ///< nor does the group's first value
  Duration forget_after;
  std::string case_name;
  Severity severity = Severity::info;
};

/// Groups and aggregates the hits of each run's window [T − look_back, T], T on a grid of `interval` since the epoch,
/// then keeps the rows that pass `having`. A row is one firing, once, whatever the overlap of the runs:
/// with `bucket_key` (a key part that is date_trunc of the event time) it is taken from the earliest run that covers
/// the whole bucket, or from the last run, if it comes earlier; without, equal keys in consecutive runs are one
/// episode.
struct RunAggregate {
  enum class Aggregation : std::uint8_t { count_rows, count, count_distinct, values, min, max, sum, average };
  struct Measure {
    std::string name;
    Aggregation aggregation = Aggregation::count_rows;
    std::uint32_t argument = 0;           ///< of the query; unused for count_rows
    std::optional<std::uint32_t> filter;  ///< an argument that must be true for the row to count (agg WHERE cond)
    LogicalType type = LogicalType::any;
  };
  /// Columns of the row: the measures in order, then the key parts in order. `having` and `outputs` read them by Slot.
  std::vector<Measure> measures;
  std::optional<std::uint32_t> bucket_key;  ///< index of the key part
  Duration bucket;                          ///< its width
  Duration look_back;
  Duration interval;
  Expr having;                     ///< null: every row
  std::vector<NamedExpr> outputs;  ///< the columns shown in the signal's `values`
};

/// Evaluates a pipeline over the hits of each run's window [T − look_back, T], T on a grid of `interval` since the
/// epoch: ES|QL that RunAggregate cannot express. A row of the pipeline begins with the query's arguments and a last
/// column with the number of the hit. A result row ends in the columns that identify it, and a last one with the
/// numbers of the hits behind it; equal identities in consecutive runs are one episode (`once`: in any runs, as the
/// identity is an event).
struct RunTable {
  Pipeline pipeline;           ///< its source is unused
  std::uint32_t identity = 0;  ///< how many columns before the last one identify the row; none: all shown ones
  bool once = false;
  Duration look_back;
  Duration interval;
};

/// Counts the hits of each run's window [T − look_back, T], T on a grid of `interval` since the epoch; a run at which
/// both bounds are reached fires once. Hits up to the newest one of a firing are not counted again (Elastic's threshold
/// rules).
struct RunThreshold {
  std::uint64_t least = 1;
  std::optional<std::uint32_t> distinct;  ///< an argument of the query, whose distinct values are counted
  std::uint64_t least_distinct = 0;
  Duration look_back;
  Duration interval;
};

/// Fires for the first hit of a group in a run's window [T − look_back, T] if the group's earliest hit in
/// [T − history, T] lies in that window too, its start excluded: the group is new. Once for one hit, whatever the
/// overlap of runs.
struct NewTerms {
  Duration history;
  Duration look_back;
  Duration interval;
};

/// Hits of several queries in a given order (EQL's `sequence`), or in any order (`sample`). The queries' keys are the
/// join keys. Fires with the hit that completes the last stage, or, when the last stage is a missing one, when its time
/// is over without an event.
struct Sequence {
  struct Stage {
    std::uint32_t query = 0;
    bool missing = false;  ///< `![...]`: no such event may come before the next stage, or before the span is over
    bool operator==(const Stage&) const = default;
  };
  std::vector<Stage> stages;           ///< `with runs=n` is n stages
  std::optional<std::uint32_t> until;  ///< query whose hit ends what is open
  std::optional<Duration> max_span;    ///< from the first event to the last
  bool ordered = true;                 ///< false: a sample
};

/// What an anomaly job of a CloudTrail rule looks for, by estimators of our own (see engine/anomaly_job.h).
struct AnomalyJob {
  enum class Detector : std::uint8_t { rare, high_distinct_count };
  Detector detector = Detector::rare;
  std::uint32_t argument = 0;  ///< of the query: the field whose values are rare, or whose distinct values are counted
  Duration bucket;
  double threshold = 50;  ///< a score, 0 to 100
};

/// Elastic's alert suppression: further firings of a group are counted in its newest signal instead of opening one.
///
/// A signal is created at the first run (a point of the grid of `interval`) that sees its first event. A firing of run
/// T joins the newest signal of its group if that was created at T - duration or later (without a duration: at T
/// itself), else it opens the next one. The span starts with the creation and does not slide.
struct Suppression {
  /// Where the values that make a group are found.
  enum class By : std::uint8_t {
    key,    ///< parts of the group key, one value each (query and threshold rules; ES|QL rows grouped by the field)
    cells,  ///< whole cells: arguments of the query (of each one: Sequence), outputs of a RunAggregate
  };
  By by = By::key;
  std::vector<std::uint32_t> parts;  ///< indexes of key parts, arguments or outputs; none: one group in all
  std::optional<Duration> duration;
  Duration interval;
  bool missing_alone = false;  ///< a firing that lacks one of the parts is never suppressed (doNotSuppress)
};

/// How firings of one signal key become signals.
struct Episode {
  /// Parts of the group key that identify the signal; all of them when empty and `project` is false.
  bool project = false;
  std::vector<std::uint32_t> key_parts;
  Duration keep_alive;    ///< a firing extends the signal if it comes within this span of the last one; 0: never
  Duration max_duration;  ///< ... and within this span of the first event
  /// Set: decides alone which firings share a signal. The signal key must not tell apart what is one group here: its
  /// parts are among the suppression's, or there are none.
  std::optional<Suppression> suppression = {};
};

using Operator = std::variant<EachHit, TrailingCondition, Baseline, RunAggregate, RunTable, RunThreshold, NewTerms,
                              Sequence, AnomalyJob, NewValue>;

struct Plan {
  std::vector<Query> queries;
  Operator op;
  Episode episode;
};

/// Text of a whole plan, for `rules explain` and tests; `parse_plan(print(p))` equals p.
[[nodiscard]] std::string print(const Plan& plan);
[[nodiscard]] Result<Plan> parse_plan(std::string_view text, const ColumnResolver& columns);
[[nodiscard]] bool equal(const Plan& a, const Plan& b);

}  // namespace trailhound::plan
