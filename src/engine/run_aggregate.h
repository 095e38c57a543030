#pragma once
/// Operator of rules that run on a schedule: the rows that aggregation over each run's window gives. Inside src/engine
/// only.
///
/// Runs stand at the points T of a grid (multiples of `interval` since the epoch) up to the first one at or after the
/// frontier; the window of a run is [T - look_back, T], both ends included. A row that passes `having` fires once:
///
///   - A key with a time bucket: the row is taken from the earliest run that covers the whole bucket, that is from
///     T = first grid point at or after the bucket's end, provided T - look_back <= the bucket's start. That is also
///     the row's identity. Where this run lies beyond the frontier's, the frontier's judges what the bucket has so far,
///     as it would on schedule; rows that it does not keep are counted as open windows.
///   - Other keys, and buckets that no run can cover: the row is computed at each run; equal keys in consecutive runs
///     are one episode, whose identity is its first run. With a keep_alive, gaps up to it are bridged too.
///
/// With a suppression every run at which a row passes is a firing, buckets or not, and AlertTracker decides: the runs
/// of a partition are then performed one by one, over all of its rows.
///
/// Between two runs that see the same hits the row is the same, so only runs at which hits enter or leave are computed
/// (all of them if the rule asks for the time of the run).

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/alert_tracker.h"
#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/operator.h"
#include "engine/queue.h"
#include "engine/row_aggregate.h"
#include "engine/row_expression.h"

namespace trailhound::engine {

class RunAggregateOperator {
 public:
  /// `having` is what threshold_of says of the rule's operator.
  RunAggregateOperator(const Partition& partition, std::shared_ptr<const RowThreshold> having);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  struct Entry {
    Instant time;
    std::uint64_t queries = 0;
    Profile::Outcome outcome = Profile::Outcome::ok;
    std::vector<Values> arguments;
    std::shared_ptr<const EventDetail> detail;  ///< null once dropped: see EventLog::kMaxDetails
  };
  struct HeldHit {
    Instant time;
    std::string event_key;
    std::string payload;
    const HitTexts* texts = nullptr;  ///< that the payload names
  };
  /// One key. Rows of whole buckets gather into `record`, once they hold enough; the others keep their window.
  struct RowState {
    std::vector<Value> group;
    std::vector<RowAggregate> measures;
    Instant newest;  ///< time of its newest hit

    std::optional<Instant> bucket_run;  ///< set for whole buckets: the run they are taken from
    std::vector<HeldHit> held;          ///< of a bucket without a record
    std::optional<EpisodeRecord> record;

    Queue<Entry> window;
    std::uint64_t first = 0;  ///< number of window.front()
    std::size_t details = 0;  ///< entries from the back that still have theirs
    Instant next_run;         ///< the first run not looked at yet
    Instant last_true;        ///< of the open episode
    std::uint64_t gathered_until = 0;
    std::optional<std::uint64_t> gathered_in;  ///< suppressed: number of the alert that the window was gathered into
  };

  RowState& row_of(const StoredHit& hit);
  [[nodiscard]] std::optional<Instant> run_of_bucket(const std::vector<Value>& group) const;
  void add_to_bucket(RowState& row, const StoredHit& hit);
  void add_to_window(RowState& row, const StoredHit& hit);
  void open_bucket(RowState& row);
  void finish_bucket(RowState& row, Instant run, OperatorOutput& output);
  void look_at_runs(RowState& row, Instant last_run, OperatorOutput& output);
  void expire(RowState& row, Instant run);
  void fire(RowState& row, Instant run, const Row& values);
  void close(RowState& row);
  void perform_runs(Instant last_run, OperatorOutput& output);
  void fire_suppressed(RowState& row, Instant run, const Row& values, OperatorOutput& output);
  [[nodiscard]] std::vector<Values> cells_of(const Row& row, Instant run) const;
  [[nodiscard]] Row values_of(const RowState& row) const;
  [[nodiscard]] NamedValues outputs_of(const Row& row, Instant run) const;
  [[nodiscard]] plan::LogicalType type_of_output(const plan::Expr& expression) const;
  [[nodiscard]] bool lacks_a_need(const RowState& row) const;
  void offer_near_miss(const RowState& row, OperatorOutput& output) const;

  const Partition* partition_;
  const plan::RunAggregate* op_;
  Duration interval_;
  std::shared_ptr<const RowThreshold> having_;
  std::map<std::string, RowState> rows_;
  RowState* last_row_ = nullptr;        ///< of the newest hit: hits of one burst mostly share it
  std::optional<AlertTracker> alerts_;  ///< where firings are suppressed
  Instant performed_;                   ///< then: the last run that was performed
  std::uint64_t forgotten_ = 0;         ///< then: rows that were dropped when their windows emptied
  std::vector<EpisodeRecord> done_;     ///< rows of one partition end out of order: sorted at the end
};

}  // namespace trailhound::engine
