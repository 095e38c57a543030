#include "engine/job_history.h"

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

JobHistory::JobHistory(std::vector<JobNotes> notes) {
  for (JobNotes& part : notes) {
    for (auto& [group, buckets] : part.active_) {
      Buckets& all = active_[group];
      all.insert(all.end(), buckets.begin(), buckets.end());
    }
  }
  for (auto& [group, buckets] : active_) sort_distinct(buckets);
  for (const JobNotes& part : notes) {
    for (const auto& [pair, sightings] : part.seen_) {
      if (!has_learned(pair.group)) continue;
      std::vector<Sighting>& all = seen_[pair].sightings;
      all.insert(all.end(), sightings.begin(), sightings.end());
    }
  }
  for (auto& [pair, seen] : seen_) {
    sort_distinct(seen.sightings);
    for (const Sighting& sighting : seen.sightings) {
      if (seen.buckets.empty() || seen.buckets.back() != sighting.bucket) seen.buckets.push_back(sighting.bucket);
    }
  }
}

bool JobHistory::has_learned(std::uint64_t group) const {
  const auto active = active_.find(group);
  return active != active_.end() && active->second.size() > kAnomalyLearning;
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

std::vector<JobHistory::Mark> JobHistory::sorted_marks() const {
  std::vector<Mark> marks;
  for (const auto& [pair, seen] : seen_) {
    const Sighting* last = nullptr;
    for (const Sighting& sighting : seen.sightings) {
      const bool first = last == nullptr || last->bucket != sighting.bucket;
      marks.push_back({pair.group, sighting.bucket, sighting.input, first});
      last = &sighting;
    }
  }
  std::ranges::sort(marks);
  return marks;
}

void JobHistory::each_count(const std::function<void(const Counted&)>& visit) const {
  const std::vector<Mark> marks = sorted_marks();
  std::vector<std::uint32_t> inputs;
  for (auto mark = marks.begin(); mark != marks.end();) {
    const std::uint64_t group = mark->group;
    LearnedCount learned;
    for (const std::int64_t bucket : active_.at(group)) {
      std::uint64_t count = 0;
      inputs.clear();
      for (; mark != marks.end() && mark->group == group && mark->bucket == bucket; ++mark) {
        count += mark->first ? 1 : 0;
        if (inputs.empty() || inputs.back() != mark->input) inputs.push_back(mark->input);
      }
      if (count > 0 && learned.is_over()) visit({group, bucket, count, learned, inputs});
      learned.learn(count);
    }
    while (mark != marks.end() && mark->group == group) ++mark;  // none is: a value makes its bucket active
  }
}

const LearnedCount* JobHistory::before(std::uint64_t group, std::int64_t bucket) const {
  const auto found = kept_.find({group, bits_of(bucket)});
  return found == kept_.end() ? nullptr : &found->second;
}

std::uint64_t JobHistory::most_active() const {
  std::uint64_t most = 0;
  for (const auto& [group, buckets] : active_) most = std::max<std::uint64_t>(most, buckets.size() - 1);
  return most;
}

}  // namespace trailhound::engine
