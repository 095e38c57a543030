#include <algorithm>
#include <atomic>
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
#include "engine/new_value.h"
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
                 RunThresholdOperator, NewTermsOperator, SequenceOperator, AnomalyJobOperator, NewValueOperator>;

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
  } else if (std::holds_alternative<plan::NewValue>(op)) {
    made.emplace(std::in_place_type<NewValueOperator>, partition);
  } else {
    made.emplace(std::in_place_type<EachHitOperator>, partition);
  }
}

/// The first moment that no log can hold (years have four digits); keeps sums of times far from overflow.
constexpr Instant kEndOfTime = Instant::from_seconds(253'402'300'800);

/// What hits are judged by. And the texts that the hits of each collector name.
struct Basis {
  Instant frontier;
  const EvaluationOptions* options;
  const std::vector<HitTexts>* texts;
  [[nodiscard]] const JobHistory* history_of(std::size_t rule) const {
    return rule < options->histories.size() ? options->histories[rule].get() : nullptr;
  }
};

/// Of the rules that a piece of the stream is about, in their order.
using Tallies = std::vector<std::pair<std::size_t, RuleTally>>;

/// Takes the sorted hits, joins the records of one event, and leads each partition through its operator.
class Evaluation {
 public:
  Evaluation(const std::vector<rule::RuleRef>& rules, const Basis& basis,
             const std::function<bool(EpisodeRecord&&)>& consume)
      : rules_(rules), frontier_(std::min(basis.frontier, kEndOfTime)), basis_(basis), consume_(consume) {}

  /// Takes the next stored hit. False once the consumer has had enough.
  Result<bool> take(const SpillSorter::Item& item) {
    TRY_VOID(decode(item.key, item.payload, next_, &(*basis_.texts)[item.sorter]));
    if (next_.rule >= rules_.size()) return fail("a stored hit names a rule that is not in the rule set");
    if (next_.time > frontier_) return !stopped_;
    if (has_pending_ && is_same(pending_, next_)) {
      merge_duplicate(rules_[next_.rule]->plan, pending_, next_);
      return !stopped_;
    }
    flush();
    std::swap(pending_, next_);
    has_pending_ = true;
    is_new_partition_ = partition_bytes_.empty() || !item.key.starts_with(partition_bytes_);
    if (is_new_partition_) partition_bytes_ = partition_of(item.key);
    return !stopped_;
  }

  Tallies finish() {
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
    RuleTally& tally = tally_of(pending_.rule);
    if (pending_.covers.micros == 0) ++tally.report.hits;
    OperatorOutput output = output_of(tally);
    std::visit([&](auto& op) { op.step(pending_, output); }, *operator_);
  }

  void begin_partition(const StoredHit& hit) {
    const rule::Rule& rule = *rules_[hit.rule];
    RuleTally& tally = tally_of(hit.rule);
    if (partition_.rule != &rule || names_for_size_ != hit.group.size()) {
      partition_.key_names = signal_key_names(rule.plan, hit.group.size());
      names_for_size_ = hit.group.size();
    }
    partition_.rule = &rule;
    partition_.rule_index = hit.rule;
    partition_.signal_key = signal_key_of(rule.plan.episode, hit.group);
    partition_.frontier = frontier_;
    partition_.first_event = basis_.options->first_event;
    partition_.memory = basis_.options->memory;
    partition_.history = basis_.history_of(hit.rule);
    if (std::holds_alternative<plan::EachHit>(rule.plan.op)) ++tally.report.groups;
    make_operator(partition_, tally, operator_);
  }

  void end_partition() {
    if (!operator_) return;
    OperatorOutput output = output_of(tally_of(partition_.rule_index));
    if (!stopped_) std::visit([&](auto& op) { op.finish(output); }, *operator_);
    operator_.reset();  // frees the partition's memory
  }

  /// Hits come in order of rule.
  RuleTally& tally_of(std::size_t rule) {
    if (tallies_.empty() || tallies_.back().first != rule) tallies_.emplace_back(rule, RuleTally{});
    return tallies_.back().second;
  }

  OperatorOutput output_of(RuleTally& tally) {
    return {.emit = [this](EpisodeRecord&& episode) { stopped_ = stopped_ || !consume_(std::move(episode)); },
            .tally = tally};
  }

  const std::vector<rule::RuleRef>& rules_;
  Instant frontier_;
  Basis basis_;
  const std::function<bool(EpisodeRecord&&)>& consume_;
  Tallies tallies_;
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
constexpr std::size_t kPiecesPerThread = 64;

/// Leads the hits of one piece of the stream, which holds whole partitions, to their episodes.
Result<Tallies> evaluate_piece(const std::vector<rule::RuleRef>& rules, SpillSorter::Merged& sorted, const Basis& basis,
                               const Consume& consume) {
  Evaluation evaluation(rules, basis, consume);
  for (;;) {
    TRY(auto item, sorted.next());
    if (!item) break;
    TRY(const bool more, evaluation.take(*item));
    if (!more) break;
  }
  return evaluation.finish();
}

/// The pieces of the stream, which threads take one after the other.
class Pieces {
 public:
  Pieces(const std::vector<rule::RuleRef>& rules, std::vector<SpillSorter::Merged> pieces, const Basis& basis,
         EpisodeTaker& taker)
      : rules_(rules), basis_(basis), taker_(taker) {
    for (SpillSorter::Merged& sorted : pieces) pieces_.push_back({std::move(sorted), std::nullopt});
  }

  /// With so many threads, of which the calling one is the first.
  Result<std::vector<RuleTally>> evaluate(unsigned threads) {
    std::vector<std::future<void>> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(threads, pieces_.size()); ++i) {
      others.push_back(std::async(std::launch::async, [this] { work(); }));
    }
    work();
    for (auto& other : others) other.get();
    return sum();
  }

 private:
  struct Piece {
    std::optional<SpillSorter::Merged> sorted;  // until it is evaluated: it may have large buffers
    std::optional<Result<Tallies>> tallies;
  };

  void work() {
    const Consume consume = [this](EpisodeRecord&& episode) {
      if (!taker_.take(std::move(episode))) stopped_ = true;
      return !stopped_;
    };
    for (std::size_t i = next_.fetch_add(1); i < pieces_.size() && !stopped_; i = next_.fetch_add(1)) {
      pieces_[i].tallies = evaluate_piece(rules_, *pieces_[i].sorted, basis_, consume);
      pieces_[i].sorted.reset();
      if (!*pieces_[i].tallies) stopped_ = true;
    }
  }

  /// In order of the stream: of what is equally near to firing the first is told.
  Result<std::vector<RuleTally>> sum() {
    std::vector<RuleTally> tallies(rules_.size());
    for (Piece& piece : pieces_) {
      if (!piece.tallies) continue;  // nobody wanted it any more
      Result<Tallies>& of_piece = *piece.tallies;
      if (!of_piece) return std::unexpected(of_piece.error());
      for (auto& [rule, tally] : *of_piece) tallies[rule].add(std::move(tally));
    }
    return tallies;
  }

  const std::vector<rule::RuleRef>& rules_;
  Basis basis_;
  EpisodeTaker& taker_;
  std::vector<Piece> pieces_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopped_{false};
};

/// For those who want the episodes as they are.
class PlainTaker final : public EpisodeTaker {
 public:
  explicit PlainTaker(const Consume& consume) : consume_(consume) {}
  [[nodiscard]] bool take(EpisodeRecord&& episode) override {
    const std::lock_guard lock(mutex_);
    more_ = more_ && consume_(std::move(episode));
    return more_;
  }

 private:
  const Consume& consume_;
  std::mutex mutex_;
  bool more_ = true;
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
      job != nullptr && tally.report.hits > 0 && !tally.judged) {
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
  report.capped_events += later.report.capped_events;
  if (report.unfinished.empty()) report.unfinished = std::move(later.report.unfinished);
  offer(later.closeness, [&] { return std::move(later.report.nearest); });
  judged = judged || later.judged;
  longest_seen = std::max(longest_seen, later.longest_seen);
  most_buckets = std::max(most_buckets, later.most_buckets);
}

Result<std::vector<RuleReport>> evaluate(const std::vector<rule::RuleRef>& rules, std::vector<HitCollector> collectors,
                                         Instant frontier, EpisodeTaker& taker, const EvaluationOptions& options) {
  std::vector<SpillSorter> sorters;
  std::vector<HitTexts> texts;
  for (HitCollector& collector : collectors) {
    TRY_VOID(collector.status());
    sorters.push_back(CollectorAccess::take_sorter(collector));
    texts.push_back(CollectorAccess::take_texts(collector));
  }
  const Basis basis{frontier, &options, &texts};
  const unsigned threads = options.threads;
  const std::size_t count = threads < 2 ? 1 : threads * kPiecesPerThread;
  TRY(auto pieces, SpillSorter::merge_in_pieces(std::move(sorters), count, partition_of));
  TRY(auto tallies, Pieces(rules, std::move(pieces), basis, taker).evaluate(threads));
  std::vector<RuleReport> reports;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    if (const JobHistory* history = basis.history_of(rule)) tell_history(*history, tallies[rule]);
    reports.push_back(report_of(*rules[rule], std::move(tallies[rule])));
  }
  return reports;
}

Result<std::vector<RuleReport>> evaluate(const std::vector<rule::RuleRef>& rules, std::vector<HitCollector> collectors,
                                         Instant frontier, const Consume& consume, const EvaluationOptions& options) {
  PlainTaker taker(consume);
  return evaluate(rules, std::move(collectors), frontier, taker, options);
}

}  // namespace trailhound::engine
