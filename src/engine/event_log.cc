#include "engine/event_log.h"

#include <algorithm>

namespace trailhound::engine {

std::shared_ptr<const EventDetail> make_detail(const StoredHit& hit) {
  const DescriptionBytes told = hit.description();
  return std::make_shared<const EventDetail>(EventDetail{hit.time, hit.event_key, std::string(told.bytes), told.texts});
}

std::uint64_t EventLog::add(const StoredHit& hit) {
  const bool same = !events_.empty() && newest_time_ == hit.time && newest_key_ == hit.event_key;
  if (!same) {
    events_.push_back({.time = hit.time, .outcome = hit.outcome, .detail = make_detail(hit)});
    newest_time_ = hit.time;
    newest_key_ = hit.event_key;
    const std::uint64_t end = first_ + events_.size();
    while (end - std::max(first_, first_detail_) > kMaxDetails) {
      first_detail_ = std::max(first_, first_detail_);
      at(first_detail_++).detail.reset();
    }
  }
  return first_ + events_.size() - 1;
}

void EventLog::expire_before(Instant oldest) {
  while (!events_.empty() && events_.front().time < oldest) {
    events_.pop_front();
    ++first_;
  }
}

}  // namespace trailhound::engine
