#include "engine/naive_operators.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "engine/naive_values.h"

namespace trailhound::engine::test {
namespace {

/// Elasticsearch's own steps: stage by stage over all events, with lists of partial matches, and a search for missing
/// events once a match is complete. Members are ranks in the order of the events.
class SequenceSearch {
 public:
  SequenceSearch(const plan::Sequence& op, std::vector<const Hit*> hits) : op_(op), hits_(std::move(hits)) {
    std::ranges::stable_sort(hits_, [&](const Hit* a, const Hit* b) {
      return std::tuple(a->time, lowest(*a), a->event_key) < std::tuple(b->time, lowest(*b), b->event_key);
    });
  }

  std::vector<Alarm> matches(Instant frontier) {
    std::vector<std::size_t> positive;
    for (std::size_t s = 0; s < op_.stages.size(); ++s) {
      if (!op_.stages[s].missing) positive.push_back(s);
    }
    std::vector<std::vector<Match>> lists(positive.size() + 1);
    for (std::size_t i = 0; i < positive.size(); ++i) {
      for (std::size_t e = 0; e < hits_.size(); ++e) {
        if (!is(e, op_.stages[positive[i]].query)) continue;
        if (i == 0) {
          lists[1].push_back({e});
          continue;
        }
        std::vector<Match>& before = lists[i];
        std::size_t count = 0;
        while (count < before.size() && before[count].back() < e) ++count;
        if (count == 0) continue;
        Match match = before[count - 1];
        before.erase(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(count));
        if (op_.max_span && time(e) - time(match[0]) > *op_.max_span) continue;
        if (op_.until && until_between(match.back(), e)) continue;
        match.push_back(e);
        lists[i + 1].push_back(match);
      }
    }
    std::vector<Alarm> alarms;
    for (const Match& match : lists.back()) {
      if (stands(match, positive, frontier)) alarms.push_back(alarm_of(match));
    }
    return alarms;
  }

 private:
  using Match = std::vector<std::size_t>;

  [[nodiscard]] bool is(std::size_t e, std::uint32_t query) const { return ((hits_[e]->queries >> query) & 1) != 0; }
  [[nodiscard]] Instant time(std::size_t e) const { return hits_[e]->time; }
  [[nodiscard]] std::size_t lowest(const Hit& hit) const {
    for (std::size_t s = 0; s < op_.stages.size(); ++s) {
      if (!op_.stages[s].missing && ((hit.queries >> op_.stages[s].query) & 1) != 0) return s;
    }
    return op_.stages.size();
  }
  [[nodiscard]] bool until_between(std::size_t last, std::size_t e) const {
    for (std::size_t u = last; u < e; ++u) {
      if (is(u, *op_.until)) return true;
    }
    return false;
  }
  [[nodiscard]] bool exceeds(Instant from, Instant to) const { return op_.max_span && to - from > *op_.max_span; }

  // The search for missing events, and whether its answer can be known at the frontier.
  [[nodiscard]] bool stands(const Match& match, const std::vector<std::size_t>& positive, Instant frontier) const {
    std::optional<Instant> leading, trailing;
    for (std::size_t s = 0; s < op_.stages.size(); ++s) {
      if (!op_.stages[s].missing) continue;
      const auto next = std::ranges::lower_bound(positive, s);
      for (std::size_t e = 0; e < hits_.size(); ++e) {
        if (!is(e, op_.stages[s].query)) continue;
        if (next == positive.begin()) {
          if (time(e) < time(match[0])) leading = std::max(leading.value_or(Instant::min()), time(e));
        } else if (next == positive.end()) {
          if (time(e) > time(match.back())) trailing = std::min(trailing.value_or(Instant::max()), time(e));
        } else {
          const auto i = static_cast<std::size_t>(next - positive.begin());
          if (time(e) > time(match[i - 1]) && time(e) < time(match[i])) return false;
        }
      }
    }
    const bool first = op_.stages.front().missing, last = op_.stages.back().missing;
    if (!last) return !leading || exceeds(*leading, time(match.back()));
    if (first && !leading) return true;
    const Instant from = first ? *leading : time(match[0]);
    if (!trailing) return exceeds(from, frontier + Duration{1});
    return exceeds(from, *trailing);
  }

  [[nodiscard]] Alarm alarm_of(const Match& match) const {
    const Hit& last = *hits_[match.back()];
    Alarm alarm{last.time, last.time, last.event_key, last.group, {}, {}};
    for (const std::size_t e : match) alarm.hits.push_back(hits_[e]);
    return alarm;
  }

  const plan::Sequence& op_;
  std::vector<const Hit*> hits_;
};

}  // namespace

std::vector<Alarm> match_sequences(const plan::Sequence& op, const std::vector<Hit>& hits, Instant frontier) {
  std::vector<Alarm> alarms;
  for (const auto& [key, of_key] : by_group(hits)) {
    std::ranges::move(SequenceSearch(op, of_key).matches(frontier), std::back_inserter(alarms));
  }
  return alarms;
}

}  // namespace trailhound::engine::test
