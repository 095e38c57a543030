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
/// Hits that a bucket holds on to before it computes all of its row.
constexpr std::size_t kMostHeld = 64;

void append_output(NamedValues& outputs, const std::string& name, Values values) {
  const std::size_t all = values.size();
  if (all > kMaxOutputValues) values.resize(kMaxOutputValues);
  outputs.emplace_back(name, std::move(values));
  if (all > kMaxOutputValues) outputs.emplace_back(name + ".total", Values{static_cast<std::int64_t>(all)});
}

/// The number in a cell, 0 if there is none.
double number_of(const Values& cell) {
  if (cell.size() != 1) return 0;
  if (const auto* integer = std::get_if<std::int64_t>(&cell[0])) return static_cast<double>(*integer);
  const auto* real = std::get_if<double>(&cell[0]);
  return real == nullptr ? 0 : *real;
}

}  // namespace

RunAggregateOperator::RunAggregateOperator(const Partition& partition, std::shared_ptr<const RowThreshold> having)
    : partition_(&partition),
      op_(&std::get<plan::RunAggregate>(partition.rule->plan.op)),
      interval_{std::max<std::int64_t>(op_->interval.micros, 1)},
      having_(std::move(having)),
      performed_(Instant::min()) {
  if (partition.rule->plan.episode.suppression) alerts_.emplace(partition);
}

void RunAggregateOperator::step(const StoredHit& hit, OperatorOutput& output) {
  if (alerts_) perform_runs(ceil_to(hit.time, interval_) - interval_, output);
  RowState& row = row_of(hit);
  if (alerts_) {
    add_to_window(row, hit);
  } else if (row.bucket_run) {
    add_to_bucket(row, hit);
  } else {
    // Runs before this hit see nothing later: they can be decided. The run at this very time may still get more hits.
    look_at_runs(row, ceil_to(hit.time, interval_) - interval_, output);
    add_to_window(row, hit);
  }
}

void RunAggregateOperator::finish(OperatorOutput& output) {
  const Instant last_run = ceil_to(partition_->frontier, interval_);
  if (alerts_) {
    perform_runs(last_run, output);
    alerts_->finish(output);
    output.tally.report.groups += forgotten_ + rows_.size();
    return;
  }
  for (auto& [key, row] : rows_) {
    if (row.bucket_run) {
      const std::size_t before = done_.size();
      finish_bucket(row, std::min(*row.bucket_run, last_run), output);
      if (*row.bucket_run > last_run && done_.size() == before) ++output.tally.report.open_windows;
    } else {
      look_at_runs(row, last_run, output);
      close(row);
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

RunAggregateOperator::RowState& RunAggregateOperator::row_of(const StoredHit& hit) {
  if (last_row_ != nullptr && last_row_->group == hit.group) return *last_row_;
  const auto [at, is_new] = rows_.try_emplace(canonical_key(hit.group));
  RowState& row = at->second;
  last_row_ = &row;
  if (is_new) {
    row.group = hit.group;
    row.measures.reserve(op_->measures.size());
    for (const auto& measure : op_->measures) row.measures.emplace_back(measure);
    if (!alerts_) row.bucket_run = run_of_bucket(hit.group);
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

/// Few buckets pass, so a row first follows what decides about it and only holds on to its hits.
void RunAggregateOperator::add_to_bucket(RowState& row, const StoredHit& hit) {
  const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
  for (std::size_t i = 0; i < row.measures.size(); ++i) {
    if (row.record || having_->decisive[i]) row.measures[i].add(arguments);
  }
  row.newest = hit.time;
  if (row.record) {
    count_event(*row.record, hit);
    count_queries(*row.record, hit.queries);
    return;
  }
  row.held.push_back({hit.time, hit.event_key, hit.payload, hit.texts});
  if (row.held.size() == kMostHeld) open_bucket(row);
}

/// Computes what was put off.
void RunAggregateOperator::open_bucket(RowState& row) {
  if (row.record) return;
  row.record = open_record(*partition_, Firing{.time = *row.bucket_run,
                                               .trigger_key = {},
                                               .oldest = row.held.front().time,
                                               .severity = partition_->rule->severity,
                                               .case_name = {},
                                               .values = {},
                                               .expansion = {}});
  StoredHit hit;
  for (const HeldHit& held : row.held) {
    hit.time = held.time;
    hit.event_key = held.event_key;
    decode_payload(held.payload, held.texts, hit);
    const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
    for (std::size_t i = 0; i < row.measures.size(); ++i) {
      if (!having_->decisive[i]) row.measures[i].add(arguments);
    }
    count_event(*row.record, hit);
    count_queries(*row.record, hit.queries);
  }
  row.held = {};
}

void RunAggregateOperator::finish_bucket(RowState& row, Instant run, OperatorOutput& output) {
  if (lacks_a_need(row)) return offer_near_miss(row, output);
  open_bucket(row);
  const Row values = values_of(row);
  if (!keeps_row(op_->having, values, run)) return offer_near_miss(row, output);
  row.record->last_seen = row.newest;
  row.record->values = outputs_of(values, run);
  if (partition_->rule->plan.episode.project) row.record->expansion = row.group;
  done_.push_back(std::move(*row.record));
}

void RunAggregateOperator::add_to_window(RowState& row, const StoredHit& hit) {
  if (row.window.empty()) row.next_run = std::max(row.next_run, ceil_to(hit.time, interval_));
  const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
  for (RowAggregate& measure : row.measures) measure.add(arguments);
  row.window.push_back({hit.time, hit.queries, hit.outcome, {arguments.begin(), arguments.end()}, make_detail(hit)});
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
      fire(row, run, values);
      row.last_true = until;
    } else {
      offer_near_miss(row, output);
    }
    row.next_run = until + interval_;
  }
}

void RunAggregateOperator::fire(RowState& row, Instant run, const Row& values) {
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
    close(row);
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

void RunAggregateOperator::close(RowState& row) {
  if (!row.record) return;
  done_.push_back(std::move(*row.record));
  row.record.reset();
}

/// Performs the runs up to `last_run`, those that see nothing excepted.
void RunAggregateOperator::perform_runs(Instant last_run, OperatorOutput& output) {
  Instant oldest = Instant::max();
  for (const auto& [key, row] : rows_) oldest = std::min(oldest, row.window.front().time);
  if (rows_.empty() || performed_ >= last_run) return;
  Instant run = std::max(performed_ + interval_, ceil_to(oldest, interval_));
  for (; run <= last_run && !rows_.empty(); run = run + interval_) {
    for (auto& [key, row] : rows_) {
      expire(row, run);
      if (row.window.empty()) continue;
      const Row values = values_of(row);
      if (keeps_row(op_->having, values, run)) {
        fire_suppressed(row, run, values, output);
      } else {
        offer_near_miss(row, output);
      }
    }
    forgotten_ += std::erase_if(rows_, [](const auto& item) { return item.second.window.empty(); });
    last_row_ = nullptr;
  }
  performed_ = last_run;
}

void RunAggregateOperator::fire_suppressed(RowState& row, Instant run, const Row& values, OperatorOutput& output) {
  const Firing firing{
      .time = run,
      .trigger_key = {},
      .oldest = row.window.front().time,
      .severity = partition_->rule->severity,
      .case_name = {},
      .values = outputs_of(values, run),
      .expansion = partition_->rule->plan.episode.project ? row.group : std::vector<Value>{},
  };
  EpisodeRecord& record = alerts_->fire(
      firing,
      {.run = run, .newest = row.window.back().time, .group = alerts_->group_of(row.group, cells_of(values, run))},
      output);
  std::uint64_t number = row.first;
  if (row.gathered_in == alerts_->number()) number = std::max(number, row.gathered_until);
  for (; number < row.first + row.window.size(); ++number) {
    const Entry& entry = row.window[number - row.first];
    count_event(record, entry.outcome, entry.detail.get());
    count_queries(record, entry.queries);
  }
  row.gathered_in = alerts_->number();
  row.gathered_until = row.first + row.window.size();
}

/// The columns that a suppression may group by.
std::vector<Values> RunAggregateOperator::cells_of(const Row& row, Instant run) const {
  std::vector<Values> cells;
  for (const plan::NamedExpr& output : op_->outputs) cells.push_back(evaluate_on_row(output.expression, row, run));
  return cells;
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

/// True if the row cannot pass `having`, as far as that is known without computing all of its values.
bool RunAggregateOperator::lacks_a_need(const RowState& row) const {
  return std::ranges::any_of(having_->needs, [&](const RowNeed& need) {
    return need.counts && number_of(row.measures[need.slot].value()) < need.least;
  });
}

void RunAggregateOperator::offer_near_miss(const RowState& row, OperatorOutput& output) const {
  const std::vector<RowNeed>& needs = having_->needs;
  if (needs.empty()) return;
  double share = 0;
  boost::container::small_vector<double, 8> measured;
  for (const RowNeed& need : needs) {
    const double number = number_of(row.measures[need.slot].value());
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
