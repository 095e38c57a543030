#include "engine/new_value.h"

#include <algorithm>
#include <span>

#include "engine/display_values.h"
#include "engine/hit_arguments.h"
#include "engine/signal_key.h"

namespace trailhound::engine {

namespace {

/// One element of each cell, in order of the values, the first kMaxValues of them; none if a cell is empty.
std::vector<std::vector<Value>> combinations(std::span<const Values> cells, bool& is_capped) {
  std::vector<std::vector<Value>> all{{}};
  for (const Values& cell : cells) {
    const std::set<Value> distinct(cell.begin(), cell.end());
    std::vector<std::vector<Value>> longer;
    for (const std::vector<Value>& begun : all) {
      for (const Value& value : distinct) {
        if (longer.size() == NewValueOperator::kMaxValues) {
          is_capped = true;
          break;
        }
        longer.push_back(begun);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace

void NewValueOperator::step(const StoredHit& hit, OperatorOutput& output) {
  const auto cells = arguments_of(partition_->rule->plan, hit, 0);
  if (cells.empty() || std::ranges::any_of(cells, &Values::empty)) return;
  const auto [at, is_first] = groups_.try_emplace(canonical_key(hit.group));
  Group& group = at->second;
  if (is_first) group.start = hit.time;
  bool learns = is_first && op_->learns_first;  // only the first of several values
  bool is_capped = false;
  const auto values = combinations(cells, is_capped);
  if (is_capped) ++output.tally.report.capped_events;
  for (const std::vector<Value>& value : values) {
    const bool learned = learns || hit.time - group.start < op_->learning;
    learns = false;
    if (is_new(group, value, hit.time) && !learned) fire(hit, value, output);
  }
}

/// Notes the value as seen.
bool NewValueOperator::is_new(Group& group, const std::vector<Value>& value, Instant now) {
  if (group.seen.size() >= group.sweep_at) {
    group.seen.forget_before(now - op_->forget_after);
    group.sweep_at = std::max<std::size_t>(1024, group.seen.size() * 2);
  }
  const std::optional<Instant> before = group.seen.see(canonical_key(value), now);
  return !before || now - *before > op_->forget_after;
}

void NewValueOperator::fire(const StoredHit& hit, const std::vector<Value>& value, OperatorOutput& output) {
  if (!episodes_.extends(hit.time)) shown_.clear();
  shown_.resize(value.size());
  const plan::Query& query = partition_->rule->plan.queries.front();
  NamedValues values;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (shown_[i].size() < kMaxValues) shown_[i].insert(value[i]);
    const plan::NamedExpr& argument = query.arguments[i];
    values.emplace_back(argument.name,
                        display_values(Values(shown_[i].begin(), shown_[i].end()), type_of(argument.expression)));
  }
  log_.expire_before(hit.time);
  const std::uint64_t event = log_.add(hit);
  episodes_.fire({.time = hit.time,
                  .trigger_key = hit.event_key,
                  .oldest = hit.time,
                  .severity = op_->severity,
                  .case_name = op_->case_name,
                  .values = std::move(values),
                  .expansion = value},
                 output);
  episodes_.gather(log_.at(event), hit.queries);
}

void NewValueOperator::finish(OperatorOutput& output) {
  episodes_.close(output);
  output.tally.report.groups += groups_.size();
}

}  // namespace trailhound::engine
