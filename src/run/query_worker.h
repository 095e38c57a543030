#pragma once
/// The parallel half of a query: events become rows, go through the commands that look at one row at a time, and are
/// gathered for the first command that needs them all. Inside src/run only.

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/hash.h"
#include "engine/table/chain.h"
#include "engine/table/event_rows.h"
#include "engine/table/group_table.h"
#include "engine/table/ordered_rows.h"
#include "event/batch_reader.h"
#include "run/progress.h"
#include "source/record_source.h"

namespace trailhound::run {

/// The ids of the events that were taken, so that a record delivered twice counts once. Shared by the workers. Beyond
/// the budget new ids are no longer remembered, and is_full tells so.
class SeenEvents {
 public:
  explicit SeenEvents(std::size_t memory) : per_shard_(memory / kBytesEach / kShards + 1) {}
  /// True for the first time.
  [[nodiscard]] bool add(const Hash128& id);
  [[nodiscard]] bool is_full() const;

 private:
  struct Hasher {
    std::size_t operator()(const Hash128& id) const { return id.low; }
  };
  static constexpr std::size_t kShards = 16, kBytesEach = 48;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_set<Hash128, Hasher> ids;
  };
  std::size_t per_shard_;
  std::array<Shard, kShards> shards_;
};

/// Where the parallel half ends: at the step that needs all rows.
struct QuerySplit {
  std::size_t step = 0;
  const plan::AggregateRows* aggregate = nullptr;  ///< the step, if it is one
  const plan::SortRows* sort = nullptr;            ///< likewise
  std::optional<std::uint64_t> limit;              ///< how many rows are wanted in that order at most
};
[[nodiscard]] QuerySplit split(const plan::Pipeline& pipeline);

class QueryWorker : public source::WindowConsumer {
 public:
  /// All arguments outlive the worker; the memory is its share.
  QueryWorker(const plan::Pipeline& pipeline, const QuerySplit& split, const engine::TableContext& context,
              SeenEvents& seen, Progress& progress);
  ~QueryWorker() override;

  bool read(const source::Input& input) { return source_.read(input, *this); }

  void begin_file(FileEntry& file) override { file_ = &file; }
  source::WindowAnswer window(const source::RecordWindow& window) override;
  void end_file(FileEntry&& file) override;
  [[nodiscard]] bool stopped() const override { return progress_.stop.load(std::memory_order_relaxed); }

  [[nodiscard]] const Status& status() const { return status_; }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }
  [[nodiscard]] const engine::TableWarnings& warnings() const { return warnings_; }
  [[nodiscard]] engine::OrderedRows take_rows() { return std::move(rows_); }
  [[nodiscard]] std::optional<engine::GroupTable> take_groups() { return std::move(groups_); }

 private:
  class Gather;
  void consume(event::Batch& batch);

  engine::TableWarnings warnings_;
  engine::TableContext context_;
  engine::EventRows events_;
  plan::TableSource document_source_;  ///< the same over Elastic documents
  engine::EventRows documents_;
  const QuerySplit& split_;
  engine::OrderedRows rows_;
  std::optional<engine::GroupTable> groups_;
  std::string position_;    ///< of the event in work: time, key
  std::uint32_t part_ = 0;  ///< of its rows
  std::unique_ptr<Gather> gather_;
  engine::Chain chain_;
  SeenEvents& seen_;
  Progress& progress_;
  source::RecordSource source_;
  event::BatchReader reader_;
  FileEntry* file_ = nullptr;
  Ledger ledger_;
  Status status_;
};

}  // namespace trailhound::run
