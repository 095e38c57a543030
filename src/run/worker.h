#pragma once
/// One worker of a scan: takes a file from inflate to hits. Everything it gathers is its own; the driver merges.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/ledger.h"
#include "engine/matcher.h"
#include "engine/sieve.h"
#include "event/batch_reader.h"
#include "run/coverage.h"
#include "run/distinct_counter.h"
#include "run/event_matcher.h"
#include "run/input_span.h"
#include "run/progress.h"
#include "run/stratified_hits.h"
#include "source/record_source.h"

namespace trailhound::run {

/// The reported span; records outside feed the rules (before) or do not exist for them (after).
struct TimeRange {
  std::optional<Instant> from;
  std::optional<Instant> to;
};

class Worker : public source::WindowConsumer {
 public:
  /// Rules of the first pass; hits over events go to `hits`, as far as the sieve asks for them. What became of each
  /// file goes to `listing` too, unless that is null.
  Worker(const std::shared_ptr<EventRules>& rules, std::shared_ptr<const engine::SievePlan> plan, StratifiedHits hits,
         DistinctCounter ids, TimeRange range, std::shared_ptr<FileListing> listing, Progress& progress);

  /// What is read next belongs to that portion of the input (portions.h).
  void begin_portion(std::uint32_t number);
  /// Reads one input to its end; false when asked to stop.
  bool read(const source::Input& input);

  void begin_file(FileEntry& file) override;
  source::WindowAnswer window(const source::RecordWindow& window) override;
  void end_file(FileEntry&& file) override;
  [[nodiscard]] bool stopped() const override { return progress_.stop.load(std::memory_order_relaxed); }

  struct Results {
    Ledger ledger;
    Coverage coverage;
    Instant first_event = Instant::max();
    Instant last_event = Instant::min();
    std::uint64_t in_range = 0;
    std::vector<std::vector<engine::QueryReach>> reach;
    std::vector<std::uint64_t> warnings;       ///< see Matcher, one a rule
    std::vector<std::uint64_t> capped_groups;  ///< likewise
  };
  /// All that it gathered.
  struct Yield {
    Results results;
    std::vector<engine::HitCollector> hits;  ///< one collector a stratum
    std::vector<engine::SieveFindings> findings;
    DistinctCounter ids;
  };
  /// Ends the gathering; nothing may be read afterwards.
  [[nodiscard]] Yield finish();
  /// What was read of the portion.
  [[nodiscard]] const InputSpan& span() const { return span_; }

 private:
  void consume(event::Batch& batch);  ///< of at least one row
  void add_rows_in_range(const event::Batch& batch);
  void note_times(Instant least, Instant most);
  /// Tells the progress how far the current input has been read, in bytes on disk.
  void report_bytes(std::uint64_t of_this_input);

  EventMatcher matcher_;
  StratifiedHits hits_;
  engine::Sieve sieve_;  // in front of hits_
  DistinctCounter ids_;
  TimeRange range_;
  Progress& progress_;
  source::RecordSource source_;
  event::BatchReader reader_;
  FileEntry* file_ = nullptr;
  std::uint64_t reported_bytes_ = 0;  ///< of the current input
  InputSpan span_;                    ///< of the current portion
  Results results_;
};

}  // namespace trailhound::run
