#include "engine/anomaly_job.h"

#include <algorithm>
#include <cmath>

#include "engine/display_values.h"
#include "engine/hit_arguments.h"
#include "engine/signal_key.h"
#include "engine/value_hash.h"

namespace trailhound::engine {

namespace {

/// Two digits after the point, so that a score reads like one.
double rounded(double number) { return std::round(number * 100) / 100; }

}  // namespace

std::int64_t bucket_of(const plan::AnomalyJob& job, Instant time) {
  const Duration width{std::max<std::int64_t>(job.bucket.micros, 1)};
  return floor_to(time, width).micros / width.micros;
}

double rare_score(std::uint64_t seen_in, std::uint64_t buckets) {
  const double expected = (static_cast<double>(seen_in) + 0.5) / (static_cast<double>(buckets) + 1);
  const double unlikely = std::max(0.0, 1 - expected);
  // The twelfth power by multiplication: the same bits on every machine.
  const double second = unlikely * unlikely;
  const double fourth = second * second;
  return 100 * fourth * fourth * fourth;
}

AnomalyJobOperator::AnomalyJobOperator(const Partition& partition)
    : partition_(&partition), op_(&std::get<plan::AnomalyJob>(partition.rule->plan.op)) {
  const auto& arguments = partition.rule->plan.queries[0].arguments;
  if (op_->argument < arguments.size()) argument_ = arguments[op_->argument].name;
}

void AnomalyJobOperator::step(const StoredHit& hit, OperatorOutput& output) {
  const std::int64_t bucket = bucket_of(*op_, hit.time);
  if (bucket != current_) {
    give_out(output);
    current_ = bucket;
  }
  std::string key = canonical_key(hit.group);
  const std::uint64_t hash = partition_->history != nullptr ? hash_of_group(hit.group) : 0;
  Group& group = groups_[std::move(key)];
  group.hash = hash;
  if (group.bucket != bucket) {
    move_to(group, bucket);
    output.tally.most_buckets = std::max(output.tally.most_buckets, group.active);
    if (group.active > kLearning) output.tally.judged = true;
  }
  const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
  if (op_->argument >= arguments.size() || arguments[op_->argument].empty()) return;
  if (op_->detector == plan::AnomalyJob::Detector::rare) {
    step_rare(group, hit, arguments[op_->argument]);
  } else {
    step_high(group, hit, arguments[op_->argument]);
  }
}

void AnomalyJobOperator::finish(OperatorOutput& output) {
  give_out(output);
  output.tally.report.groups += groups_.size();
}

/// Learns from the bucket that is over and begins the next one.
void AnomalyJobOperator::move_to(Group& group, std::int64_t bucket) {
  if (group.bucket) {
    if (op_->detector == plan::AnomalyJob::Detector::high_distinct_count) group.learned.learn(group.distinct.size());
    ++group.active;
  }
  group.bucket = bucket;
  if (partition_->history != nullptr) {
    if (const LearnedCount* before = partition_->history->before(group.hash, bucket)) group.learned = *before;
  }
  group.distinct.clear();
  group.held.clear();
  group.open.clear();
}

JobHistory::Place AnomalyJobOperator::place_of(const Group& group, std::uint64_t hash) const {
  if (partition_->history != nullptr) return partition_->history->at(group.hash, hash, current_);
  const auto seen = group.values.find(hash);
  return {seen == group.values.end() ? 0 : seen->second.buckets, group.active};
}

void AnomalyJobOperator::step_rare(Group& group, const StoredHit& hit, const Values& cell) {
  for (const Value& value : cell) {
    const std::uint64_t hash = hash_of_value(to_scalar(value));
    const JobHistory::Place place = place_of(group, hash);
    Seen& seen = group.values[hash];
    const bool first_in_bucket = seen.buckets == 0 || seen.last != current_;
    if (first_in_bucket) {
      const double score = rare_score(place.seen, place.active);
      if (place.active > kLearning && score >= op_->threshold) {
        Firing firing = firing_for(hit);
        firing.values = {
            {argument_, display_values({value}, argument_type())},
            {"score", {rounded(score)}},
            {"typical", {std::to_string(place.seen) + " of " + std::to_string(place.active) + " buckets"}}};
        firing.expansion.push_back(value);
        group.open.insert_or_assign(hash, open_.size());
        open_.push_back({open_record(*partition_, firing), {}, {}});
      }
      ++seen.buckets;
      seen.last = current_;
    }
    if (const auto open = group.open.find(hash); open != group.open.end()) count_in(open_[open->second], hit);
  }
}

void AnomalyJobOperator::step_high(Group& group, const StoredHit& hit, const Values& cell) {
  const std::size_t before = group.distinct.size();
  for (const Value& value : cell) group.distinct.insert(hash_of_value(to_scalar(value)));
  if (!group.open.empty()) {
    Open& open = open_[group.open.begin()->second];
    count_in(open, hit);
    if (group.distinct.size() > before) tell_count(group, open.record.values);
    return;
  }
  if (!group.learned.is_over()) return;
  group.held.push_back({hit.time, hit.queries, hit.outcome, make_detail(hit)});
  if (group.held.size() > EventLog::kMaxDetails) {
    group.held[group.held.size() - 1 - EventLog::kMaxDetails].detail.reset();
  }
  if (group.distinct.size() == before || score_of(group) < op_->threshold) return;
  Firing firing = firing_for(hit);
  firing.oldest = group.held.front().time;
  tell_count(group, firing.values);
  group.open.emplace(0, open_.size());
  open_.push_back({open_record(*partition_, firing), hit.time, hit.event_key});
  for (const Held& held : group.held) {
    count_event(open_.back().record, held.outcome, held.detail.get());
    count_queries(open_.back().record, held.queries);
  }
  group.held.clear();
}

void AnomalyJobOperator::tell_count(const Group& group, NamedValues& values) const {
  values = {{argument_, {static_cast<std::int64_t>(group.distinct.size())}},
            {"score", {rounded(score_of(group))}},
            {"typical", {rounded(group.learned.mean())}}};
}

plan::LogicalType AnomalyJobOperator::argument_type() const {
  return type_of(partition_->rule->plan.queries[0].arguments[op_->argument].expression);
}

Firing AnomalyJobOperator::firing_for(const StoredHit& hit) const {
  return {.time = hit.time,
          .trigger_key = hit.event_key,
          .oldest = hit.time,
          .severity = partition_->rule->severity,
          .case_name = {},
          .values = {},
          .expansion = partition_->rule->plan.episode.project ? hit.group : std::vector<Value>{}};
}

/// Counts the hit's event once, however many of its values or groups name it.
void AnomalyJobOperator::count_in(Open& open, const StoredHit& hit) {
  if (open.newest_time == hit.time && open.newest_key == hit.event_key) return;
  open.newest_time = hit.time;
  open.newest_key = hit.event_key;
  open.record.last_seen = hit.time;
  count_event(open.record, hit);
  count_queries(open.record, hit.queries);
}

void AnomalyJobOperator::give_out(OperatorOutput& output) {
  for (Open& open : open_) {
    ++output.tally.report.episodes;
    output.emit(std::move(open.record));
  }
  open_.clear();
}

}  // namespace trailhound::engine
