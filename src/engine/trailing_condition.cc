#include "engine/trailing_condition.h"

#include <algorithm>

#include "base/hash.h"
#include "engine/condition_evaluator.h"
#include "engine/hit_arguments.h"
#include "engine/signal_key.h"

namespace trailhound::engine {

namespace {

std::span<const MeasureItem> items_of(const std::vector<MeasureItem>& items, std::size_t query) {
  const auto range = std::ranges::equal_range(items, static_cast<std::uint32_t>(query), {},
                                              [](const auto& item) { return item.query; });
  return {range.begin(), range.end()};
}

template <class Entry>
void add_entry(std::vector<SlidingMeasure>& measures, const Entry& entry) {
  for (std::size_t query = 0; query < measures.size() && query < 64; ++query) {
    if ((entry.queries >> query) & 1) measures[query].add(items_of(entry.items, query));
  }
}

template <class Entry>
void remove_entry(std::vector<SlidingMeasure>& measures, const Entry& entry) {
  for (std::size_t query = 0; query < measures.size() && query < 64; ++query) {
    if ((entry.queries >> query) & 1) measures[query].remove(items_of(entry.items, query));
  }
}

std::vector<double> values_of(const std::vector<SlidingMeasure>& measures) {
  std::vector<double> values;
  values.reserve(measures.size());
  for (const SlidingMeasure& measure : measures) values.push_back(measure.value());
  return values;
}

}  // namespace

TrailingConditionOperator::TrailingConditionOperator(const Partition& partition)
    : partition_(&partition), op_(&std::get<plan::TrailingCondition>(partition.rule->plan.op)), episodes_(partition) {
  for (const auto& one : op_->cases) {
    const plan::ConditionThen* then = as_then(one.condition);
    case_grows_.push_back(then != nullptr && grows_only(then->first, op_->measures));
  }
}

void TrailingConditionOperator::step(const StoredHit& hit, OperatorOutput& output) {
  if (groups_.size() > sweep_at_) forget_idle_groups(hit.time);
  Group& group = group_of(hit);
  expire(group, hit.time);
  log_.expire_before(op_->window.micros > 0 ? hit.time - op_->window : hit.time);
  admit(group, hit, output);
  for (std::size_t index = 0; index < op_->cases.size(); ++index) follow(group, index);

  const std::vector<double> values = values_of(group.measures);
  for (std::size_t index = 0; index < op_->cases.size(); ++index) {
    if (!is_true(group, index, values)) continue;
    fire(group, hit, op_->cases[index], values, output);
    return;
  }
  offer_near_miss(hit, values, output);
}

void TrailingConditionOperator::finish(OperatorOutput& output) {
  episodes_.close(output);
  output.tally.report.groups += seen_groups_.size();
}

TrailingConditionOperator::Group& TrailingConditionOperator::group_of(const StoredHit& hit) {
  const std::string key = canonical_key(hit.group);
  const auto [at, is_new] = groups_.try_emplace(key);
  if (is_new) {
    seen_groups_.insert(hash64(key));
    at->second.measures = make_measures();
    for (const auto& one : op_->cases) {
      Then then;
      if (as_then(one.condition) != nullptr) then = {.before = make_measures(), .after = make_measures()};
      at->second.thens.push_back(std::move(then));
    }
  }
  return at->second;
}

TrailingConditionOperator::Measures TrailingConditionOperator::make_measures() const {
  Measures measures;
  for (const auto& measure : op_->measures) measures.emplace_back(measure.aggregation);
  return measures;
}

void TrailingConditionOperator::admit(Group& group, const StoredHit& hit, OperatorOutput& output) {
  Entry entry{.time = hit.time, .event = log_.add(hit), .queries = hit.queries, .items = {}};
  bool all = true;
  for (std::size_t query = 0; query < op_->measures.size(); ++query) {
    if (!matched(hit, query)) continue;
    all &= append_items(op_->measures[query], static_cast<std::uint32_t>(query),
                        arguments_of(partition_->rule->plan, hit, query), entry.items);
  }
  if (!all) ++output.tally.report.capped_events;
  add_entry(group.measures, entry);
  for (Then& then : group.thens) add_entry(then.after, entry);
  group.window.push_back(std::move(entry));
}

/// Drops what is no longer in (now - W, now]; with W = 0 everything.
void TrailingConditionOperator::expire(Group& group, Instant now) {
  while (!group.window.empty()) {
    const Entry& oldest = group.window.front();
    if (op_->window.micros > 0 && oldest.time > now - op_->window) return;
    remove_entry(group.measures, oldest);
    for (Then& then : group.thens) {
      if (group.first < then.split) {
        remove_entry(then.before, oldest);
      } else {
        remove_entry(then.after, oldest);
        then.split = group.first + 1;
      }
    }
    group.window.pop_front();
    ++group.first;
  }
}

/// Puts the split of a THEN case right after u, the earliest hit at which X is true.
void TrailingConditionOperator::follow(Group& group, std::size_t index) {
  const plan::ConditionThen* condition = as_then(op_->cases[index].condition);
  if (condition == nullptr) return;
  Then& then = group.thens[index];
  if (!case_grows_[index]) {
    then.before = make_measures();
    then.after = make_measures();
    for (const Entry& entry : group.window) add_entry(then.after, entry);
    then.split = group.first;
  }
  const auto reached = [&] { return then.split > group.first && holds(condition->first, values_of(then.before)); };
  then.reached = reached();
  while (!then.reached && then.split < group.end()) {
    const Entry& next = group.entry(then.split);
    remove_entry(then.after, next);
    add_entry(then.before, next);
    ++then.split;
    then.reached = reached();
  }
}

bool TrailingConditionOperator::is_true(const Group& group, std::size_t index, std::span<const double> values) const {
  const plan::ConditionThen* condition = as_then(op_->cases[index].condition);
  if (condition == nullptr) return holds(op_->cases[index].condition, values);
  const Then& then = group.thens[index];
  return then.reached && holds(condition->then, values_of(then.after));
}

void TrailingConditionOperator::fire(Group& group, const StoredHit& hit,
                                     const plan::TrailingCondition::Case& matched_case, std::span<const double> values,
                                     OperatorOutput& output) {
  Firing firing{
      .time = hit.time,
      .trigger_key = hit.event_key,
      .oldest = group.window.front().time,
      .severity = matched_case.severity,
      .case_name = matched_case.name,
      .values = {},
      .expansion = {},
  };
  for (std::size_t query = 0; query < values.size(); ++query) {
    firing.values.emplace_back(partition_->rule->plan.queries[query].name, Values{number_value(values[query])});
  }
  const std::uint64_t serial = episodes_.fire(firing, output);
  std::uint64_t number = group.first;
  if (group.gathered_in == serial) number = std::max(number, group.gathered_until);
  for (; number < group.end(); ++number) {
    const Entry& entry = group.entry(number);
    episodes_.gather(log_.at(entry.event), entry.queries);
  }
  group.gathered_in = serial;
  group.gathered_until = group.end();
}

void TrailingConditionOperator::offer_near_miss(const StoredHit& hit, std::span<const double> values,
                                                OperatorOutput& output) const {
  for (const auto& one : op_->cases) {
    output.tally.offer(closeness(one.condition, values), [&] {
      std::string text = describe_closeness(one.condition, values, partition_->rule->plan);
      if (!hit.group.empty()) text += " (" + describe_group(hit.group) + ")";
      return text;
    });
  }
}

/// When a signal is shared by many groups, those whose windows have emptied are dropped now and then.
void TrailingConditionOperator::forget_idle_groups(Instant now) {
  std::erase_if(groups_, [&](const auto& item) {
    const Group& group = item.second;
    return group.window.empty() || group.window.back().time <= now - op_->window;
  });
  sweep_at_ = std::max<std::size_t>(64, groups_.size() * 2);
}

}  // namespace trailhound::engine
