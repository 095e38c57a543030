#include "engine/rare_history.h"

#include <algorithm>

namespace trailhound::engine {

// Events come roughly in order of time: the newest bucket mostly is the same again.
void RareHistory::append(Buckets& buckets, std::int64_t bucket) {
  if (!buckets.empty() && buckets.back() == bucket) return;
  buckets.push_back(bucket);
  ++entries_;
}

void RareHistory::note(std::uint64_t group, std::uint64_t value, std::int64_t bucket) {
  append(seen_[{group, value}], bucket);
}

void RareHistory::add(RareHistory&& other) {
  const auto join = [](auto& into, auto&& from) {
    for (auto& [key, buckets] : from) {
      Buckets& mine = into[key];
      mine.insert(mine.end(), buckets.begin(), buckets.end());
    }
  };
  join(active_, other.active_);
  join(seen_, other.seen_);
  entries_ += other.entries_;
}

void RareHistory::settle(Buckets& buckets) {
  std::ranges::sort(buckets);
  const auto same = std::ranges::unique(buckets);
  buckets.erase(same.begin(), same.end());
}

void RareHistory::settle() {
  for (auto& [group, buckets] : active_) settle(buckets);
  for (auto& [key, buckets] : seen_) settle(buckets);
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
    place.seen = static_cast<std::uint64_t>(std::ranges::lower_bound(found->second, bucket) - found->second.begin());
  }
  return place;
}

std::uint64_t RareHistory::most_active() const {
  std::uint64_t most = 0;
  for (const auto& [group, buckets] : active_) most = std::max<std::uint64_t>(most, buckets.size() - 1);
  return most;
}

}  // namespace trailhound::engine
