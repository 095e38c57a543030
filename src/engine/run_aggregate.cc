#include "engine/run_aggregate.h"

#include <algorithm>
#include <tuple>

#include <boost/container/small_vector.hpp>

#include "engine/display_values.h"
#include "engine/hit_arguments.h"
#include "engine/signal_key.h"
#include "engine/sliding_measure.h"

namespace trailhound::engine {

namespace {

/// A column shown in a signal holds at most this many values; how many there are is then told beside it.
constexpr std::size_t kMaxOutputValues = 1000;

void append_output(NamedValues& outputs, const std::string& name, Values values) {
  const std::size_t all = values.size();
  if (all > kMaxOutputValues) values.resize(kMaxOutputValues);
  outputs.emplace_back(name, std::move(values));
  if (all > kMaxOutputValues) outputs.emplace_back(name + ".total", Values{static_cast<std::int64_t>(all)});
}

}  // namespace

RunAggregateOperator::RunAggregateOperator(const Partition& partition, std::shared_ptr<const RowThreshold> having)
    : partition_(&partition),
      op_(&std::get<plan::RunAggregate>(partition.rule->plan.op)),
      interval_{std::max<std::int64_t>(op_->interval.micros, 1)},
      having_(std::move(having)) {}

void RunAggregateOperator::step(const Hit& hit, OperatorOutput& output) {
  RowState& row = row_of(hit);
  if (row.bucket_run) {
    add_to_bucket(row, hit);
  } else {
    // Runs before this hit see nothing later: they can be decided. The run at this very time may still get more hits.
    look_at_runs(row, ceil_to(hit.time, interval_) - interval_, output);
    add_to_window(row, hit);
  }
}

void RunAggregateOperator::finish(OperatorOutput& output) {
  const Instant last_run = ceil_to(partition_->frontier, interval_);
  for (auto& [key, row] : rows_) {
    if (row.bucket_run) {
      if (*row.bucket_run > last_run) {
        ++output.tally.report.open_windows;
      } else {
        finish_bucket(row, output);
      }
    } else {
      look_at_runs(row, last_run, output);
      close(row, output);
    }
  }
  output.tally.report.groups += rows_.size();
  std::ranges::stable_sort(done_, [](const EpisodeRecord& a, const EpisodeRecord& b) {
    if (a.trigger_time != b.trigger_time) return a.trigger_time < b.trigger_time;
    return compare_cells(a.expansion, b.expansion) < 0;
  });
  for (EpisodeRecord& record : done_) {
    ++output.tally.report.episodes;
    output.emit(std::move(record));
  }
  done_.clear();
}

RunAggregateOperator::RowState& RunAggregateOperator::row_of(const Hit& hit) {
  const auto [at, is_new] = rows_.try_emplace(canonical_key(hit.group));
  RowState& row = at->second;
  if (is_new) {
    row.group = hit.group;
    row.measures.reserve(op_->measures.size());
    for (const auto& measure : op_->measures) row.measures.emplace_back(measure);
    row.bucket_run = run_of_bucket(hit.group);
    row.next_run = ceil_to(hit.time, interval_);
  }
  return row;
}

/// The earliest run that covers the whole bucket, if any run can.
std::optional<Instant> RunAggregateOperator::run_of_bucket(const std::vector<Value>& group) const {
  if (!op_->bucket_key || *op_->bucket_key >= group.size()) return std::nullopt;
  const auto* start = std::get_if<std::int64_t>(&group[*op_->bucket_key]);
  if (start == nullptr) return std::nullopt;
  const Instant run = ceil_to(Instant{*start} + op_->bucket, interval_);
  if (run - op_->look_back > Instant{*start}) return std::nullopt;
  return run;
}

void RunAggregateOperator::add_to_bucket(RowState& row, const Hit& hit) {
  const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
  for (RowAggregate& measure : row.measures) measure.add(arguments);
  if (!row.record)
    row.record = open_record(*partition_, Firing{.time = *row.bucket_run,
                                                 .trigger_key = {},
                                                 .oldest = hit.time,
                                                 .severity = partition_->rule->severity,
                                                 .case_name = {},
                                                 .values = {},
                                                 .expansion = {}});
  row.newest = hit.time;
  count_event(*row.record, hit);
  count_queries(*row.record, hit.queries);
}

void RunAggregateOperator::finish_bucket(RowState& row, OperatorOutput& output) {
  const Row values = values_of(row);
  if (!keeps_row(op_->having, values, *row.bucket_run)) {
    offer_near_miss(row, values, output);
    return;
  }
  row.record->last_seen = row.newest;
  row.record->values = outputs_of(values, *row.bucket_run);
  if (partition_->rule->plan.episode.project) row.record->expansion = row.group;
  done_.push_back(std::move(*row.record));
}

void RunAggregateOperator::add_to_window(RowState& row, const Hit& hit) {
  if (row.window.empty()) row.next_run = std::max(row.next_run, ceil_to(hit.time, interval_));
  const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
  for (RowAggregate& measure : row.measures) measure.add(arguments);
  row.window.push_back(
      {hit.time, hit.queries, hit.profile.outcome, {arguments.begin(), arguments.end()}, make_detail(hit)});
  if (++row.details > EventLog::kMaxDetails) {
    row.window[row.window.size() - row.details].detail.reset();
    --row.details;
  }
}

void RunAggregateOperator::expire(RowState& row, Instant run) {
  while (!row.window.empty() && row.window.front().time < run - op_->look_back) {
    for (RowAggregate& measure : row.measures) measure.remove(row.window.front().arguments);
    row.window.pop_front();
    ++row.first;
  }
  row.details = std::min(row.details, row.window.size());
}

/// Computes the row at the runs from next_run to `last_run`. No hits enter between them: those of the window all came
/// before next_run. So after the first of them the row changes only when hits leave.
void RunAggregateOperator::look_at_runs(RowState& row, Instant last_run, OperatorOutput& output) {
  while (row.next_run <= last_run) {
    const Instant run = row.next_run;
    expire(row, run);
    if (row.window.empty()) {
      row.next_run = last_run + interval_;
      return;
    }
    Instant until = run;  // the last run that sees the same row
    if (!having_->uses_run_time) {
      const Instant last_with_oldest = floor_to(row.window.front().time + op_->look_back, interval_);
      until = std::clamp(last_with_oldest, run, last_run);
    }
    const Row values = values_of(row);
    if (keeps_row(op_->having, values, run)) {
      fire(row, run, values, output);
      row.last_true = until;
    } else {
      offer_near_miss(row, values, output);
    }
    row.next_run = until + interval_;
  }
}

void RunAggregateOperator::fire(RowState& row, Instant run, const Row& values, OperatorOutput& output) {
  Firing firing{
      .time = run,
      .trigger_key = {},
      .oldest = row.window.front().time,
      .severity = partition_->rule->severity,
      .case_name = {},
      .values = outputs_of(values, run),
      .expansion = partition_->rule->plan.episode.project ? row.group : std::vector<Value>{},
  };
  const plan::Episode& episode = partition_->rule->plan.episode;
  const bool consecutive = row.record && run - row.last_true <= interval_;
  const bool bridged = row.record && episode.keep_alive.micros > 0 && run - row.last_true <= episode.keep_alive &&
                       run - row.record->first_seen <= episode.max_duration;
  if (consecutive || bridged) {
    raise(*row.record, firing);
  } else {
    close(row, output);
    row.record = open_record(*partition_, firing);
    row.gathered_until = row.first;
  }
  row.record->last_seen = row.window.back().time;
  for (std::uint64_t number = std::max(row.gathered_until, row.first); number < row.first + row.window.size();
       ++number) {
    const Entry& entry = row.window[number - row.first];
    count_event(*row.record, entry.outcome, entry.detail.get());
    count_queries(*row.record, entry.queries);
  }
  row.gathered_until = row.first + row.window.size();
}

void RunAggregateOperator::close(RowState& row, OperatorOutput&) {
  if (!row.record) return;
  done_.push_back(std::move(*row.record));
  row.record.reset();
}

Row RunAggregateOperator::values_of(const RowState& row) const {
  Row values;
  values.reserve(row.measures.size() + row.group.size());
  for (const RowAggregate& measure : row.measures) values.push_back(measure.value());
  for (const Value& part : row.group) values.push_back(is_null(part) ? Values{} : Values{part});
  return values;
}

NamedValues RunAggregateOperator::outputs_of(const Row& row, Instant run) const {
  NamedValues outputs;
  for (const plan::NamedExpr& output : op_->outputs) {
    Values values = evaluate_on_row(output.expression, row, run);
    append_output(outputs, output.name, display_values(std::move(values), type_of_output(output.expression)));
  }
  return outputs;
}

/// A bare slot may leave its type to the measure or key part that it names.
plan::LogicalType RunAggregateOperator::type_of_output(const plan::Expr& expression) const {
  const plan::LogicalType type = type_of(expression);
  const auto* slot = expression ? std::get_if<plan::Slot>(&expression->node) : nullptr;
  if (slot == nullptr || type != plan::LogicalType::any) return type;
  if (slot->index < op_->measures.size()) return op_->measures[slot->index].type;
  const std::size_t part = slot->index - op_->measures.size();
  const auto& queries = partition_->rule->plan.queries;
  if (queries.empty() || part >= queries[0].key.size()) return type;
  return type_of(queries[0].key[part].expression);
}

void RunAggregateOperator::offer_near_miss(const RowState& row, const Row& values, OperatorOutput& output) const {
  const std::vector<RowNeed>& needs = having_->needs;
  if (needs.empty()) return;
  double share = 0;
  boost::container::small_vector<double, 8> measured;
  for (const RowNeed& need : needs) {
    const Values& cell = values[need.slot];
    double number = 0;
    if (cell.size() == 1) {
      if (const auto* integer = std::get_if<std::int64_t>(&cell[0])) number = static_cast<double>(*integer);
      if (const auto* real = std::get_if<double>(&cell[0])) number = *real;
    }
    measured.push_back(number);
    share += need.least > 0 ? std::clamp(number / need.least, 0.0, 1.0) : 1;
  }
  output.tally.offer(share / static_cast<double>(needs.size()), [&] {
    std::string text;
    for (std::size_t i = 0; i < needs.size(); ++i) {
      if (!text.empty()) text += ", ";
      text += number_text(measured[i]) + " of " + number_text(needs[i].least) + " " + needs[i].name;
    }
    std::vector<Value> shown = row.group;
    if (op_->bucket_key && *op_->bucket_key < shown.size()) {
      shown[*op_->bucket_key] = display_values({shown[*op_->bucket_key]}, plan::LogicalType::date)[0];
    }
    if (!shown.empty()) text += " (" + describe_group(shown) + ")";
    return text;
  });
}

}  // namespace trailhound::engine
