#include "run/query_worker.h"

#include <utility>

#include "engine/table/row_order.h"
#include "engine/table/row_wise.h"
#include "run/rule_sides.h"

namespace trailhound::run {

bool SeenEvents::add(const Hash128& id) {
  Shard& shard = shards_[id.high % kShards];
  const std::lock_guard lock(shard.mutex);
  if (shard.ids.size() >= per_shard_) return !shard.ids.contains(id);
  return shard.ids.insert(id).second;
}

bool SeenEvents::is_full() const {
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    if (shard.ids.size() >= per_shard_) return true;
  }
  return false;
}

QuerySplit split(const plan::Pipeline& pipeline) {
  QuerySplit split;
  split.step = engine::count_row_wise(pipeline.steps, 0);
  if (split.step == pipeline.steps.size()) return split;
  const plan::TableCommand& command = pipeline.steps[split.step].command;
  split.aggregate = std::get_if<plan::AggregateRows>(&command);
  split.sort = std::get_if<plan::SortRows>(&command);
  if (split.sort != nullptr) split.limit = engine::limit_behind(pipeline.steps, split.step);
  const auto* limit = std::get_if<plan::LimitRows>(&command);
  if (limit != nullptr && limit->keys.empty()) split.limit = limit->count;
  return split;
}

/// Takes what comes out of the row-wise commands.
class QueryWorker::Gather final : public engine::RowSink {
 public:
  explicit Gather(QueryWorker& worker) : worker_(worker) {}
  Status add(engine::Row&& row) override {
    key_.clear();
    if (worker_.split_.sort != nullptr) engine::append_sort_keys(key_, row, *worker_.split_.sort);
    key_ += worker_.position_;
    engine::append_order(key_, worker_.part_++);
    if (worker_.groups_) return worker_.groups_->add(row, key_);
    return worker_.rows_.add(key_, row);
  }
  Status finish() override { return {}; }

 private:
  QueryWorker& worker_;
  std::string key_;
};

QueryWorker::QueryWorker(const plan::Pipeline& pipeline, const QuerySplit& split, const engine::TableContext& context,
                         SeenEvents& seen, Progress& progress)
    : context_(context),
      events_(pipeline.source, context_),
      document_source_(over_documents(pipeline.source)),
      documents_(document_source_, context_),
      split_(split),
      rows_({.limit = split.limit, .memory = context.memory, .folder = context.temporary_folder}),
      gather_(std::make_unique<Gather>(*this)),
      chain_(pipeline.steps, 0, split.step, context_, *gather_),
      seen_(seen),
      progress_(progress),
      source_({.giants = &progress.giants}) {
  context_.warnings = &warnings_;
  reader_.take_documents();
  if (split.aggregate != nullptr) groups_.emplace(*split.aggregate, context.memory);
}

QueryWorker::~QueryWorker() = default;

source::WindowAnswer QueryWorker::window(const source::RecordWindow& window) {
  const auto answer = reader_.read(window, *file_, [this](event::Batch& batch) { consume(batch); });
  return status_.has_value() && !stopped() ? answer : source::WindowAnswer::stop;
}

void QueryWorker::consume(event::Batch& batch) {
  for (std::size_t row = 0; row < batch.size() && status_; ++row) {
    const event::Record record(batch, row);
    auto cells = record.elastic_document() ? documents_.row_of(record) : events_.row_of(record);
    if (!cells) continue;
    if (!seen_.add(batch.ids[row])) {
      ++ledger_.duplicate;
      continue;
    }
    position_.clear();
    engine::append_order(position_, static_cast<std::uint64_t>(record.time().micros) ^ (std::uint64_t{1} << 63));
    position_ += record.event_key();
    position_ += '\0';
    part_ = 0;
    status_ = chain_.front().add(*std::move(cells));
  }
}

void QueryWorker::end_file(FileEntry&& file) {
  file_ = nullptr;
  ledger_.records_seen += file.records;
  ledger_.malformed += file.malformed;
  ledger_.book(std::move(file));
}

}  // namespace trailhound::run
