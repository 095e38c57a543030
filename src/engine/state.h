#pragma once
/// The stateful half: hits in operator order in, episodes out.
///
///     HitCollector collector(rules, {.budget = ..., .folder = ...});    // one a worker, a HitSink
///     TRY(auto report, evaluate(rules, std::move(collectors), frontier, [&](EpisodeRecord&& e) { ... }));
///
/// Hits are sorted by (rule, signal key, time, event key), spilling to disk beyond the budget, and each partition goes
/// through its rule's operator. Hits of one event key and time are one event: duplicates vanish here. Memory does not
/// grow with the number of hits; only a group's window is held, compact, and what is told about its events (evidence,
/// texts) only for the newest EventLog::kMaxDetails of them: counts stay exact.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/spill_sorter.h"
#include "engine/episode.h"
#include "engine/hit.h"
#include "engine/job_history.h"
#include "engine/matcher.h"
#include "rule/rule.h"

namespace trailhound::engine {

class HitCollector : public HitSink {
 public:
  HitCollector(const std::vector<rule::RuleRef>& rules, SpillSorter::Options options);
  HitCollector(HitCollector&&) noexcept;
  HitCollector& operator=(HitCollector&&) noexcept;
  ~HitCollector() override;
  void add(const HitView& hit) override;
  /// The same for one that somebody kept.
  void add(const Hit& hit);
  /// Call when all hits are in, from the collector's own thread: what can be sorted at once is.
  void sort();
  /// The first error met while spilling (a full disk), if any.
  [[nodiscard]] Status status() const;

 private:
  friend struct CollectorAccess;
  template <class AnyHit>
  void collect(const AnyHit& hit);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What the operators noticed besides firing; per rule, for the ledger.
struct RuleReport {
  std::uint64_t hits = 0;  ///< distinct events times groups
  std::uint64_t groups = 0;
  std::uint64_t episodes = 0;
  /// The group that came nearest to firing: "3 of 4 aws_backup_enumeration... (arn:...)"; empty if nothing was hit.
  std::string nearest;
  /// Why nothing could fire, if that is so: "learns 24 h, longest group seen for 55 min".
  std::string reason;
  std::uint64_t open_windows = 0;  ///< windows that end beyond the frontier and so did not fire
  /// New values: events with more combinations of values than are looked at (NewValueOperator::kMaxValues).
  std::uint64_t capped_events = 0;
  /// Why the rule was not evaluated everywhere, if so: "3 runs, the first at ..., were not evaluated: ...".
  std::string unfinished;
};

/// What anomaly jobs learned of hits that were not made (sieve.h): by rule, null for all others; empty: none.
using Histories = std::vector<std::shared_ptr<const JobHistory>>;

struct EvaluationOptions {
  unsigned threads = 1;  ///< share the partitions
  /// When the data begin: rules that compare with a history say how much of it there was.
  std::optional<Instant> first_event = {};
  Histories histories = {};
  /// In bytes. A rule that needs whole tables holds half of it in its window and a quarter in a command's groups.
  std::size_t memory = 256u << 20;
};

/// Takes the episodes of an evaluation.
class EpisodeTaker {
 public:
  virtual ~EpisodeTaker() = default;
  /// Called on the threads that evaluate, several at a time. Those of one partition come on one thread, in opening
  /// order. False: it has had enough; what other threads are about to give may still come.
  [[nodiscard]] virtual bool take(EpisodeRecord&& episode) = 0;
};

/// `frontier` is F: hits later than it are ignored, runs go up to the first grid point >= F.
/// With one thread episodes come on the calling one, in order of rule, then signal key, then opening position.
[[nodiscard]] Result<std::vector<RuleReport>> evaluate(const std::vector<rule::RuleRef>& rules,
                                                       std::vector<HitCollector> collectors, Instant frontier,
                                                       EpisodeTaker& taker, const EvaluationOptions& options = {});

/// The same for a consumer that is never called by two threads at a time; a false from it stops: no call follows.
[[nodiscard]] Result<std::vector<RuleReport>> evaluate(const std::vector<rule::RuleRef>& rules,
                                                       std::vector<HitCollector> collectors, Instant frontier,
                                                       const std::function<bool(EpisodeRecord&&)>& consume,
                                                       const EvaluationOptions& options = {});

}  // namespace trailhound::engine
