#include "engine/naive_operators.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/naive_values.h"

namespace trailhound::engine::test {
std::string to_text(const Finding& finding) {
  return format_rfc3339(finding.time) + " by " + (finding.event_key.empty() ? "a run" : finding.event_key) + ", " +
         std::to_string(finding.events) + " events, group " + finding.group;
}

Finding finding_of(const plan::Plan& plan, const EpisodeRecord& episode) {
  // The whole group stands in the expansion where the signal key is a part of it; what is found in a group (a rare
  // value) stands behind it.
  std::vector<Value> group = plan.episode.project ? std::vector<Value>{} : episode.signal_key;
  group.insert(group.end(), episode.expansion.begin(), episode.expansion.end());
  return {episode.trigger_time, episode.trigger_key, bytes_of(group), episode.event_count};
}

namespace {

std::uint64_t count_events(const std::vector<const Hit*>& hits) {
  std::set<std::pair<Instant, std::string>> events;
  for (const Hit* hit : hits) events.emplace(hit->time, hit->event_key);
  return events.size();
}

Finding finding_of(const Alarm& alarm) {
  return {alarm.time, alarm.event_key, bytes_of(alarm.group), count_events(alarm.hits)};
}

/// Nothing if the alarm stands alone.
std::optional<std::string> suppression_group(const plan::Suppression& suppression, const Alarm& alarm) {
  std::string bytes;
  for (const std::uint32_t part : suppression.parts) {
    Values cell;
    if (suppression.by == plan::Suppression::By::cells) {
      if (part < alarm.cells.size()) cell = alarm.cells[part];
    } else if (part < alarm.group.size() && !is_null(alarm.group[part])) {
      cell = {alarm.group[part]};
    }
    if (cell.empty() && suppression.missing_alone) return std::nullopt;
    bytes += bytes_of({static_cast<std::int64_t>(cell.size())}) + bytes_of(cell);
  }
  return bytes;
}

/// As the rule types do it: run by run, the group's newest alert that was created recently enough takes the alarm.
std::vector<Alarm> suppress(const plan::Suppression& suppression, std::vector<Alarm> alarms) {
  const auto created = [&](const Alarm& alarm) { return ceil_to(alarm.run, suppression.interval); };
  std::ranges::stable_sort(alarms, [&](const Alarm& a, const Alarm& b) {
    return std::tuple(created(a), a.time, a.event_key, bytes_of(a.group)) <
           std::tuple(created(b), b.time, b.event_key, bytes_of(b.group));
  });
  std::vector<Alarm> alerts;
  std::map<std::string, std::size_t> newest;
  for (Alarm& alarm : alarms) {
    const auto group = suppression_group(suppression, alarm);
    if (group && newest.contains(*group)) {
      Alarm& alert = alerts[newest[*group]];
      if (created(alarm) - created(alert) <= suppression.duration.value_or(Duration{})) {
        add_hits(alert, alarm.hits);
        continue;
      }
    }
    if (group) newest[*group] = alerts.size();
    alerts.push_back(std::move(alarm));
  }
  return alerts;
}

std::optional<std::vector<Alarm>> alarms_of(const plan::Plan& plan, const std::vector<Hit>& hits, Instant frontier) {
  if (std::holds_alternative<plan::EachHit>(plan.op)) {
    std::vector<Alarm> alarms;
    for (const Hit& hit : hits) {
      alarms.push_back({hit.time, hit.time, hit.event_key, hit.group, hit.arguments, {&hit}});
    }
    return alarms;
  }
  if (const auto* op = std::get_if<plan::NewTerms>(&plan.op)) return find_new_terms(*op, hits, frontier);
  if (const auto* op = std::get_if<plan::RunThreshold>(&plan.op)) return count_thresholds(*op, hits, frontier);
  if (const auto* op = std::get_if<plan::AnomalyJob>(&plan.op)) return judge_buckets(*op, hits);
  if (const auto* op = std::get_if<plan::RunAggregate>(&plan.op)) {
    return aggregate_runs(*op, hits, frontier, plan.episode.suppression.has_value());
  }
  if (const auto* op = std::get_if<plan::Sequence>(&plan.op)) {
    if (op->ordered && !op->stages.back().missing) return match_sequences(*op, hits, frontier);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<Finding>> find_naively(const plan::Plan& plan, const std::vector<Hit>& hits,
                                                 Instant frontier) {
  const std::vector<Hit> ordered = in_order(hits);
  auto alarms = alarms_of(plan, ordered, frontier);
  if (!alarms) return std::nullopt;
  if (plan.episode.suppression) alarms = suppress(*plan.episode.suppression, std::move(*alarms));
  std::vector<Finding> findings;
  for (const Alarm& alarm : *alarms) findings.push_back(finding_of(alarm));
  std::ranges::sort(findings);
  return findings;
}

}  // namespace trailhound::engine::test
