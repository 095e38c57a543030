#include "engine/job_history.h"

#include <algorithm>
#include <cmath>

#include "engine/state.h"

namespace trailhound::engine {

namespace {

template <class T>
void sort_distinct(std::vector<T>& list) {
  std::ranges::sort(list);
  const auto same = std::ranges::unique(list);
  list.erase(same.begin(), same.end());
}

}  // namespace

double CountModel::deviation() const {
  return std::sqrt(squares / static_cast<double>(std::max<std::uint64_t>(active, 1)));
}

void CountModel::learn(std::size_t distinct) {
  auto count = static_cast<double>(distinct);
  if (active > kAnomalyLearning) {
    count = std::min(count, mean + 3 * std::max(deviation(), std::sqrt(std::max(mean, 1.0))));
  }
  const double distance = count - mean;
  ++active;
  mean += distance / static_cast<double>(active);
  squares += distance * (count - mean);
}

void JobHistory::note(std::uint64_t group, std::uint64_t value, std::int64_t bucket, std::uint32_t input) {
  append(seen_[{group, value}].sightings, {bucket, input});
}

void JobHistory::add(JobHistory&& other) {
  const auto join = [](auto& mine, const auto& others) { mine.insert(mine.end(), others.begin(), others.end()); };
  for (const auto& [group, buckets] : other.active_) join(active_[group], buckets);
  for (const auto& [key, seen] : other.seen_) join(seen_[key].sightings, seen.sightings);
  entries_ += other.entries_;
}

void JobHistory::settle() {
  for (auto& [group, buckets] : active_) sort_distinct(buckets);
  for (auto& [key, seen] : seen_) {
    sort_distinct(seen.sightings);
    seen.buckets.clear();
    for (const Sighting& sighting : seen.sightings) {
      if (seen.buckets.empty() || seen.buckets.back() != sighting.bucket) seen.buckets.push_back(sighting.bucket);
    }
  }
}

std::uint64_t JobHistory::active_before(std::uint64_t group, std::int64_t bucket) const {
  const auto found = active_.find(group);
  if (found == active_.end()) return 0;
  const Buckets& buckets = found->second;
  return static_cast<std::uint64_t>(std::ranges::lower_bound(buckets, bucket) - buckets.begin());
}

JobHistory::Place JobHistory::at(std::uint64_t group, std::uint64_t value, std::int64_t bucket) const {
  Place place{0, active_before(group, bucket)};
  if (const auto found = seen_.find({group, value}); found != seen_.end()) {
    const Buckets& buckets = found->second.buckets;
    place.seen = static_cast<std::uint64_t>(std::ranges::lower_bound(buckets, bucket) - buckets.begin());
  }
  return place;
}

void JobHistory::count_values() {
  for (const auto& [group, buckets] : active_) counts_[group].resize(buckets.size());
  for (const auto& [key, seen] : seen_) {
    auto& counts = counts_[key.group];
    for (const std::int64_t bucket : seen.buckets) ++counts[active_before(key.group, bucket)].values;
  }
  for (auto& [group, counts] : counts_) {
    CountModel model;
    for (Count& count : counts) {
      count.before = model;
      model.learn(count.values);
    }
  }
}

CountModel JobHistory::counts_before(std::uint64_t group, std::int64_t bucket) const {
  const auto found = counts_.find(group);
  const std::size_t at = active_before(group, bucket);
  return found == counts_.end() || at >= found->second.size() ? CountModel() : found->second[at].before;
}

std::uint64_t JobHistory::most_active() const {
  std::uint64_t most = 0;
  for (const auto& [group, buckets] : active_) most = std::max<std::uint64_t>(most, buckets.size() - 1);
  return most;
}

}  // namespace trailhound::engine
