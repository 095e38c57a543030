#include "engine/baseline.h"

#include <algorithm>
#include <cmath>

#include "engine/hit_arguments.h"
#include "engine/signal_key.h"

namespace trailhound::engine {

std::int64_t nearest_rank(double fraction, std::int64_t size) {
  constexpr std::int64_t kScale = 1'000'000'000;
  const auto billionths = static_cast<std::int64_t>(std::llround(std::clamp(fraction, 0.0, 1.0) * 1e9));
  // At most 1e9 * size: sizes are buckets in two weeks.
  return std::clamp<std::int64_t>((billionths * size + kScale - 1) / kScale, 1, std::max<std::int64_t>(size, 1));
}

BaselineOperator::BaselineOperator(const Partition& partition)
    : partition_(&partition),
      op_(&std::get<plan::Baseline>(partition.rule->plan.op)),
      bucket_{std::max<std::int64_t>(op_->bucket.micros, 1)},
      window_buckets_(std::max<std::int64_t>(1, op_->window.micros / bucket_.micros)),
      episodes_(partition) {}

void BaselineOperator::step(const StoredHit& hit, OperatorOutput& output) {
  Group& group = group_of(hit, output);
  const std::int64_t bucket = bucket_of(hit.time);
  if (bucket != group.current) move_to(group, bucket);

  const std::int64_t window_start = bucket - window_buckets_ + 1;
  log_.expire_before(Instant{window_start * bucket_.micros});
  group.window.push_back({hit.time, log_.add(hit), hit.queries});
  std::vector<MeasureItem> items;
  const bool all = append_items(op_->measure, 0, arguments_of(partition_->rule->plan, hit, 0), items);
  if (!all) ++output.tally.report.capped_events;
  group.measure.add(items);
  judge(group, hit, output);
}

void BaselineOperator::finish(OperatorOutput& output) {
  episodes_.close(output);
  output.tally.report.groups += groups_.size();
}

BaselineOperator::Group& BaselineOperator::group_of(const StoredHit& hit, OperatorOutput& output) {
  const auto [at, is_new] =
      groups_.try_emplace(canonical_key(hit.group), Group{.first = hit.time,
                                                          .current = bucket_of(hit.time),
                                                          .measure = SlidingMeasure(op_->measure.aggregation),
                                                          .past = {},
                                                          .window = {},
                                                          .bounds = {}});
  output.tally.longest_seen = std::max(output.tally.longest_seen, hit.time - at->second.first);
  return at->second;
}

/// Closes the current bucket, and drops buckets and entries that no later window or history reaches.
void BaselineOperator::move_to(Group& group, std::int64_t bucket) {
  if (const double value = group.measure.value(); value != 0) group.past.emplace_back(group.current, value);
  group.measure = SlidingMeasure(op_->measure.aggregation);
  group.current = bucket;
  const std::int64_t reach = bucket_of(Instant{bucket * bucket_.micros} - kHistory);
  while (!group.past.empty() && group.past.front().first < reach) group.past.pop_front();
  const Instant window_start{(bucket - window_buckets_ + 1) * bucket_.micros};
  while (!group.window.empty() && group.window.front().time < window_start) {
    group.window.pop_front();
    ++group.first_entry;
  }
}

double BaselineOperator::x(const Group& group, std::int64_t bucket) const {
  if (bucket == group.current) return group.measure.value();
  const auto at = std::ranges::lower_bound(group.past, bucket, {}, [](const auto& item) { return item.first; });
  return at != group.past.end() && at->first == bucket ? at->second : 0;
}

double BaselineOperator::percentile(const Group& group, std::int64_t history_start, std::int64_t history_end) const {
  const std::int64_t size = history_end - history_start + 1;
  if (size <= 0) return 0;
  std::vector<double> values;
  for (const auto& [bucket, value] : group.past) {
    if (bucket >= history_start && bucket <= history_end) values.push_back(value);
  }
  // The zeros are not stored: they stand between the negative values and the positive ones.
  const auto negatives = static_cast<std::int64_t>(std::ranges::count_if(values, [](double v) { return v < 0; }));
  const std::int64_t zeros = size - static_cast<std::int64_t>(values.size());
  std::int64_t index = nearest_rank(op_->percentile, size) - 1;
  if (index >= negatives && index < negatives + zeros) return 0;
  if (index >= negatives + zeros) index -= zeros;
  std::ranges::nth_element(values, values.begin() + index);
  return values[static_cast<std::size_t>(index)];
}

/// max(D(b), Wk(b)).
double BaselineOperator::seasonal(const Group& group, std::int64_t bucket, std::int64_t history_start,
                                  std::int64_t history_end) const {
  const auto largest_near = [&](std::int64_t center) {
    double largest = 0;
    bool any = false;
    for (std::int64_t b = center - 1; b <= center + 1; ++b) {
      if (b < history_start || b > history_end) continue;
      const double value = x(group, b);
      largest = any ? std::max(largest, value) : value;
      any = true;
    }
    return largest;
  };
  const auto shifted = [&](std::int64_t days) {
    return bucket_of(Instant{bucket * bucket_.micros - days * kDay.micros});
  };
  const double weekly = std::max(largest_near(shifted(7)), largest_near(shifted(14)));
  std::vector<double> daily;
  for (std::int64_t days = 1; days <= 7; ++days) {
    const std::int64_t center = shifted(days);
    if (center >= history_start && center <= history_end) daily.push_back(largest_near(center));
  }
  double median = 0;
  if (daily.size() >= 3) {
    std::ranges::sort(daily);
    median = daily[daily.size() / 2];
  }
  return std::max(weekly, median);
}

BaselineOperator::Bounds BaselineOperator::bounds_for(const Group& group, std::int64_t history_start,
                                                      bool learning) const {
  Bounds bounds{.current = group.current, .history_start = history_start, .learning = learning, .of_window = {}};
  const std::int64_t window_start = group.current - window_buckets_ + 1;
  const std::int64_t history_end = window_start - 1;
  const double floor = learning ? op_->learning_bound.value_or(0) : percentile(group, history_start, history_end);
  double sum = 0;
  for (std::int64_t bucket = window_start; bucket <= group.current; ++bucket) {
    const double bound = learning ? floor : std::max(floor, seasonal(group, bucket, history_start, history_end));
    bounds.of_window.push_back(bound);
    sum += bound;
  }
  bounds.mean = sum / static_cast<double>(window_buckets_);
  return bounds;
}

void BaselineOperator::judge(Group& group, const StoredHit& hit, OperatorOutput& output) {
  const bool learning = hit.time - group.first < op_->learning;
  if (!learning) output.tally.judged = true;
  if (learning && !op_->learning_bound) return;
  const std::int64_t history_start = bucket_of(std::max(group.first, hit.time - kHistory));
  if (!group.bounds || group.bounds->current != group.current || group.bounds->history_start != history_start ||
      group.bounds->learning != learning) {
    group.bounds = bounds_for(group, history_start, learning);
  }

  double excess = 0;
  double total = 0;
  for (std::int64_t i = 0; i < window_buckets_; ++i) {
    const double value = x(group, group.current - window_buckets_ + 1 + i);
    total += value;
    excess += std::max(0.0, value - group.bounds->of_window[static_cast<std::size_t>(i)]);
  }
  const double limit = op_->tolerance * std::max(1.0, group.bounds->mean);
  if (excess > limit) {
    fire(group, hit, total, excess, output);
    return;
  }
  output.tally.offer(limit > 0 ? excess / limit : 0, [&] {
    const double bound = group.bounds->mean * static_cast<double>(window_buckets_);
    std::string text = number_text(total) + " against a bound of " + number_text(bound) + ": " + number_text(excess) +
                       " in excess of more than " + number_text(limit) + " needed";
    if (!hit.group.empty()) text += " (" + describe_group(hit.group) + ")";
    return text;
  });
}

void BaselineOperator::fire(Group& group, const StoredHit& hit, double total, double excess, OperatorOutput& output) {
  const auto& queries = partition_->rule->plan.queries;
  const double bound = group.bounds->mean * static_cast<double>(window_buckets_);
  const std::uint64_t serial = episodes_.fire(
      Firing{
          .time = hit.time,
          .trigger_key = hit.event_key,
          .oldest = group.window.front().time,
          .severity = op_->severity,
          .case_name = op_->case_name,
          .values = {{queries.empty() ? std::string("value") : queries[0].name, {number_value(total)}},
                     {"anomaly_bound", {number_value(bound)}},
                     {"anomaly_excess", {number_value(excess)}}},
          .expansion = {},
      },
      output);
  std::uint64_t number = group.first_entry;
  if (group.gathered_in == serial) number = std::max(number, group.gathered_until);
  const std::uint64_t end = group.first_entry + group.window.size();
  for (; number < end; ++number) {
    const Entry& entry = group.window[number - group.first_entry];
    episodes_.gather(log_.at(entry.event), entry.queries);
  }
  group.gathered_in = serial;
  group.gathered_until = end;
}

}  // namespace trailhound::engine
