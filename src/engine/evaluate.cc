#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "engine/anomaly_job.h"
#include "engine/baseline.h"
#include "engine/each_hit.h"
#include "engine/hit_arguments.h"
#include "engine/hit_collector.h"
#include "engine/new_terms.h"
#include "engine/operator.h"
#include "engine/run_aggregate.h"
#include "engine/run_table.h"
#include "engine/run_threshold.h"
#include "engine/sequence.h"
#include "engine/signal_key.h"
#include "engine/state.h"
#include "engine/trailing_condition.h"

namespace trailhound::engine {

namespace {

using AnyOperator =
    std::variant<EachHitOperator, TrailingConditionOperator, BaselineOperator, RunAggregateOperator, RunTableOperator,
                 RunThresholdOperator, NewTermsOperator, SequenceOperator, AnomalyJobOperator>;

void make_operator(const Partition& partition, RuleTally& tally, std::optional<AnyOperator>& made) {
  const plan::Operator& op = partition.rule->plan.op;
  if (std::holds_alternative<plan::TrailingCondition>(op)) {
    made.emplace(std::in_place_type<TrailingConditionOperator>, partition);
  } else if (std::holds_alternative<plan::Baseline>(op)) {
    made.emplace(std::in_place_type<BaselineOperator>, partition);
  } else if (const auto* aggregate = std::get_if<plan::RunAggregate>(&op)) {
    if (!tally.having) tally.having = std::make_shared<const RowThreshold>(threshold_of(*aggregate));
    made.emplace(std::in_place_type<RunAggregateOperator>, partition, tally.having);
  } else if (std::holds_alternative<plan::RunTable>(op)) {
    made.emplace(std::in_place_type<RunTableOperator>, partition);
  } else if (std::holds_alternative<plan::RunThreshold>(op)) {
    made.emplace(std::in_place_type<RunThresholdOperator>, partition);
  } else if (std::holds_alternative<plan::NewTerms>(op)) {
    made.emplace(std::in_place_type<NewTermsOperator>, partition);
  } else if (std::holds_alternative<plan::Sequence>(op)) {
    made.emplace(std::in_place_type<SequenceOperator>, partition);
  } else if (std::holds_alternative<plan::AnomalyJob>(op)) {
    made.emplace(std::in_place_type<AnomalyJobOperator>, partition);
  } else {
    made.emplace(std::in_place_type<EachHitOperator>, partition);
  }
}

/// The first moment that no log can hold (years have four digits); keeps sums of times far from overflow.
constexpr Instant kEndOfTime = Instant::from_seconds(253'402'300'800);

/// Episodes on their way from the thread that makes them to the one that gives them out.
class EpisodeQueue {
 public:
  /// Waits while the queue is full. False once it is closed.
  bool push(EpisodeRecord&& episode) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || episodes_.size() < kMost; });
    if (closed_) return false;
    episodes_.push_back(std::move(episode));
    changed_.notify_all();
    return true;
  }
  /// Waits for an episode. Nothing once the queue is closed and empty.
  std::optional<EpisodeRecord> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !episodes_.empty(); });
    if (episodes_.empty()) return std::nullopt;
    EpisodeRecord episode = std::move(episodes_.front());
    episodes_.pop_front();
    changed_.notify_all();
    return episode;
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  static constexpr std::size_t kMost = 1024;  // bounds the memory of a thread that runs ahead
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<EpisodeRecord> episodes_;
  bool closed_ = false;
};

/// When the data begin, if that is known, and F.
struct Span {
  std::optional<Instant> first_event;
  Instant frontier;
  const Histories* histories;
  [[nodiscard]] const JobHistory* history_of(std::size_t rule) const {
    return rule < histories->size() ? (*histories)[rule].get() : nullptr;
  }
};

/// Takes the sorted hits, joins the records of one event, and leads each partition through its operator.
class Evaluation {
 public:
  Evaluation(const std::vector<rule::RuleRef>& rules, const Span& span,
             const std::function<bool(EpisodeRecord&&)>& consume)
      : rules_(rules),
        frontier_(std::min(span.frontier, kEndOfTime)),
        first_event_(span.first_event),
        span_(span),
        consume_(consume),
        tallies_(rules.size()) {}

  /// Takes the next stored hit. False once the consumer has had enough.
  Result<bool> take(std::string_view key, std::string_view payload) {
    TRY_VOID(decode(key, payload, next_));
    if (next_.rule >= rules_.size()) return fail("a stored hit names a rule that is not in the rule set");
    if (next_.time > frontier_) return !stopped_;
    if (has_pending_ && is_same(pending_, next_)) {
      merge_duplicate(rules_[next_.rule]->plan, pending_, next_);
      return !stopped_;
    }
    flush();
    std::swap(pending_, next_);
    has_pending_ = true;
    is_new_partition_ = partition_bytes_.empty() || !key.starts_with(partition_bytes_);
    if (is_new_partition_) partition_bytes_ = partition_of(key);
    return !stopped_;
  }

  std::vector<RuleTally> finish() {
    flush();
    end_partition();
    return std::move(tallies_);
  }

 private:
  static bool is_same(const StoredHit& a, const StoredHit& b) {
    return a.covers.micros == 0 && b.covers.micros == 0 && a.rule == b.rule && a.time == b.time &&
           a.event_key == b.event_key && a.group == b.group;
  }

  void flush() {
    if (!has_pending_ || stopped_) return;
    has_pending_ = false;
    if (is_new_partition_) {
      end_partition();
      begin_partition(pending_);
    }
    RuleTally& tally = tallies_[pending_.rule];
    if (pending_.covers.micros == 0) ++tally.report.hits;
    OperatorOutput output = output_of(tally);
    std::visit([&](auto& op) { op.step(pending_, output); }, *operator_);
  }

  void begin_partition(const StoredHit& hit) {
    const rule::Rule& rule = *rules_[hit.rule];
    RuleTally& tally = tallies_[hit.rule];
    if (partition_.rule != &rule || names_for_size_ != hit.group.size()) {
      partition_.key_names = signal_key_names(rule.plan, hit.group.size());
      names_for_size_ = hit.group.size();
    }
    partition_.rule = &rule;
    partition_.rule_index = hit.rule;
    partition_.signal_key = signal_key_of(rule.plan.episode, hit.group);
    partition_.frontier = frontier_;
    partition_.first_event = first_event_;
    partition_.history = span_.history_of(hit.rule);
    if (std::holds_alternative<plan::EachHit>(rule.plan.op)) ++tally.report.groups;
    make_operator(partition_, tally, operator_);
  }

  void end_partition() {
    if (!operator_) return;
    OperatorOutput output = output_of(tallies_[partition_.rule_index]);
    if (!stopped_) std::visit([&](auto& op) { op.finish(output); }, *operator_);
    operator_.reset();  // frees the partition's memory
  }

  OperatorOutput output_of(RuleTally& tally) {
    return {.emit = [this](EpisodeRecord&& episode) { stopped_ = stopped_ || !consume_(std::move(episode)); },
            .tally = tally};
  }

  const std::vector<rule::RuleRef>& rules_;
  Instant frontier_;
  std::optional<Instant> first_event_;
  Span span_;
  const std::function<bool(EpisodeRecord&&)>& consume_;
  std::vector<RuleTally> tallies_;
  StoredHit next_, pending_;  // used again and again, for their memory
  bool has_pending_ = false;
  bool is_new_partition_ = false;  // pending_ begins one
  std::string partition_bytes_;    // what the keys of pending_'s partition begin with
  Partition partition_;
  std::size_t names_for_size_ = 0;  // of the groups that partition_.key_names was made for
  std::optional<AnyOperator> operator_;
  bool stopped_ = false;
};

using Consume = std::function<bool(EpisodeRecord&&)>;

/// A hit of one rule may cost many times a hit of another: small pieces keep all processors busy to the end.
constexpr std::size_t kPiecesPerThread = 4;

/// Leads the hits of one piece of the stream, which holds whole partitions, to their episodes.
Result<std::vector<RuleTally>> evaluate_piece(const std::vector<rule::RuleRef>& rules, SpillSorter::Merged& sorted,
                                              const Span& span, const Consume& consume) {
  Evaluation evaluation(rules, span, consume);
  for (;;) {
    TRY(auto item, sorted.next());
    if (!item) break;
    TRY(const bool more, evaluation.take(item->key, item->payload));
    if (!more) break;
  }
  return evaluation.finish();
}

/// A piece that is evaluated by a thread of its own while the caller is busy with those before it.
class PieceAhead {
 public:
  PieceAhead(const std::vector<rule::RuleRef>& rules, SpillSorter::Merged sorted, const Span& span)
      : sorted_(std::move(sorted)), tallies_(std::async(std::launch::async, [this, &rules, span] {
          const std::unique_ptr<EpisodeQueue, CloseQueue> close_at_the_end(&queue_);
          return evaluate_piece(rules, sorted_, span,
                                [this](EpisodeRecord&& episode) { return queue_.push(std::move(episode)); });
        })) {}
  ~PieceAhead() { queue_.close(); }  // before the future waits for the thread
  PieceAhead(const PieceAhead&) = delete;
  PieceAhead& operator=(const PieceAhead&) = delete;

  /// Gives out the episodes until the consumer has had enough.
  Result<std::vector<RuleTally>> finish(const Consume& consume) {
    while (auto episode = queue_.pop()) {
      if (!consume(std::move(*episode))) break;
    }
    queue_.close();
    return tallies_.get();
  }

 private:
  struct CloseQueue {
    void operator()(EpisodeQueue* queue) const { queue->close(); }
  };

  SpillSorter::Merged sorted_;
  EpisodeQueue queue_;
  std::future<Result<std::vector<RuleTally>>> tallies_;
};

/// The operator has seen only what fires.
void tell_history(const JobHistory& history, RuleTally& tally) {
  tally.report.groups = history.groups();
  tally.most_buckets = history.most_active();
  tally.judged = tally.most_buckets > AnomalyJobOperator::kLearning;
}

RuleReport report_of(const rule::Rule& rule, RuleTally&& tally) {
  const auto* baseline = std::get_if<plan::Baseline>(&rule.plan.op);
  if (baseline != nullptr && tally.report.hits > 0 && !tally.judged && !baseline->learning_bound) {
    tally.report.reason = "learns " + format_duration(baseline->learning) + ", longest group seen for " +
                          format_duration(tally.longest_seen);
  }
  if (const auto* job = std::get_if<plan::AnomalyJob>(&rule.plan.op);
      job != nullptr && tally.report.groups > 0 && !tally.judged) {
    tally.report.reason = "learns " + std::to_string(AnomalyJobOperator::kLearning + 1) + " active buckets of " +
                          format_duration(job->bucket) + ", the busiest group had " +
                          std::to_string(tally.most_buckets);
  }
  if (tally.report.episodes > 0) tally.report.nearest.clear();  // it has fired: nothing was merely near
  return std::move(tally.report);
}

}  // namespace

void RuleTally::add(RuleTally&& later) {
  report.hits += later.report.hits;
  report.groups += later.report.groups;
  report.episodes += later.report.episodes;
  report.open_windows += later.report.open_windows;
  offer(later.closeness, [&] { return std::move(later.report.nearest); });
  judged = judged || later.judged;
  longest_seen = std::max(longest_seen, later.longest_seen);
  most_buckets = std::max(most_buckets, later.most_buckets);
}

Result<std::vector<RuleReport>> evaluate(const std::vector<rule::RuleRef>& rules, std::vector<HitCollector> collectors,
                                         Instant frontier, const Consume& consume, unsigned threads,
                                         std::optional<Instant> first_event, const Histories& histories) {
  const Span span{first_event, frontier, &histories};
  std::vector<SpillSorter> sorters;
  for (HitCollector& collector : collectors) {
    TRY_VOID(collector.status());
    sorters.push_back(CollectorAccess::take_sorter(collector));
  }
  const std::size_t count = threads < 2 ? 1 : threads * kPiecesPerThread;
  TRY(auto pieces, SpillSorter::merge_in_pieces(std::move(sorters), count, partition_of));
  std::vector<std::unique_ptr<PieceAhead>> ahead;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    ahead.push_back(std::make_unique<PieceAhead>(rules, std::move(pieces[i]), span));
  }
  bool enough = false;
  const Consume consume_until_enough = [&](EpisodeRecord&& episode) {
    enough = enough || !consume(std::move(episode));
    return !enough;
  };
  TRY(auto tallies, evaluate_piece(rules, pieces.front(), span, consume_until_enough));
  for (const auto& piece : ahead) {
    if (enough) break;
    TRY(auto later, piece->finish(consume_until_enough));
    for (std::size_t rule = 0; rule < rules.size(); ++rule) tallies[rule].add(std::move(later[rule]));
  }
  std::vector<RuleReport> reports;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    if (const JobHistory* history = span.history_of(rule)) tell_history(*history, tallies[rule]);
    reports.push_back(report_of(*rules[rule], std::move(tallies[rule])));
  }
  return reports;
}

}  // namespace trailhound::engine
