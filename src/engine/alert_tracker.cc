#include "engine/alert_tracker.h"

#include <algorithm>
#include <utility>

namespace trailhound::engine {

Instant first_run(const plan::Episode& episode, Instant time) {
  if (!episode.suppression || episode.suppression->interval.micros < 1) return time;
  return ceil_to(time, episode.suppression->interval);
}

AlertTracker::Group AlertTracker::group_of(std::span<const Value> key, std::span<const Values> cells) const {
  std::string bytes;
  if (!suppression_) return bytes;
  for (const std::uint32_t part : suppression_->parts) {
    Values cell;
    if (suppression_->by == plan::Suppression::By::cells) {
      if (part < cells.size()) cell = cells[part];
    } else if (part < key.size() && !is_null(key[part])) {
      cell = {key[part]};
    }
    if (cell.empty() && suppression_->missing_alone) return std::nullopt;
    append_canonical(bytes, static_cast<std::int64_t>(cell.size()));
    for (const Value& value : cell) append_canonical(bytes, value);
  }
  return bytes;
}

bool AlertTracker::joinable(const Alert& alert, Instant run) const {
  return alert.group && run - alert.created <= suppression_->duration.value_or(Duration{});
}

bool AlertTracker::extends(const Alert& alert, Instant time) const {
  const plan::Episode& episode = partition_->rule->plan.episode;
  return episode.keep_alive.micros > 0 && time - alert.last_firing <= episode.keep_alive &&
         time - alert.record.first_seen <= episode.max_duration;
}

EpisodeRecord& AlertTracker::fire(const Firing& firing, Place place, OperatorOutput& output) {
  const auto is_over = [&](const Alert& alert) {
    return suppression_ ? !joinable(alert, place.run) : !extends(alert, firing.time);
  };
  while (!alerts_.empty() && is_over(alerts_.front())) give_out_front(output);
  opened_ = true;
  std::uint64_t number = first_ + alerts_.size();
  if (place.group) {
    const auto [at, is_first] = newest_.try_emplace(*place.group, number);
    opened_ = is_first || is_over(alerts_[at->second - first_]);
    if (!opened_) number = at->second;
    at->second = number;
  }
  if (opened_) {
    alerts_.push_back({open_record(*partition_, firing), place.run, firing.time, std::move(place.group), 0});
    if (alerts_.size() > kMostOpen) give_out_front(output);
  }
  number_ = number;
  Alert& alert = alerts_[number - first_];
  if (!opened_) ++alert.suppressed;
  alert.last_firing = firing.time;
  alert.record.last_seen = opened_ ? place.newest : std::max(alert.record.last_seen, place.newest);
  alert.record.first_seen = std::min(alert.record.first_seen, firing.oldest);
  if (!opened_ && !suppression_) raise(alert.record, firing);
  return alert.record;
}

void AlertTracker::give_out_front(OperatorOutput& output) {
  Alert& alert = alerts_.front();
  if (alert.group) {
    const auto newest = newest_.find(*alert.group);
    if (newest != newest_.end() && newest->second == first_) newest_.erase(newest);
  }
  if (suppression_) {
    alert.record.values.emplace_back("suppressed", Values{static_cast<std::int64_t>(alert.suppressed)});
  }
  ++output.tally.report.episodes;
  output.emit(std::move(alert.record));
  alerts_.pop_front();
  ++first_;
}

void AlertTracker::finish(OperatorOutput& output) {
  while (!alerts_.empty()) give_out_front(output);
}

}  // namespace trailhound::engine
