#include "engine/table/aggregate_rows.h"

#include <utility>

#include "engine/table/group_table.h"
#include "engine/table/ordered_rows.h"
#include "engine/table/row_order.h"

namespace trailhound::engine {
namespace {

class Aggregate final : public RowSink {
 public:
  Aggregate(const plan::AggregateRows& command, const TableContext& context, RowSink& next)
      : groups_(command, context.memory), warnings_(context.warnings), next_(next) {}
  Status add(Row&& row) override {
    position_.clear();
    append_order(position_, count_++);
    return groups_.add(row, position_);
  }
  Status finish() override {
    TRY_VOID(groups_.give_out(
        warnings_, [this](Row&& row) { return next_.add(std::move(row)); }, [this] { return next_.wants_more(); }));
    return next_.finish();
  }

 private:
  GroupTable groups_;
  TableWarnings* warnings_;
  RowSink& next_;
  std::uint64_t count_ = 0;
  std::string position_;
};

class AggregateInline final : public RowSink {
 public:
  AggregateInline(const plan::AggregateInline& command, const TableContext& context, RowSink& next)
      : command_(command.aggregate),
        groups_(command_, context.memory),
        rows_({.limit = {}, .memory = context.memory, .folder = context.temporary_folder}),
        warnings_(context.warnings),
        next_(next) {}
  Status add(Row&& row) override {
    position_.clear();
    append_order(position_, count_++);
    TRY_VOID(groups_.add(row, position_));
    return rows_.add(position_, row);
  }
  Status finish() override {
    std::vector<OrderedRows> parts;
    parts.push_back(std::move(rows_));
    TRY_VOID(OrderedRows::give_out(
        std::move(parts), [this](Row&& row) { return next_.add(with_measures(std::move(row))); },
        [this] { return next_.wants_more(); }));
    return next_.finish();
  }

 private:
  Row with_measures(Row&& row) {
    const std::vector<Row> groups = groups_.measures_for(row, warnings_);
    for (std::size_t i = 0; i < command_.measures.size(); ++i) {
      Values gathered;
      for (const Row& group : groups) gathered.insert(gathered.end(), group[i].begin(), group[i].end());
      row.push_back(std::move(gathered));
    }
    return std::move(row);
  }

  const plan::AggregateRows& command_;
  GroupTable groups_;
  OrderedRows rows_;
  TableWarnings* warnings_;
  RowSink& next_;
  std::uint64_t count_ = 0;
  std::string position_;
};

}  // namespace

std::unique_ptr<RowSink> make_aggregate(const plan::AggregateRows& command, const TableContext& context,
                                        RowSink& next) {
  return std::make_unique<Aggregate>(command, context, next);
}

std::unique_ptr<RowSink> make_aggregate_inline(const plan::AggregateInline& command, const TableContext& context,
                                               RowSink& next) {
  return std::make_unique<AggregateInline>(command, context, next);
}

}  // namespace trailhound::engine
