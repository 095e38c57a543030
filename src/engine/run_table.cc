#include "engine/run_table.h"

#include <algorithm>
#include <utility>

#include "engine/display_values.h"
#include "engine/hit_arguments.h"
#include "engine/table/chain.h"
#include "engine/table/event_rows.h"
#include "engine/table/row_wise.h"

namespace trailhound::engine {
namespace {

/// Groups and rows that one command of one run may hold.
constexpr std::size_t kMemory = 128u << 20;

class Collect final : public RowSink {
 public:
  explicit Collect(std::vector<Row>& rows) : rows_(rows) {}
  Status add(Row&& row) override {
    rows_.push_back(std::move(row));
    return {};
  }
  Status finish() override { return {}; }

 private:
  std::vector<Row>& rows_;
};

/// How many of the first steps look at one row at a time and do not depend on the run.
std::size_t count_once_a_hit(const plan::Pipeline& pipeline) {
  const std::size_t all = count_row_wise(pipeline.steps, 0);
  for (std::size_t i = 0; i < all; ++i) {
    plan::Pipeline one;
    one.steps = {pipeline.steps[i]};
    if (uses_run_time(one)) return i;
  }
  return all;
}

}  // namespace

RunTableOperator::RunTableOperator(const Partition& partition)
    : partition_(&partition),
      op_(&std::get<plan::RunTable>(partition.rule->plan.op)),
      interval_{std::max<std::int64_t>(op_->interval.micros, 1)},
      row_wise_(count_once_a_hit(op_->pipeline)),
      uses_run_time_(uses_run_time(op_->pipeline)) {}

TableContext RunTableOperator::context_at(Instant run) const {
  return {.run_time = run, .memory = kMemory, .temporary_folder = {}, .warnings = nullptr};
}

void RunTableOperator::step(const StoredHit& hit, OperatorOutput& output) {
  // Runs before this hit see nothing later: they can be decided. The run at this very time may still get more hits.
  look_at_runs(ceil_to(hit.time, interval_) - interval_, output);
  if (window_.empty()) next_run_ = std::max(next_run_, ceil_to(hit.time, interval_));
  Entry entry{hit.time, hit.queries, hit.outcome, {}, make_detail(hit)};
  const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
  const auto& columns = partition_->rule->plan.queries[0].arguments;
  Row row;
  row.reserve(arguments.size() + 1);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    row.push_back(as_indexed(arguments[i], type_of(columns[i].expression)));
  }
  row.push_back({static_cast<std::int64_t>(first_ + window_.size())});
  const TableContext context = context_at(hit.time);
  Collect collect(entry.rows);
  Chain chain(op_->pipeline.steps, 0, row_wise_, context, collect);
  if (auto added = chain.front().add(std::move(row)); !added && !failure_) failure_ = added.error();
  window_.push_back(std::move(entry));
  if (++details_ > EventLog::kMaxDetails) {
    window_[window_.size() - details_].detail.reset();
    --details_;
  }
}

void RunTableOperator::finish(OperatorOutput& output) {
  look_at_runs(ceil_to(partition_->frontier, interval_), output);
  close_before(Instant::max());
  std::ranges::stable_sort(done_, [](const EpisodeRecord& a, const EpisodeRecord& b) {
    if (a.trigger_time != b.trigger_time) return a.trigger_time < b.trigger_time;
    return compare_cells(a.expansion, b.expansion) < 0;
  });
  for (EpisodeRecord& record : done_) {
    ++output.tally.report.episodes;
    output.emit(std::move(record));
  }
  done_.clear();
  if (failure_) output.tally.report.reason = "the rule was not evaluated to the end: " + failure_->text();
}

void RunTableOperator::expire(Instant run) {
  while (!window_.empty() && window_.front().time < run - op_->look_back) {
    window_.pop_front();
    ++first_;
  }
  details_ = std::min(details_, window_.size());
}

/// Computes the rows at the runs from next_run_ to `last_run`. No hits enter between them: those of the window all came
/// before next_run_.
void RunTableOperator::look_at_runs(Instant last_run, OperatorOutput& output) {
  while (next_run_ <= last_run && !failure_) {
    const Instant run = next_run_;
    expire(run);
    if (window_.empty()) {
      next_run_ = last_run + interval_;
      return;
    }
    Instant until = run;  // the last run that sees the same rows
    if (!uses_run_time_) {
      until = std::clamp(floor_to(window_.front().time + op_->look_back, interval_), run, last_run);
    }
    close_before(run);
    if (auto looked = look_at_run(run, until); !looked) failure_ = looked.error();
    next_run_ = until + interval_;
  }
  (void)output;
}

Status RunTableOperator::look_at_run(Instant run, Instant until) {
  const TableContext context = context_at(run);
  std::vector<Row> rows;
  Collect collect(rows);
  Chain chain(op_->pipeline.steps, row_wise_, op_->pipeline.steps.size(), context, collect);
  bool any = false;
  for (const Entry& entry : window_) {
    for (const Row& row : entry.rows) {
      any = true;
      TRY_VOID(chain.front().add(Row(row)));
    }
  }
  if (!any) return {};
  TRY_VOID(chain.front().finish());
  for (Row& row : rows) take_row(std::move(row), run, until);
  return {};
}

void RunTableOperator::take_row(Row&& row, Instant run, Instant until) {
  if (row.empty()) return;
  const Values lineage = std::move(row.back());
  row.pop_back();
  const std::size_t shown_columns = std::min(op_->pipeline.output.size(), row.size());
  const std::size_t from = op_->identity > 0 ? row.size() - std::min<std::size_t>(op_->identity, row.size()) : 0;
  std::string key;
  std::vector<Value> expansion;
  for (std::size_t i = from; i < row.size(); ++i) {
    append_cell(key, row[i]);
    if (row[i].size() > 1) {
      std::string several;
      append_cell(several, row[i]);
      expansion.emplace_back(std::move(several));
    } else {
      expansion.push_back(row[i].empty() ? Value() : row[i][0]);
    }
  }
  row.resize(shown_columns);
  Instant oldest = run;
  for (const Value& number : lineage) {
    const auto* n = std::get_if<std::int64_t>(&number);
    if (n == nullptr || static_cast<std::uint64_t>(*n) < first_) continue;
    const std::size_t at = static_cast<std::uint64_t>(*n) - first_;
    if (at < window_.size()) oldest = std::min(oldest, window_[at].time);
  }
  const Firing firing{.time = run,
                      .trigger_key = {},
                      .oldest = oldest,
                      .severity = partition_->rule->severity,
                      .case_name = {},
                      .values = shown(row),
                      .expansion = expansion};
  const auto [found, is_new] = open_.try_emplace(key);
  Open& open = found->second;
  if (is_new) {
    open.record = open_record(*partition_, firing);
    open.record.last_seen = oldest;  // the hits behind the row tell, not the run
  } else if (!op_->once) {
    const Instant last_seen = open.record.last_seen;
    raise(open.record, firing);
    open.record.last_seen = last_seen;
  }
  open.last_true = until;
  gather(open, lineage);
}

/// Counts the hits behind a row that were not counted yet.
void RunTableOperator::gather(Open& open, const Values& lineage) {
  std::uint64_t newest = open.gathered_until;
  for (const Value& number : lineage) {
    const auto* n = std::get_if<std::int64_t>(&number);
    if (n == nullptr || static_cast<std::uint64_t>(*n) < std::max(first_, open.gathered_until)) continue;
    const std::size_t at = static_cast<std::uint64_t>(*n) - first_;
    if (at >= window_.size()) continue;
    const Entry& entry = window_[at];
    count_event(open.record, entry.outcome, entry.detail.get());
    count_queries(open.record, entry.queries);
    open.record.last_seen = std::max(open.record.last_seen, entry.time);
    newest = std::max(newest, static_cast<std::uint64_t>(*n) + 1);
  }
  open.gathered_until = newest;
}

/// Ends the episodes whose row was missing in a run before `run`.
void RunTableOperator::close_before(Instant run) {
  for (auto at = open_.begin(); at != open_.end();) {
    // The identity of an event stays as long as the event does, whatever rows come and go.
    const Duration patience = op_->once ? std::max(interval_, op_->look_back) : interval_;
    const bool bridged = run != Instant::max() && run - at->second.last_true <= patience;
    if (bridged) {
      ++at;
      continue;
    }
    done_.push_back(std::move(at->second.record));
    at = open_.erase(at);
  }
}

NamedValues RunTableOperator::shown(const Row& row) const {
  constexpr std::size_t kMaxValues = 1000;
  NamedValues values;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto& column = op_->pipeline.output[i];
    Values cell = display_values(row[i], column.type);
    const std::size_t all = cell.size();
    if (all > kMaxValues) cell.resize(kMaxValues);
    values.emplace_back(column.name, std::move(cell));
    if (all > kMaxValues) values.emplace_back(column.name + ".total", Values{static_cast<std::int64_t>(all)});
  }
  return values;
}

}  // namespace trailhound::engine
