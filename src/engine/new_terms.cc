#include "engine/new_terms.h"

#include <algorithm>
#include <utility>

#include "engine/display_values.h"
#include "engine/hit_arguments.h"
#include "engine/signal_key.h"

namespace trailhound::engine {

std::string covered_history(Instant first_event, Instant run, Duration history) {
  if (first_event <= run - history) return {};
  return format_duration(std::max(run - first_event, Duration{})) + " of " + format_duration(history);
}

NewTermsOperator::NewTermsOperator(const Partition& partition)
    : partition_(&partition),
      op_(&std::get<plan::NewTerms>(partition.rule->plan.op)),
      interval_{std::max<std::int64_t>(op_->interval.micros, 1)},
      alerts_(partition) {}

void NewTermsOperator::step(const StoredHit& hit, OperatorOutput& output) {
  fire_waiting(ceil_to(hit.time, interval_), output);
  const std::optional<Instant> before = see(hit);
  if (hit.covers.micros > 0) return;  // a note, no event
  const Instant run = run_of(hit.time, before);
  if (run >= hit.time + op_->look_back) return;
  if (run > ceil_to(partition_->frontier, interval_)) {
    ++output.tally.report.open_windows;
    return;
  }
  if (!alerts_.suppresses()) return fire(hit, run, output);
  waiting_.emplace(run, hit);
  if (waiting_.size() > kMostWaiting) fire_waiting(waiting_.begin()->first + Duration{1}, output);
}

/// Fires what runs before this one find; no later hit can have such a run.
void NewTermsOperator::fire_waiting(Instant before, OperatorOutput& output) {
  while (!waiting_.empty() && waiting_.begin()->first < before) {
    const auto first = waiting_.extract(waiting_.begin());
    fire(first.mapped(), first.key(), output);
  }
}

void NewTermsOperator::finish(OperatorOutput& output) {
  fire_waiting(Instant::max(), output);
  output.tally.report.groups += groups_;
  alerts_.finish(output);
}

/// Notes the hit's group as seen; when it was seen before.
std::optional<Instant> NewTermsOperator::see(const StoredHit& hit) {
  std::optional<Instant> before;
  if (!partition_->rule->plan.episode.project) {
    before = last_;
    last_ = std::max(hit.time + hit.covers, before.value_or(Instant::min()));
  } else {
    if (table_.size() >= sweep_at_) {
      table_.forget_before(hit.time - op_->history);
      sweep_at_ = std::max<std::size_t>(1024, table_.size() * 2);
    }
    before = table_.see(canonical_key(hit.group), hit.time + hit.covers);
  }
  if (!before) ++groups_;
  return before;
}

/// T*: the first run that may find the group new at a hit of this time.
Instant NewTermsOperator::run_of(Instant time, std::optional<Instant> before) const {
  const Instant first = ceil_to(time, interval_);
  if (!before) return first;
  return std::max(first, floor_to(*before + op_->history, interval_) + interval_);
}

void NewTermsOperator::fire(const StoredHit& hit, Instant run, OperatorOutput& output) {
  const rule::Rule& rule = *partition_->rule;
  Firing firing{
      .time = hit.time,
      .trigger_key = hit.event_key,
      .oldest = hit.time,
      .severity = rule.severity,
      .case_name = {},
      .values = {},
      .expansion = rule.plan.episode.project ? hit.group : std::vector<Value>{},
  };
  const auto& key = rule.plan.queries[0].key;
  for (std::size_t part = 0; part < key.size() && part < hit.group.size(); ++part) {
    firing.values.emplace_back(key[part].name, display_values({hit.group[part]}, type_of(key[part].expression)));
  }
  if (alerts_.suppresses()) {
    for (auto& [name, values] : argument_values(rule.plan, hit)) {
      const bool is_term =
          std::ranges::find(firing.values, name, &NamedValues::value_type::first) != firing.values.end();
      if (!is_term) firing.values.emplace_back(std::move(name), std::move(values));
    }
  }
  if (partition_->first_event) {
    const std::string covered = covered_history(*partition_->first_event, run, op_->history);
    if (!covered.empty()) firing.values.emplace_back("history", Values{covered});
  }
  EpisodeRecord& record = alerts_.fire(
      firing, {.run = run, .newest = hit.time, .group = alerts_.group_of(hit.group, arguments_of(rule.plan, hit, 0))},
      output);
  count_event(record, hit);
  count_queries(record, hit.queries);
}

}  // namespace trailhound::engine
