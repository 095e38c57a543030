#include "engine/sequence.h"

#include <algorithm>
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
  partials_.resize(positive_.size());
  last_missing_.resize(op_->stages.size());
  if (!op_->ordered) candidates_.resize(op_->stages.size());
}

void SequenceOperator::step(const StoredHit& hit, OperatorOutput& output) {
  if (!moment_.empty() && moment_.front()->time != hit.time) end_moment(output);
  moment_.push_back(
      std::make_shared<const Member>(Member{hit.time, hit.queries, hit.outcome, hit.arguments, make_detail(hit), {}}));
}

void SequenceOperator::finish(OperatorOutput& output) {
  end_moment(output);
  fire_waiting(partition_->frontier + Duration{1}, output);
  output.tally.report.open_windows += waiting_.size();
  ++output.tally.report.groups;
  offer_near_miss(output);
  alerts_.finish(output);
}

/// All hits of one time are in: what they do does not depend on the order of their keys more than it must.
void SequenceOperator::end_moment(OperatorOutput& output) {
  if (moment_.empty()) return;
  fire_waiting(moment_.front()->time, output);
  std::ranges::stable_sort(moment_, {}, [&](const MemberRef& event) { return lowest_stage(event->queries); });
  for (const MemberRef& event : moment_) {
    if (op_->ordered) {
      serve(event, output);
    } else {
      serve_sample(event, output);
    }
  }
  for (const MemberRef& event : moment_) note_missing(*event);
  moment_.clear();
}

/// The lowest positive stage that a hit serves; beyond the last one if none.
std::size_t SequenceOperator::lowest_stage(std::uint64_t queries) const {
  for (const std::size_t stage : positive_) {
    if (serves(queries, op_->stages[stage].query)) return stage;
  }
  return op_->stages.size();
}

void SequenceOperator::serve(const MemberRef& event, OperatorOutput& output) {
  // From the last stage down, so that an event does not follow itself.
  for (std::size_t i = positive_.size(); i-- > 0;) {
    if (serves(event->queries, op_->stages[positive_[i]].query)) advance(i, event, output);
  }
  if (op_->until && serves(event->queries, *op_->until)) {
    for (auto& partial : partials_) partial.reset();
  }
}

void SequenceOperator::advance(std::size_t stage, const MemberRef& event, OperatorOutput& output) {
  Partial match;
  if (stage == 0) {
    for (std::size_t i = 0; i < positive_.front(); ++i) {
      if (last_missing_[i]) match.leading = std::max(match.leading.value_or(Instant::min()), *last_missing_[i]);
    }
  } else {
    if (!partials_[stage - 1]) return;
    match = std::move(*partials_[stage - 1]);
    partials_[stage - 1].reset();
    if (exceeds_span(match.members.front()->time, event->time)) return;
    match.spoilt = match.spoilt || missing_since(positive_[stage - 1], positive_[stage], match.members.back()->time);
  }
  match.members.push_back(event);
  furthest_ = std::max(furthest_, stage + 1);
  if (stage + 1 == positive_.size()) {
    complete(std::move(match), output);
  } else {
    partials_[stage] = std::move(match);
  }
}

bool SequenceOperator::exceeds_span(Instant from, Instant to) const {
  return op_->max_span && to - from > *op_->max_span;
}

/// True if a missing stage between two positive ones had an event after `time` and before the current time.
bool SequenceOperator::missing_since(std::size_t from, std::size_t to, Instant time) const {
  for (std::size_t stage = from + 1; stage < to; ++stage) {
    if (last_missing_[stage] && *last_missing_[stage] > time) return true;
  }
  return false;
}

void SequenceOperator::note_missing(const Member& event) {
  for (std::size_t stage = 0; stage < op_->stages.size(); ++stage) {
    if (!op_->stages[stage].missing || !serves(event.queries, op_->stages[stage].query)) continue;
    last_missing_[stage] = event.time;
    if (positive_.empty() || stage < positive_.back()) continue;
    // A trailing one: what waits had its last event before this one, or at the same time.
    std::erase_if(waiting_, [&](const auto& item) { return item.second.members.back()->time < event.time; });
  }
}

void SequenceOperator::complete(Partial&& match, OperatorOutput& output) {
  if (match.spoilt) return;
  const Instant last = match.members.back()->time;
  if (!trails_missing_) {
    const bool alone = !match.leading || exceeds_span(*match.leading, last);
    if (alone) fire(last, *match.members.back(), match, output);
    return;
  }
  if (leads_missing_ && !match.leading) return fire(last, *match.members.back(), match, output);
  const Instant from = leads_missing_ ? *match.leading : match.members.front()->time;
  const bool endless =
      !op_->max_span || *op_->max_span > Instant::max() - Instant{std::max<std::int64_t>(from.micros, 0)};
  if (endless) return wait(Instant::max(), std::move(match));
  const Instant end = from + *op_->max_span;
  if (end < last) return fire(last, *match.members.back(), match, output);
  wait(end, std::move(match));
}

void SequenceOperator::wait(Instant until, Partial&& match) {
  if (waiting_.size() >= kMostTold) {
    for (MemberRef& member : match.members) {
      member = std::make_shared<const Member>(
          Member{member->time, member->queries, member->outcome, {}, /*detail=*/nullptr, member->event_key()});
    }
  }
  waiting_.emplace(until, std::move(match));
}

void SequenceOperator::fire_waiting(Instant before, OperatorOutput& output) {
  while (!waiting_.empty() && waiting_.begin()->first < before) {
    const auto first = waiting_.extract(waiting_.begin());
    fire(first.key(), *first.mapped().members.back(), first.mapped(), output);
  }
}

void SequenceOperator::fire(Instant time, const Member& trigger, const Partial& match, OperatorOutput& output) {
  const rule::Rule& rule = *partition_->rule;
  Instant oldest = trigger.time;
  for (const MemberRef& member : match.members) oldest = std::min(oldest, member->time);
  Firing firing{
      .time = time,
      .trigger_key = trigger.event_key(),
      .oldest = oldest,
      .severity = rule.severity,
      .case_name = {},
      .values = {},
      .expansion = {},
  };
  for (std::size_t i = 0; i < match.members.size(); ++i) {
    const auto& arguments = rule.plan.queries[op_->stages[positive_[i]].query].arguments;
    const auto cells = arguments_of_stage(*match.members[i], positive_[i]);
    for (std::size_t a = 0; a < arguments.size() && a < cells.size(); ++a) {
      auto at = std::ranges::find(firing.values, arguments[a].name, &NamedValues::value_type::first);
      if (at == firing.values.end()) at = firing.values.insert(at, {arguments[a].name, {}});
      append_distinct(at->second, display_values(cells[a], type_of(arguments[a].expression)));
    }
  }
  EpisodeRecord& record = alerts_.fire(firing,
                                       {.run = first_run(rule.plan.episode, time),
                                        .newest = trigger.time,
                                        .group = alerts_.group_of(partition_->signal_key, shared_cells(match))},
                                       output);
  for (std::size_t i = 0; i < match.members.size(); ++i) {
    count_event(record, match.members[i]->outcome, match.members[i]->detail.get());
    count_queries(record, std::uint64_t{1} << op_->stages[positive_[i]].query);
  }
  if (alerts_.opened()) order_by_stage(record.evidence, match.members);
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

void SequenceOperator::serve_sample(const MemberRef& event, OperatorOutput& output) {
  std::size_t filled = 0;
  for (std::size_t stage = 0; stage < op_->stages.size(); ++stage) {
    auto& list = candidates_[stage];
    if (op_->max_span) {
      std::erase_if(list, [&](const MemberRef& old) { return event->time - old->time > *op_->max_span; });
    }
    if (serves(event->queries, op_->stages[stage].query)) {
      list.push_back(event);
      if (list.size() > op_->stages.size()) list.erase(list.begin());
    }
    filled += list.empty() ? 0 : 1;
  }
  furthest_ = std::max(furthest_, filled);
  if (filled < op_->stages.size()) return;
  const auto chosen = SampleMatcher(candidates_).match();
  if (chosen.empty()) return;
  Partial match;
  for (std::size_t stage = 0; stage < chosen.size(); ++stage) {
    match.members.push_back(candidates_[stage][chosen[stage]]);
  }
  fire(event->time, *event, match, output);
  for (auto& list : candidates_) list.clear();
}

void SequenceOperator::offer_near_miss(OperatorOutput& output) const {
  if (positive_.empty()) return;
  const double share = static_cast<double>(furthest_) / static_cast<double>(positive_.size());
  output.tally.offer(share, [&] {
    std::string text =
        std::to_string(furthest_) + " of " + std::to_string(positive_.size()) + (op_->ordered ? " stages" : " parts");
    if (!partition_->signal_key.empty()) text += " (" + describe_group(partition_->signal_key) + ")";
    return text;
  });
}

}  // namespace trailhound::engine
