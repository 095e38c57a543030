#include "engine/run_table.h"

#include <algorithm>
#include <utility>

#include "base/instant.h"
#include "engine/display_values.h"
#include "engine/hit_arguments.h"
#include "engine/table/chain.h"
#include "engine/table/event_rows.h"
#include "engine/table/row_wise.h"

namespace trailhound::engine {
namespace {

class Collect final : public RowSink {
 public:
  Collect(std::vector<Row>& rows, std::size_t memory) : rows_(rows), left_(memory) {}
  Status add(Row&& row) override {
    const std::size_t bytes = bytes_of(row);
    if (bytes > left_) return fail("the result needs more memory than the rule may use", {}, kMoreMemory);
    left_ -= bytes;
    rows_.push_back(std::move(row));
    return {};
  }
  Status finish() override { return {}; }

  static constexpr const char* kMoreMemory = "raise --memory";

 private:
  std::vector<Row>& rows_;
  std::size_t left_;
};

/// How many of the first steps give at most one row for one, whatever the run.
std::size_t count_once_a_hit(const plan::Pipeline& pipeline) {
  const std::size_t all = count_row_wise(pipeline.steps, 0);
  for (std::size_t i = 0; i < all; ++i) {
    const plan::TableCommand& command = pipeline.steps[i].command;
    if (std::holds_alternative<plan::ExpandColumn>(command) || std::holds_alternative<plan::JoinRows>(command)) {
      return i;
    }
    plan::Pipeline one;
    one.steps = {pipeline.steps[i]};
    if (uses_run_time(one)) return i;
  }
  return all;
}

/// Of an entry of the window with such a row.
std::size_t bytes_without_detail(const std::string& row) {
  constexpr std::size_t kEntry = 96;  // with what the allocator adds
  return kEntry + row.capacity();
}

std::size_t bytes_of_detail(const std::shared_ptr<const EventDetail>& detail) {
  return sizeof(EventDetail) + detail->event_key.size() + detail->bytes.size();
}

}  // namespace

RunTableOperator::RunTableOperator(const Partition& partition)
    : partition_(&partition),
      op_(&std::get<plan::RunTable>(partition.rule->plan.op)),
      interval_{std::max<std::int64_t>(op_->interval.micros, 1)},
      once_a_hit_(count_once_a_hit(op_->pipeline)),
      uses_run_time_(uses_run_time(op_->pipeline)) {}

TableContext RunTableOperator::context_at(Instant run) const {
  return {.run_time = run, .memory = partition_->memory / 4, .temporary_folder = {}, .warnings = nullptr};
}

void RunTableOperator::step(const StoredHit& hit, OperatorOutput& /*output*/) {
  // Runs before this hit see nothing later: they can be decided. The run at this very time may still get more hits.
  look_at_runs(ceil_to(hit.time, interval_) - interval_);
  auto row = row_of(hit);
  if (!row) return omit(hit.time, std::move(row).error());
  if (row->empty()) return;
  hold({.time = hit.time,
        .queries = hit.queries,
        .outcome = hit.outcome,
        .row = *std::move(row),
        .detail = make_detail(hit)});
}

/// Behind the steps that are evaluated once a hit; empty if they drop it.
Result<std::string> RunTableOperator::row_of(const StoredHit& hit) const {
  const auto arguments = arguments_of(partition_->rule->plan, hit, 0);
  const auto& columns = partition_->rule->plan.queries[0].arguments;
  Row row;
  row.reserve(arguments.size() + 1);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    row.push_back(as_indexed(arguments[i], type_of(columns[i].expression)));
  }
  row.push_back({static_cast<std::int64_t>(first_ + window_.size())});
  const TableContext context = context_at(hit.time);
  std::vector<Row> rows;
  Collect collect(rows, context.memory);
  Chain chain(op_->pipeline.steps, 0, once_a_hit_, context, collect);
  TRY_VOID(chain.front().add(std::move(row)));
  std::string bytes;
  if (!rows.empty()) append_row(bytes, rows.front());
  bytes.shrink_to_fit();
  return bytes;
}

void RunTableOperator::hold(Entry&& entry) {
  const std::size_t bytes = bytes_without_detail(entry.row);
  if (entry_bytes_ + bytes > partition_->memory / 2) {
    return omit(entry.time, {"its window holds more than the rule may use", {}, Collect::kMoreMemory});
  }
  entry_bytes_ += bytes;
  detail_bytes_ += bytes_of_detail(entry.detail);
  window_.push_back(std::move(entry));
  ++details_;
  drop_details();
}

void RunTableOperator::omit(Instant time, Error why) {
  omitted_at_ = time;
  why_omitted_ = std::move(why);
  first_ += window_.size();
  window_.clear();
  entry_bytes_ = detail_bytes_ = details_ = 0;
}

/// Of the oldest, as long as there are too many.
void RunTableOperator::drop_details() {
  while (details_ > EventLog::kMaxDetails || (details_ > 1 && detail_bytes_ > partition_->memory / 8)) {
    auto& detail = window_[window_.size() - details_].detail;
    detail_bytes_ -= bytes_of_detail(detail);
    detail.reset();
    --details_;
  }
}

void RunTableOperator::finish(OperatorOutput& output) {
  look_at_runs(ceil_to(partition_->frontier, interval_));
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
  if (lost_runs_ > 0) {
    output.tally.report.unfinished = std::to_string(lost_runs_) + " of its runs could not be evaluated, " + first_loss_;
  }
}

void RunTableOperator::expire(Instant run) {
  while (!window_.empty() && window_.front().time < run - op_->look_back) {
    const Entry& oldest = window_.front();
    entry_bytes_ -= bytes_without_detail(oldest.row);
    if (oldest.detail) {
      detail_bytes_ -= bytes_of_detail(oldest.detail);
      --details_;
    }
    window_.pop_front();
    ++first_;
  }
}

/// Computes the rows at the runs from next_run_ to `last_run`. No hits enter between them: those of the window all came
/// before next_run_.
void RunTableOperator::look_at_runs(Instant last_run) {
  while (next_run_ <= last_run) {
    const Instant run = next_run_;
    expire(run);
    // The last run that sees what was there at a time.
    const auto last_with = [&](Instant time) {
      return std::clamp(floor_to(time + op_->look_back, interval_), run, last_run);
    };
    if (omitted_at_ && *omitted_at_ >= run - op_->look_back) {
      const Instant until = last_with(*omitted_at_);
      close_before(run);
      lose_runs(run, until, why_omitted_);
      next_run_ = until + interval_;
      continue;
    }
    if (window_.empty()) {
      next_run_ = last_run + interval_;
      return;
    }
    const Instant until = uses_run_time_ ? run : last_with(window_.front().time);  // the same rows until then
    close_before(run);
    if (auto looked = look_at_run(run, until); !looked) lose_runs(run, until, looked.error());
    next_run_ = until + interval_;
  }
}

void RunTableOperator::lose_runs(Instant first, Instant last, const Error& why) {
  if (lost_runs_ == 0) first_loss_ = "the first at " + format_rfc3339(first) + ": " + why.text();
  lost_runs_ += static_cast<std::uint64_t>((last - first).micros / interval_.micros) + 1;
  for (auto& [key, open] : open_) open.last_true = std::max(open.last_true, last);  // nobody knows that it ended
}

Status RunTableOperator::look_at_run(Instant run, Instant until) {
  const TableContext context = context_at(run);
  std::vector<Row> rows;
  Collect collect(rows, context.memory);
  Chain chain(op_->pipeline.steps, once_a_hit_, op_->pipeline.steps.size(), context, collect);
  for (const Entry& entry : window_) {
    Row row;
    if (!read_row(entry.row, row)) return fail("a row of its window cannot be read back");
    TRY_VOID(chain.front().add(std::move(row)));
  }
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
