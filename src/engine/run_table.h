#pragma once
/// Operator of scheduled rules whose query needs whole tables: a second STATS, INLINE STATS, MV_EXPAND, LIMIT, NOW() in
/// front of STATS. Inside src/engine only.
///
/// Runs stand at the points T of a grid (multiples of `interval` since the epoch) up to the first one at or after the
/// frontier; the window of a run is [T - look_back, T], both ends included. The pipeline is evaluated over the window's
/// hits in their total order; what looks at one row at a time is evaluated once a hit, when it comes. Between two runs
/// that see the same hits the rows are the same, so only runs at which hits enter or leave are computed (all of them if
/// the rule asks for the time of the run). A run whose window is empty gives no row.
///
/// Every hit has a number, which the pipeline carries along: a row knows the hits behind it.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/episodes.h"
#include "engine/event_log.h"
#include "engine/operator.h"
#include "engine/table/table.h"

namespace trailhound::engine {

class RunTableOperator {
 public:
  explicit RunTableOperator(const Partition& partition);

  void step(const StoredHit& hit, OperatorOutput& output);
  void finish(OperatorOutput& output);

 private:
  struct Entry {
    Instant time;
    std::uint64_t queries = 0;
    Profile::Outcome outcome = Profile::Outcome::ok;
    std::vector<Row> rows;                      ///< behind the commands that look at one row at a time
    std::shared_ptr<const EventDetail> detail;  ///< null once dropped: see EventLog::kMaxDetails
  };
  /// An identity that fired.
  struct Open {
    EpisodeRecord record;
    Instant last_true;
    std::uint64_t gathered_until = 0;  ///< hits before this number are counted
  };

  void look_at_runs(Instant last_run, OperatorOutput& output);
  [[nodiscard]] Status look_at_run(Instant run, Instant until);
  void take_row(Row&& row, Instant run, Instant until);
  void gather(Open& open, const Values& lineage);
  void expire(Instant run);
  void close_before(Instant run);
  [[nodiscard]] NamedValues shown(const Row& row) const;
  [[nodiscard]] TableContext context_at(Instant run) const;

  const Partition* partition_;
  const plan::RunTable* op_;
  Duration interval_;
  std::size_t row_wise_ = 0;  ///< steps that are evaluated once a hit
  bool uses_run_time_ = false;
  std::deque<Entry> window_;
  std::uint64_t first_ = 0;  ///< number of window_.front()
  std::size_t details_ = 0;  ///< entries from the back that still have theirs
  Instant next_run_;         ///< the first run not looked at yet
  std::map<std::string, Open> open_;
  std::vector<EpisodeRecord> done_;
  std::optional<Error> failure_;  ///< the first; nothing is evaluated after it
};

}  // namespace trailhound::engine
