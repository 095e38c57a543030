#include "engine/rare_history.h"

#include <algorithm>

namespace trailhound::engine {

namespace {

template <class T>
void sort_distinct(std::vector<T>& list) {
  std::ranges::sort(list);
  const auto same = std::ranges::unique(list);
  list.erase(same.begin(), same.end());
}

}  // namespace

void RareHistory::note(std::uint64_t group, std::uint64_t value, std::int64_t bucket, std::uint32_t input) {
  append(seen_[{group, value}].sightings, {bucket, input});
}

void RareHistory::add(RareHistory&& other) {
  const auto join = [](auto& mine, const auto& others) { mine.insert(mine.end(), others.begin(), others.end()); };
  for (const auto& [group, buckets] : other.active_) join(active_[group], buckets);
  for (const auto& [key, seen] : other.seen_) join(seen_[key].sightings, seen.sightings);
  entries_ += other.entries_;
}

void RareHistory::settle() {
  for (auto& [group, buckets] : active_) sort_distinct(buckets);
  for (auto& [key, seen] : seen_) {
    sort_distinct(seen.sightings);
    seen.buckets.clear();
    for (const Sighting& sighting : seen.sightings) {
      if (seen.buckets.empty() || seen.buckets.back() != sighting.bucket) seen.buckets.push_back(sighting.bucket);
    }
  }
}

std::uint64_t RareHistory::active_before(std::uint64_t group, std::int64_t bucket) const {
  const auto found = active_.find(group);
  if (found == active_.end()) return 0;
  const Buckets& buckets = found->second;
  return static_cast<std::uint64_t>(std::ranges::lower_bound(buckets, bucket) - buckets.begin());
}

RareHistory::Place RareHistory::at(std::uint64_t group, std::uint64_t value, std::int64_t bucket) const {
  Place place{0, active_before(group, bucket)};
  if (const auto found = seen_.find({group, value}); found != seen_.end()) {
    const Buckets& buckets = found->second.buckets;
    place.seen = static_cast<std::uint64_t>(std::ranges::lower_bound(buckets, bucket) - buckets.begin());
  }
  return place;
}

std::uint64_t RareHistory::most_active() const {
  std::uint64_t most = 0;
  for (const auto& [group, buckets] : active_) most = std::max<std::uint64_t>(most, buckets.size() - 1);
  return most;
}

}  // namespace trailhound::engine
