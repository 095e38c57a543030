#include "engine/each_hit.h"

#include "engine/hit_arguments.h"

namespace trailhound::engine {

void EachHitOperator::step(const StoredHit& hit, OperatorOutput& output) {
  const rule::Rule& rule = *partition_->rule;
  const Firing firing{
      .time = hit.time,
      .trigger_key = hit.event_key,
      .oldest = hit.time,
      .severity = rule.severity,
      .case_name = {},
      .values = argument_values(rule.plan, hit),
      .expansion = rule.plan.episode.project ? hit.group : std::vector<Value>{},
  };
  if (alerts_) return fire(firing, hit, output);
  log_.expire_before(hit.time);
  const std::uint64_t event = log_.add(hit);
  episodes_.fire(firing, output);
  episodes_.gather(log_.at(event), hit.queries);
}

void EachHitOperator::fire(const Firing& firing, const StoredHit& hit, OperatorOutput& output) {
  const plan::Plan& plan = partition_->rule->plan;
  std::span<const Values> cells;
  for (std::size_t query = 0; query < plan.queries.size() && cells.empty(); ++query) {
    cells = arguments_of(plan, hit, query);
  }
  EpisodeRecord& record = alerts_->fire(
      firing,
      {.run = first_run(plan.episode, hit.time), .newest = hit.time, .group = alerts_->group_of(hit.group, cells)},
      output);
  count_event(record, hit);
  count_queries(record, hit.queries);
}

void EachHitOperator::finish(OperatorOutput& output) {
  episodes_.close(output);
  if (alerts_) alerts_->finish(output);
}

}  // namespace trailhound::engine
