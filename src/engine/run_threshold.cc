#include "engine/run_threshold.h"

#include <algorithm>

#include "base/hash.h"
#include "engine/hit_arguments.h"
#include "engine/signal_key.h"

namespace trailhound::engine {

RunThresholdOperator::RunThresholdOperator(const Partition& partition)
    : partition_(&partition),
      op_(&std::get<plan::RunThreshold>(partition.rule->plan.op)),
      interval_{std::max<std::int64_t>(op_->interval.micros, 1)},
      run_(Instant::min()),
      alerts_(partition) {}

void RunThresholdOperator::step(const StoredHit& hit, OperatorOutput& output) {
  const Instant run = ceil_to(hit.time, interval_);
  if (run != run_) {
    end_run(output);
    run_ = run;
  }
  admit(hit);
}

void RunThresholdOperator::finish(OperatorOutput& output) {
  end_run(output);
  output.tally.report.groups += seen_groups_;
  alerts_.finish(output);
}

void RunThresholdOperator::admit(const StoredHit& hit) {
  if (groups_.size() > sweep_at_) forget_idle_groups();
  std::string key = canonical_key(hit.group);
  const auto [at, is_new] = groups_.try_emplace(key);
  Group& group = at->second;
  if (is_new) {
    group.key = hit.group;
    ++seen_groups_;
  }
  grown_.insert(std::move(key));
  Entry entry{.time = hit.time, .outcome = hit.outcome, .queries = hit.queries, .distinct = {}, .detail = nullptr};
  if (op_->distinct) {
    const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
    if (*op_->distinct < arguments.size()) {
      std::string bytes;
      for (const Value& value : arguments[*op_->distinct]) {
        bytes.clear();
        append_canonical(bytes, value);
        entry.distinct.push_back(hash64(bytes));
        ++group.distinct[entry.distinct.back()];
      }
    }
  }
  entry.detail = make_detail(hit);
  group.window.push_back(std::move(entry));
  if (++group.details > EventLog::kMaxDetails) {
    group.window[group.window.size() - group.details].detail.reset();
    --group.details;
  }
}

/// Judges the groups that got hits since the run before, in order of their keys.
void RunThresholdOperator::end_run(OperatorOutput& output) {
  for (const std::string& key : grown_) judge(groups_.at(key), output);
  grown_.clear();
}

void RunThresholdOperator::judge(Group& group, OperatorOutput& output) {
  expire(group);
  const bool enough = !group.window.empty() && group.window.size() >= op_->least;
  if (!enough || group.distinct.size() < op_->least_distinct) return offer_near_miss(group, output);
  fire(group, output);
  group.window.clear();  // counted once
  group.distinct.clear();
  group.details = 0;
}

void RunThresholdOperator::expire(Group& group) const {
  while (!group.window.empty() && group.window.front().time < run_ - op_->look_back) {
    for (const std::uint64_t value : group.window.front().distinct) {
      const auto at = group.distinct.find(value);
      if (--at->second == 0) group.distinct.erase(at);
    }
    group.window.pop_front();
  }
  group.details = std::min(group.details, group.window.size());
}

void RunThresholdOperator::fire(const Group& group, OperatorOutput& output) {
  const rule::Rule& rule = *partition_->rule;
  Firing firing{
      .time = run_,
      .trigger_key = {},
      .oldest = group.window.front().time,
      .severity = rule.severity,
      .case_name = {},
      .values = {{"count", {static_cast<std::int64_t>(group.window.size())}}},
      .expansion = rule.plan.episode.project ? group.key : std::vector<Value>{},
  };
  if (op_->distinct) {
    firing.values.emplace_back("cardinality", Values{static_cast<std::int64_t>(group.distinct.size())});
  }
  firing.values.emplace_back("from", Values{format_rfc3339(group.window.front().time)});
  EpisodeRecord& record = alerts_.fire(
      firing, {.run = run_, .newest = group.window.back().time, .group = alerts_.group_of(group.key, {})}, output);
  for (const Entry& entry : group.window) {
    count_event(record, entry.outcome, entry.detail.get());
    count_queries(record, entry.queries);
  }
}

/// When many groups share a partition, those whose windows have emptied are dropped now and then.
void RunThresholdOperator::forget_idle_groups() {
  std::erase_if(groups_, [&](const auto& item) {
    const Group& group = item.second;
    return !grown_.contains(item.first) && (group.window.empty() || group.window.back().time < run_ - op_->look_back);
  });
  sweep_at_ = std::max<std::size_t>(64, groups_.size() * 2);
}

void RunThresholdOperator::offer_near_miss(const Group& group, OperatorOutput& output) const {
  const auto share = [](std::uint64_t have, std::uint64_t need) {
    return need == 0 ? 1.0 : std::min(1.0, static_cast<double>(have) / static_cast<double>(need));
  };
  const std::uint64_t count = group.window.size();
  const std::uint64_t distinct = group.distinct.size();
  const double how_close =
      op_->distinct ? (share(count, op_->least) + share(distinct, op_->least_distinct)) / 2 : share(count, op_->least);
  output.tally.offer(how_close, [&] {
    std::string text = std::to_string(count) + " of " + std::to_string(op_->least) + " events";
    if (op_->distinct) {
      text += ", " + std::to_string(distinct) + " of " + std::to_string(op_->least_distinct) + " distinct values";
    }
    if (!group.key.empty()) text += " (" + describe_group(group.key) + ")";
    return text;
  });
}

}  // namespace trailhound::engine
