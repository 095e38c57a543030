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
///
/// Memory: the window's rows are held in byte form, and as they are in front of what makes several of one. A hit for
/// which there is no room is omitted, and with it the window so far: every run that would see one of those hits would
/// see it too. Such runs are not evaluated, nor are runs whose groups or result are too large. The report says so, what
/// is open stays open over them, and the runs behind them go on.

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
    std::string row;                            ///< behind the first commands
    std::shared_ptr<const EventDetail> detail;  ///< null once dropped, as in an EventLog or for want of room
  };
  /// An identity that fired.
  struct Open {
    EpisodeRecord record;
    Instant last_true;
    std::uint64_t gathered_until = 0;  ///< hits before this number are counted
  };

  [[nodiscard]] Result<std::string> row_of(const StoredHit& hit) const;
  void hold(Entry&& entry);
  void omit(Instant time, Error why);
  void drop_details();
  void look_at_runs(Instant last_run);
  [[nodiscard]] Status look_at_run(Instant run, Instant until);
  void lose_runs(Instant first, Instant last, const Error& why);
  void take_row(Row&& row, Instant run, Instant until);
  void gather(Open& open, const Values& lineage);
  void expire(Instant run);
  void close_before(Instant run);
  [[nodiscard]] NamedValues shown(const Row& row) const;
  [[nodiscard]] TableContext context_at(Instant run) const;

  const Partition* partition_;
  const plan::RunTable* op_;
  Duration interval_;
  std::size_t once_a_hit_ = 0;  ///< steps that are evaluated when the hit comes
  bool uses_run_time_ = false;
  std::deque<Entry> window_;
  std::uint64_t first_ = 0;            ///< number of window_.front()
  std::size_t entry_bytes_ = 0;        ///< of the window, without details
  std::size_t detail_bytes_ = 0;       ///< of the window
  std::size_t details_ = 0;            ///< entries from the back that still have theirs
  std::optional<Instant> omitted_at_;  ///< the newest hit that was omitted
  Error why_omitted_;
  Instant next_run_;  ///< the first run not looked at yet
  std::map<std::string, Open> open_;
  std::vector<EpisodeRecord> done_;
  std::uint64_t lost_runs_ = 0;
  std::string first_loss_;  ///< when and why
};

}  // namespace trailhound::engine
