#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "engine/baseline.h"
#include "engine/each_hit.h"
#include "engine/hit_arguments.h"
#include "engine/hit_collector.h"
#include "engine/operator.h"
#include "engine/run_aggregate.h"
#include "engine/signal_key.h"
#include "engine/state.h"
#include "engine/trailing_condition.h"

namespace trailhound::engine {

namespace {

using AnyOperator = std::variant<EachHitOperator, TrailingConditionOperator, BaselineOperator, RunAggregateOperator>;

AnyOperator make_operator(const Partition& partition) {
  const plan::Operator& op = partition.rule->plan.op;
  if (std::holds_alternative<plan::TrailingCondition>(op)) return TrailingConditionOperator(partition);
  if (std::holds_alternative<plan::Baseline>(op)) return BaselineOperator(partition);
  if (std::holds_alternative<plan::RunAggregate>(op)) return RunAggregateOperator(partition);
  return EachHitOperator(partition);
}

/// The first moment that no log can hold (years have four digits); keeps sums of times far from overflow.
constexpr Instant kEndOfTime = Instant::from_seconds(253'402'300'800);

/// Takes the sorted hits, joins the records of one event, and leads each partition through its operator.
class Evaluation {
 public:
  Evaluation(const std::vector<rule::RuleRef>& rules, Instant frontier,
             const std::function<bool(EpisodeRecord&&)>& consume)
      : rules_(rules), frontier_(std::min(frontier, kEndOfTime)), consume_(consume), tallies_(rules.size()) {}

  /// False once the consumer has had enough.
  [[nodiscard]] bool take(Hit&& hit) {
    if (hit.time > frontier_) return !stopped_;
    if (pending_ && is_same(*pending_, hit)) {
      merge_duplicate(rules_[hit.rule]->plan, *pending_, hit);
      return !stopped_;
    }
    flush();
    pending_ = std::move(hit);
    return !stopped_;
  }

  std::vector<RuleReport> finish() {
    flush();
    end_partition();
    std::vector<RuleReport> reports;
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) reports.push_back(report_of(rule));
    return reports;
  }

 private:
  static bool is_same(const Hit& a, const Hit& b) {
    return a.rule == b.rule && a.time == b.time && a.event_key == b.event_key && a.group == b.group;
  }

  void flush() {
    if (!pending_ || stopped_) return;
    const Hit hit = std::move(*pending_);
    pending_.reset();
    std::vector<Value> key = signal_key_of(rules_[hit.rule]->plan.episode, hit.group);
    if (!operator_ || partition_.rule_index != hit.rule || partition_.signal_key != key) {
      end_partition();
      begin_partition(hit, std::move(key));
    }
    RuleTally& tally = tallies_[hit.rule];
    ++tally.report.hits;
    OperatorOutput output = output_of(tally);
    std::visit([&](auto& op) { op.step(hit, output); }, *operator_);
  }

  void begin_partition(const Hit& hit, std::vector<Value> key) {
    const rule::Rule& rule = *rules_[hit.rule];
    partition_ = Partition{
        .rule = &rule,
        .rule_index = hit.rule,
        .signal_key = std::move(key),
        .key_names = signal_key_names(rule.plan, hit.group.size()),
        .frontier = frontier_,
    };
    if (std::holds_alternative<plan::EachHit>(rule.plan.op)) ++tallies_[hit.rule].report.groups;
    operator_ = make_operator(partition_);
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

  RuleReport report_of(std::size_t rule) {
    RuleTally& tally = tallies_[rule];
    const auto* baseline = std::get_if<plan::Baseline>(&rules_[rule]->plan.op);
    if (baseline != nullptr && tally.report.hits > 0 && !tally.judged && !baseline->learning_bound) {
      tally.report.reason = "learns " + format_duration(baseline->learning) + ", longest group seen for " +
                            format_duration(tally.longest_seen);
    }
    if (tally.report.episodes > 0) tally.report.nearest.clear();  // it has fired: nothing was merely near
    return std::move(tally.report);
  }

  const std::vector<rule::RuleRef>& rules_;
  Instant frontier_;
  const std::function<bool(EpisodeRecord&&)>& consume_;
  std::vector<RuleTally> tallies_;
  std::optional<Hit> pending_;
  Partition partition_;
  std::optional<AnyOperator> operator_;
  bool stopped_ = false;
};

}  // namespace

Result<std::vector<RuleReport>> evaluate(const std::vector<rule::RuleRef>& rules, std::vector<HitCollector> collectors,
                                         Instant frontier, const std::function<bool(EpisodeRecord&&)>& consume) {
  std::vector<SpillSorter> sorters;
  for (HitCollector& collector : collectors) {
    TRY_VOID(collector.status());
    sorters.push_back(CollectorAccess::take_sorter(collector));
  }
  TRY(auto sorted, SpillSorter::merge(std::move(sorters)));
  Evaluation evaluation(rules, frontier, consume);
  for (;;) {
    TRY(auto item, sorted.next());
    if (!item) break;
    TRY(auto hit, decode(item->key, item->payload));
    if (hit.rule >= rules.size()) return fail("a stored hit names a rule that is not in the rule set");
    if (!evaluation.take(std::move(hit))) break;
  }
  return evaluation.finish();
}

}  // namespace trailhound::engine
