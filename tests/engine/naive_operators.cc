#include "engine/naive_operators.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/evaluator.h"
#include "engine/naive_values.h"

namespace trailhound::engine::test {
namespace {

/// The runs that may see a hit, up to the first one at or after the frontier.
std::vector<Instant> runs_over(const std::vector<Hit>& hits, Duration interval, Instant frontier) {
  std::vector<Instant> runs;
  if (hits.empty()) return runs;
  for (Instant run = floor_to(hits.front().time, interval); run <= ceil_to(frontier, interval); run = run + interval) {
    runs.push_back(run);
  }
  return runs;
}

}  // namespace

std::vector<Hit> in_order(std::vector<Hit> hits) {
  const auto place = [](const Hit& hit) { return std::tuple(hit.time, hit.event_key, bytes_of(hit.group)); };
  std::ranges::stable_sort(hits, {}, place);
  const auto rest = std::ranges::unique(hits, {}, place);
  hits.erase(rest.begin(), rest.end());
  return hits;
}

std::vector<Alarm> find_new_terms(const plan::NewTerms& op, const std::vector<Hit>& hits, Instant frontier) {
  std::vector<Alarm> alarms;
  std::set<const Hit*> found;
  for (const Instant run : runs_over(hits, op.interval, frontier)) {
    std::map<std::string, std::pair<const Hit*, Instant>> groups;  // the first in the window, the first in the history
    for (const Hit& hit : hits) {
      if (hit.time > run || hit.time < run - op.history) continue;
      auto& [first, seen] = groups.try_emplace(bytes_of(hit.group), nullptr, Instant::max()).first->second;
      seen = std::min(seen, hit.time);
      if (hit.time >= run - op.look_back && first == nullptr) first = &hit;
    }
    for (const auto& [group, terms] : groups) {
      const auto [first, seen] = terms;
      if (first == nullptr || seen <= run - op.look_back || !found.insert(first).second) continue;
      alarms.push_back({run, first->time, first->event_key, first->group, first->arguments, {first}});
    }
  }
  return alarms;
}

std::vector<Alarm> count_thresholds(const plan::RunThreshold& op, const std::vector<Hit>& hits, Instant frontier) {
  std::vector<Alarm> alarms;
  std::map<std::string, Instant> remembered;
  for (const Instant run : runs_over(hits, op.interval, frontier)) {
    std::map<std::string, std::vector<const Hit*>> groups;
    for (const Hit& hit : hits) {
      const std::string group = bytes_of(hit.group);
      if (hit.time < run - op.look_back || hit.time > run) continue;
      if (remembered.contains(group) && hit.time <= remembered[group]) continue;
      groups[group].push_back(&hit);
    }
    for (const auto& [group, members] : groups) {
      Values counted;
      for (const Hit* hit : members) {
        if (op.distinct)
          counted.insert(counted.end(), hit->arguments[*op.distinct].begin(), hit->arguments[*op.distinct].end());
      }
      if (members.size() < op.least) continue;
      if (op.distinct && distinct_values(counted).size() < op.least_distinct) continue;
      remembered[group] = members.back()->time;
      alarms.push_back({run, run, {}, members.front()->group, {}, members});
    }
  }
  return alarms;
}

namespace {

using Measure = plan::RunAggregate::Measure;
using Kind = plan::RunAggregate::Aggregation;

double number_of(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

Values sum_of(const Values& values, plan::LogicalType type) {
  if (values.empty()) return {};
  std::int64_t integers = 0;
  double reals = 0;
  bool has_real = type == plan::LogicalType::real;
  for (const Value& value : values) {
    reals += number_of(value);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      integers += *integer;
    } else {
      has_real = true;
    }
  }
  if (has_real) return {reals};
  return {integers};
}

Values measure_of(const Measure& measure, const std::vector<const Hit*>& hits) {
  std::int64_t rows = 0;
  Values values;
  for (const Hit* hit : hits) {
    if (measure.filter && hit->arguments[*measure.filter] != Values{true}) continue;
    ++rows;
    if (measure.aggregation == Kind::count_rows) continue;
    for (const Value& value : hit->arguments[measure.argument]) {
      if (!is_null(value)) values.push_back(value);
    }
  }
  const auto less = [](const Value& a, const Value& b) { return compare_values(a, b) < 0; };
  switch (measure.aggregation) {
    case Kind::count_rows:
      return {rows};
    case Kind::count:
      return {static_cast<std::int64_t>(values.size())};
    case Kind::count_distinct:
      return {static_cast<std::int64_t>(distinct_values(values).size())};
    case Kind::values: {
      Values distinct;
      for (const auto& [bytes, value] : distinct_values(values)) distinct.push_back(value);
      std::ranges::sort(distinct, less);
      return distinct;
    }
    case Kind::min:
      return values.empty() ? Values{} : Values{*std::ranges::min_element(values, less)};
    case Kind::max:
      return values.empty() ? Values{} : Values{*std::ranges::max_element(values, less)};
    case Kind::sum:
      return sum_of(values, measure.type);
    case Kind::average:
      return values.empty()
                 ? Values{}
                 : Values{number_of(sum_of(values, plan::LogicalType::real)[0]) / static_cast<double>(values.size())};
  }
  return {};
}

/// The row of a key's hits, measures first; nothing if `having` does not keep it.
std::optional<std::vector<Values>> row_of(const plan::RunAggregate& op, const std::vector<const Hit*>& hits,
                                          Instant run) {
  std::vector<Values> row;
  for (const Measure& measure : op.measures) row.push_back(measure_of(measure, hits));
  for (const Value& part : hits.front()->group) row.push_back(is_null(part) ? Values{} : Values{part});
  Arena arena;
  EvaluationContext context{.slots = row, .run_time = run, .arena = arena};
  if (op.having && truth(op.having, context) != Truth::yes) return std::nullopt;
  return row;
}

std::vector<Values> outputs_of(const plan::RunAggregate& op, const std::vector<Values>& row, Instant run) {
  Arena arena;
  EvaluationContext context{.slots = row, .run_time = run, .arena = arena};
  std::vector<Values> outputs;
  for (const plan::NamedExpr& output : op.outputs) outputs.push_back(to_values(evaluate(output.expression, context)));
  return outputs;
}

/// Where the key's bucket begins, if some run covers all of it.
std::optional<Instant> whole_bucket(const plan::RunAggregate& op, const std::vector<Value>& group) {
  if (!op.bucket_key) return std::nullopt;
  const auto* micros = std::get_if<std::int64_t>(&group[*op.bucket_key]);
  if (micros == nullptr) return std::nullopt;
  const Instant start{*micros};
  for (Instant run = floor_to(start, op.interval); run <= start + op.look_back; run = run + op.interval) {
    if (run >= start + op.bucket && run - op.look_back <= start) return start;
  }
  return std::nullopt;
}

}  // namespace

void add_hits(Alarm& alarm, const std::vector<const Hit*>& hits) {
  for (const Hit* hit : hits) {
    if (std::ranges::find(alarm.hits, hit) == alarm.hits.end()) alarm.hits.push_back(hit);
  }
}

std::vector<Alarm> aggregate_runs(const plan::RunAggregate& op, const std::vector<Hit>& hits, Instant frontier,
                                  bool every_run) {
  std::vector<Alarm> alarms;
  const std::vector<Instant> runs = runs_over(hits, op.interval, frontier);
  for (const auto& [key, of_key] : by_group(hits)) {
    const std::vector<Value>& group = of_key.front()->group;
    const auto bucket = every_run ? std::nullopt : whole_bucket(op, group);
    std::optional<Instant> last_true;
    for (const Instant run : runs) {
      const bool whole = bucket && run >= *bucket + op.bucket;
      if (bucket && ((!whole && run != runs.back()) || run - op.look_back > *bucket || last_true)) continue;
      std::vector<const Hit*> seen;
      for (const Hit* hit : of_key) {
        if (hit->time >= run - op.look_back && hit->time <= run) seen.push_back(hit);
      }
      if (seen.empty()) continue;
      const auto row = row_of(op, seen, run);
      if (!row) continue;
      if (every_run || !last_true || run - *last_true > op.interval) {
        Instant named = run;  // a bucket that is not over is known by the run that would cover it
        while (bucket && named < *bucket + op.bucket) named = named + op.interval;
        alarms.push_back({named, named, {}, group, outputs_of(op, *row, run), {}, {}});
      }
      add_hits(alarms.back(), seen);
      alarms.back().rows.push_back(outputs_of(op, *row, run));
      last_true = run;
    }
  }
  return alarms;
}

}  // namespace trailhound::engine::test
