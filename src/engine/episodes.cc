#include "engine/episodes.h"

#include <algorithm>
#include <tuple>

#include "engine/hit_arguments.h"

namespace trailhound::engine {

namespace {

std::optional<double> as_number(const Values& values) {
  if (values.size() != 1) return std::nullopt;
  if (const auto* integer = std::get_if<std::int64_t>(&values[0])) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&values[0])) return *real;
  return std::nullopt;
}

/// Evidence is the first events in total order, though events may be gathered out of order when groups share a signal.
void keep_evidence(std::vector<EvidenceItem>& evidence, EvidenceItem item) {
  const auto before = [](const EvidenceItem& a, const EvidenceItem& b) {
    return std::tie(a.time, a.event_key) < std::tie(b.time, b.event_key);
  };
  const bool full = evidence.size() >= EpisodeRecord::kEvidenceCap;
  if (full && !before(item, evidence.back())) return;
  const auto at = std::upper_bound(evidence.begin(), evidence.end(), item, before);
  evidence.insert(at, std::move(item));
  if (full) evidence.pop_back();
}

void count_outcome(EpisodeRecord& record, Profile::Outcome outcome) {
  ++record.event_count;
  ++record.outcomes[static_cast<std::size_t>(outcome)];
}

void keep_description(EpisodeRecord& record, Instant time, const std::string& event_key,
                      const DescriptionBytes& bytes) {
  auto [profile, attributes, path, offset, event_id] = read_description(event_key, bytes);
  keep_evidence(record.evidence, {time, event_key, event_id, path, offset});
  record.principals.add(profile.principal);
  record.accounts.add(profile.account);
  record.regions.add(profile.region);
  record.source_ips.add(profile.source_ip);
  record.user_agents.add(profile.user_agent);
  record.event_names.add(profile.event_name);
  for (std::size_t i = 0; i < record.attributes.size() && i < attributes.size(); ++i) {
    for (const Value& value : attributes[i]) record.attributes[i].add(to_text(value));
  }
  if (attributes.size() > record.attributes.size() && time <= record.trigger_time) {
    attributes.erase(attributes.begin(), attributes.begin() + static_cast<std::ptrdiff_t>(record.attributes.size()));
    record.carried.add(time, event_key, std::move(attributes));
  }
}

}  // namespace

int compare_strength(const NamedValues& a, const NamedValues& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const Values& left = a[i].second;
    const Values& right = b[i].second;
    const auto left_number = as_number(left);
    const auto right_number = as_number(right);
    if (left_number && right_number) {
      if (*left_number != *right_number) return *left_number < *right_number ? -1 : 1;
      continue;
    }
    if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
    if (const int order = compare_cells(left, right); order != 0) return order;
  }
  return 0;
}

EpisodeRecord open_record(const Partition& partition, const Firing& firing) {
  EpisodeRecord record;
  record.rule = partition.rule_index;
  record.signal_key = partition.signal_key;
  record.key_names = partition.key_names;
  record.trigger_time = firing.time;
  record.trigger_key = firing.trigger_key;
  record.expansion = firing.expansion;
  record.first_seen = firing.oldest;
  record.last_seen = firing.time;
  record.severity = firing.severity;
  record.case_name = firing.case_name;
  record.values = firing.values;
  record.events_per_query.assign(partition.rule->plan.queries.size(), 0);
  record.attributes.resize(partition.rule->attributes.size());
  record.carried.all_events = std::holds_alternative<plan::Sequence>(partition.rule->plan.op);
  return record;
}

void raise(EpisodeRecord& record, const Firing& firing) {
  if (firing.severity < record.severity) return;
  const bool rises = firing.severity > record.severity;
  if (!rises && compare_strength(record.values, firing.values) >= 0) return;
  if (!record.opening) record.opening = {record.severity, record.case_name, std::move(record.values)};
  if (rises) {
    record.severity = firing.severity;
    record.case_name = firing.case_name;
  }
  record.values = firing.values;
}

void count_event(EpisodeRecord& record, Profile::Outcome outcome, const EventDetail* detail) {
  count_outcome(record, outcome);
  if (detail != nullptr) keep_description(record, detail->time, detail->event_key, detail->description());
}

void count_event(EpisodeRecord& record, const StoredHit& hit) {
  count_outcome(record, hit.outcome);
  keep_description(record, hit.time, hit.event_key, hit.description());
}

void count_queries(EpisodeRecord& record, std::uint64_t queries) {
  for (std::size_t query = 0; query < record.events_per_query.size() && query < 64; ++query) {
    record.events_per_query[query] += (queries >> query) & 1;
  }
}

bool EpisodeTracker::extends(Instant time) const {
  const plan::Episode& episode = partition_->rule->plan.episode;
  return open_ && episode.keep_alive.micros > 0 && time - open_->last_seen <= episode.keep_alive &&
         time - open_->first_seen <= episode.max_duration;
}

std::uint64_t EpisodeTracker::fire(const Firing& firing, OperatorOutput& output) {
  if (extends(firing.time)) {
    open_->last_seen = firing.time;
    raise(*open_, firing);
  } else {
    close(output);
    open_ = open_record(*partition_, firing);
    ++serial_;
  }
  return serial_;
}

void EpisodeTracker::gather(LoggedEvent& event, std::uint64_t queries) {
  if (event.counted_in != serial_) {
    event.counted_in = serial_;
    event.counted_queries = 0;
    count_event(*open_, event.outcome, event.detail.get());
  }
  count_queries(*open_, queries & ~event.counted_queries);
  event.counted_queries |= queries;
}

void EpisodeTracker::close(OperatorOutput& output) {
  if (!open_) return;
  ++output.tally.report.episodes;
  output.emit(std::move(*open_));
  open_.reset();
}

}  // namespace trailhound::engine
