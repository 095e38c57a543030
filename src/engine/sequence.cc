#include "engine/sequence.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/display_values.h"
#include "engine/hit_arguments.h"
#include "engine/signal_key.h"

namespace trailhound::engine {

namespace {

bool serves(std::uint64_t queries, std::uint32_t query) { return query < 64 && ((queries >> query) & 1) != 0; }

/// Appends the values that are not there yet.
void append_distinct(Values& into, const Values& values) {
  for (const Value& value : values) {
    if (std::ranges::find(into, value) == into.end()) into.push_back(value);
  }
}

/// Puts the evidence in the order of the members, where it was sorted by time and key.
template <class Members>
void order_by_stage(std::vector<EvidenceItem>& evidence, const Members& members) {
  const auto place_of = [&](const EvidenceItem& item) {
    std::size_t place = 0;
    for (; place < members.size(); ++place) {
      const auto& detail = members[place]->detail;
      if (detail && detail->event_key == item.event_key && detail->time == item.time) break;
    }
    return place;
  };
  std::ranges::stable_sort(evidence, {}, place_of);
}

}  // namespace

SequenceOperator::SequenceOperator(const Partition& partition)
    : partition_(&partition), op_(&std::get<plan::Sequence>(partition.rule->plan.op)), alerts_(partition) {
  for (std::size_t stage = 0; stage < op_->stages.size(); ++stage) {
    if (!op_->stages[stage].missing) positive_.push_back(stage);
  }
  leads_missing_ = !op_->stages.empty() && op_->stages.front().missing;
  trails_missing_ = !op_->stages.empty() && op_->stages.back().missing;
}

void SequenceOperator::step(const StoredHit& hit, OperatorOutput& output) {
  if (now_ != hit.time) {
    end_moment(output);
    now_ = hit.time;
  }
  if (keys_.size() > sweep_at_) forget_idle_keys(hit.time);
  std::string bytes = canonical_key(hit.group);
  key_of(hit, bytes).newest = hit.time;
  moment_.push_back({std::move(bytes), std::make_shared<const Member>(Member{
                                           hit.time, hit.queries, hit.outcome, hit.arguments, make_detail(hit), {}})});
}

void SequenceOperator::finish(OperatorOutput& output) {
  end_moment(output);
  fire_waiting(partition_->frontier + Duration{1}, output);
  output.tally.report.open_windows += waiting_.size();
  output.tally.report.groups += seen_keys_;
  offer_near_miss(output);
  alerts_.finish(output);
}

SequenceOperator::Key& SequenceOperator::key_of(const StoredHit& hit, const std::string& bytes) {
  const auto [at, is_new] = keys_.try_emplace(bytes);
  Key& key = at->second;
  if (is_new) {
    ++seen_keys_;
    key.group = hit.group;
    key.partials.resize(positive_.size());
    key.last_missing.resize(op_->stages.size());
    if (!op_->ordered) key.candidates.resize(op_->stages.size());
  }
  return key;
}

/// All hits of one time are in: what they do does not depend on the order of their keys more than it must.
void SequenceOperator::end_moment(OperatorOutput& output) {
  if (moment_.empty()) return;
  fire_waiting(now_, output);
  std::ranges::stable_sort(moment_, {}, [&](const Arrival& arrival) { return lowest_stage(arrival.event->queries); });
  for (const auto& [bytes, event] : moment_) {
    if (op_->ordered) {
      serve(keys_.at(bytes), event, output);
    } else {
      serve_sample(keys_.at(bytes), event, output);
    }
  }
  for (const auto& [bytes, event] : moment_) note_missing(keys_.at(bytes), *event);
  moment_.clear();
}

/// When many keys share a partition, those whose partial matches have outlived the span are dropped now and then.
void SequenceOperator::forget_idle_keys(Instant now) {
  if (op_->max_span) {
    std::erase_if(keys_, [&](const auto& item) {
      const Key& key = item.second;
      const bool waits = std::ranges::any_of(key.waits, [&](const auto& place) { return waiting_.contains(place); });
      return !waits && exceeds_span(key.newest, now);
    });
  }
  sweep_at_ = std::max<std::size_t>(64, keys_.size() * 2);
}

/// The lowest positive stage that a hit serves; beyond the last one if none.
std::size_t SequenceOperator::lowest_stage(std::uint64_t queries) const {
  for (const std::size_t stage : positive_) {
    if (serves(queries, op_->stages[stage].query)) return stage;
  }
  return op_->stages.size();
}

void SequenceOperator::serve(Key& key, const MemberRef& event, OperatorOutput& output) {
  // From the last stage down, so that an event does not follow itself.
  for (std::size_t i = positive_.size(); i-- > 0;) {
    if (serves(event->queries, op_->stages[positive_[i]].query)) advance(key, i, event, output);
  }
  if (op_->until && serves(event->queries, *op_->until)) {
    for (auto& partial : key.partials) partial.reset();
  }
}

void SequenceOperator::advance(Key& key, std::size_t stage, const MemberRef& event, OperatorOutput& output) {
  Partial match;
  if (stage == 0) {
    for (std::size_t i = 0; i < positive_.front(); ++i) {
      const auto& last = key.last_missing[i];
      if (last) match.leading = std::max(match.leading.value_or(Instant::min()), *last);
    }
  } else {
    auto& before = key.partials[stage - 1];
    if (!before) return;
    match = std::move(*before);
    before.reset();
    if (exceeds_span(match.members.front()->time, event->time)) return;
    match.spoilt =
        match.spoilt || missing_since(key, positive_[stage - 1], positive_[stage], match.members.back()->time);
  }
  match.members.push_back(event);
  note_progress(stage + 1, key);
  if (stage + 1 == positive_.size()) {
    complete(key, std::move(match), output);
  } else {
    key.partials[stage] = std::move(match);
  }
}

bool SequenceOperator::exceeds_span(Instant from, Instant to) const {
  return op_->max_span && to - from > *op_->max_span;
}

/// True if a missing stage between two positive ones had an event after `time` and before the current time.
bool SequenceOperator::missing_since(const Key& key, std::size_t from, std::size_t to, Instant time) const {
  for (std::size_t stage = from + 1; stage < to; ++stage) {
    if (key.last_missing[stage] && *key.last_missing[stage] > time) return true;
  }
  return false;
}

void SequenceOperator::note_missing(Key& key, const Member& event) {
  for (std::size_t stage = 0; stage < op_->stages.size(); ++stage) {
    if (!op_->stages[stage].missing || !serves(event.queries, op_->stages[stage].query)) continue;
    key.last_missing[stage] = event.time;
    if (positive_.empty() || stage < positive_.back()) continue;
    // A trailing one: what waits had its last event before this one, or at the same time.
    std::erase_if(key.waits, [&](const auto& place) {
      const auto at = waiting_.find(place);
      if (at == waiting_.end()) return true;
      if (at->second.match.members.back()->time >= event.time) return false;
      waiting_.erase(at);
      return true;
    });
  }
}

void SequenceOperator::complete(Key& key, Partial&& match, OperatorOutput& output) {
  if (match.spoilt) return;
  const Member& trigger = *match.members.back();
  const Instant last = trigger.time;
  if (!trails_missing_) {
    const bool alone = !match.leading || exceeds_span(*match.leading, last);
    if (alone) fire(last, trigger, key.group, match, output);
    return;
  }
  if (leads_missing_ && !match.leading) return fire(last, trigger, key.group, match, output);
  const Instant from = leads_missing_ ? *match.leading : match.members.front()->time;
  const Instant after_epoch{std::max<std::int64_t>(from.micros, 0)};
  const bool endless = !op_->max_span || *op_->max_span > Instant::max() - after_epoch;
  if (endless) return wait(key, Instant::max(), std::move(match));
  const Instant end = from + *op_->max_span;
  if (end < last) return fire(last, trigger, key.group, match, output);
  wait(key, end, std::move(match));
}

void SequenceOperator::wait(Key& key, Instant until, Partial&& match) {
  if (waiting_.size() >= kMostTold) {
    for (MemberRef& member : match.members) {
      member = std::make_shared<const Member>(
          Member{member->time, member->queries, member->outcome, {}, /*detail=*/nullptr, member->event_key()});
    }
  }
  const std::pair place{until, ++waits_};
  waiting_.emplace(place, Waiting{key.group, std::move(match)});
  if (key.waits.size() >= 64 && std::has_single_bit(key.waits.size())) {
    std::erase_if(key.waits, [&](const auto& old) { return !waiting_.contains(old); });
  }
  key.waits.push_back(place);
}

void SequenceOperator::fire_waiting(Instant before, OperatorOutput& output) {
  while (!waiting_.empty() && waiting_.begin()->first.first < before) {
    const auto first = waiting_.extract(waiting_.begin());
    const auto& [group, match] = first.mapped();
    fire(first.key().first, *match.members.back(), group, match, output);
  }
}

void SequenceOperator::fire(Instant time, const Member& trigger, const std::vector<Value>& group, const Partial& match,
                            OperatorOutput& output) {
  const rule::Rule& rule = *partition_->rule;
  Instant oldest = trigger.time;
  for (const MemberRef& member : match.members) oldest = std::min(oldest, member->time);
  const Firing firing{
      .time = time,
      .trigger_key = trigger.event_key(),
      .oldest = oldest,
      .severity = rule.severity,
      .case_name = {},
      .values = values_of(match),
      .expansion = rule.plan.episode.project ? group : std::vector<Value>{},
  };
  EpisodeRecord& record = alerts_.fire(firing,
                                       {.run = first_run(rule.plan.episode, time),
                                        .newest = trigger.time,
                                        .group = alerts_.group_of(group, shared_cells(match))},
                                       output);
  for (std::size_t i = 0; i < match.members.size(); ++i) {
    count_event(record, match.members[i]->outcome, match.members[i]->detail.get());
    count_queries(record, std::uint64_t{1} << op_->stages[positive_[i]].query);
  }
  if (alerts_.opened()) order_by_stage(record.evidence, match.members);
}

/// The arguments by their names, each with the distinct values of all members in order of stage.
NamedValues SequenceOperator::values_of(const Partial& match) const {
  NamedValues values;
  for (std::size_t i = 0; i < match.members.size(); ++i) {
    const auto& arguments = partition_->rule->plan.queries[op_->stages[positive_[i]].query].arguments;
    const auto cells = arguments_of_stage(*match.members[i], positive_[i]);
    for (std::size_t a = 0; a < arguments.size() && a < cells.size(); ++a) {
      auto at = std::ranges::find(values, arguments[a].name, &NamedValues::value_type::first);
      if (at == values.end()) at = values.insert(at, {arguments[a].name, {}});
      append_distinct(at->second, display_values(cells[a], type_of(arguments[a].expression)));
    }
  }
  return values;
}

std::span<const Values> SequenceOperator::arguments_of_stage(const Member& member, std::size_t stage) const {
  const std::uint32_t wanted = op_->stages[stage].query;
  const auto& queries = partition_->rule->plan.queries;
  std::size_t first = 0;
  for (std::uint32_t query = 0; query < wanted; ++query) {
    if (serves(member.queries, query)) first += queries[query].arguments.size();
  }
  const std::span<const Values> all(member.arguments);
  if (first >= all.size()) return {};
  return all.subspan(first, std::min(queries[wanted].arguments.size(), all.size() - first));
}

/// The cells that Elastic's alert of a sequence has: of each, what all its events share.
std::vector<Values> SequenceOperator::shared_cells(const Partial& match) const {
  std::vector<Values> cells;
  if (!alerts_.suppresses()) return cells;
  for (std::size_t i = 0; i < match.members.size(); ++i) {
    const auto own = arguments_of_stage(*match.members[i], positive_[i]);
    if (i == 0) {
      cells.assign(own.begin(), own.end());
      continue;
    }
    for (std::size_t a = 0; a < cells.size(); ++a) {
      const Values& others = a < own.size() ? own[a] : Values{};
      std::erase_if(cells[a], [&](const Value& value) { return std::ranges::find(others, value) == others.end(); });
    }
  }
  return cells;
}

namespace {

/// Finds each stage an event of its own by augmenting paths; events are told apart by their place in memory.
class SampleMatcher {
 public:
  template <class Lists>
  explicit SampleMatcher(const Lists& lists) {
    for (const auto& list : lists) {
      std::vector<const void*> events;
      for (const auto& event : list) events.push_back(event.get());
      lists_.push_back(std::move(events));
    }
  }

  /// The index in its list of each stage's event; empty if there is no way.
  std::vector<std::size_t> match() {
    chosen_.assign(lists_.size(), kNone);
    for (std::size_t stage = 0; stage < lists_.size(); ++stage) {
      tried_.clear();
      if (!place(stage)) return {};
    }
    return chosen_;
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  /// Recurses at most once a stage: each event is tried once.
  bool place(std::size_t stage) {
    for (std::size_t i = 0; i < lists_[stage].size(); ++i) {
      const void* event = lists_[stage][i];
      if (std::ranges::find(tried_, event) != tried_.end()) continue;
      tried_.push_back(event);
      const std::size_t holder = holder_of(event);
      if (holder != kNone && !place(holder)) continue;
      chosen_[stage] = i;
      return true;
    }
    return false;
  }
  [[nodiscard]] std::size_t holder_of(const void* event) const {
    for (std::size_t stage = 0; stage < lists_.size(); ++stage) {
      if (chosen_[stage] != kNone && lists_[stage][chosen_[stage]] == event) return stage;
    }
    return kNone;
  }

  std::vector<std::vector<const void*>> lists_;
  std::vector<std::size_t> chosen_;
  std::vector<const void*> tried_;
};

}  // namespace

void SequenceOperator::serve_sample(Key& key, const MemberRef& event, OperatorOutput& output) {
  std::size_t filled = 0;
  for (std::size_t stage = 0; stage < op_->stages.size(); ++stage) {
    auto& list = key.candidates[stage];
    if (op_->max_span) std::erase_if(list, [&](const auto& old) { return exceeds_span(old->time, event->time); });
    if (serves(event->queries, op_->stages[stage].query)) {
      list.push_back(event);
      if (list.size() > op_->stages.size()) list.erase(list.begin());
    }
    filled += list.empty() ? 0 : 1;
  }
  note_progress(filled, key);
  if (filled < op_->stages.size()) return;
  const auto chosen = SampleMatcher(key.candidates).match();
  if (chosen.empty()) return;
  Partial match;
  for (std::size_t stage = 0; stage < chosen.size(); ++stage) {
    match.members.push_back(key.candidates[stage][chosen[stage]]);
  }
  fire(event->time, *event, key.group, match, output);
  for (auto& list : key.candidates) list.clear();
}

void SequenceOperator::note_progress(std::size_t stages, const Key& key) {
  if (stages <= furthest_) return;
  furthest_ = stages;
  furthest_key_ = describe_group(key.group);
}

void SequenceOperator::offer_near_miss(OperatorOutput& output) const {
  if (positive_.empty()) return;
  const double share = static_cast<double>(furthest_) / static_cast<double>(positive_.size());
  output.tally.offer(share, [&] {
    std::string text =
        std::to_string(furthest_) + " of " + std::to_string(positive_.size()) + (op_->ordered ? " stages" : " parts");
    if (!furthest_key_.empty()) text += " (" + furthest_key_ + ")";
    return text;
  });
}

}  // namespace trailhound::engine
