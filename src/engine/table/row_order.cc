#include "engine/table/row_order.h"

#include <random>
#include <unordered_map>
#include <utility>

#include "engine/table/ordered_rows.h"

namespace trailhound::engine {
namespace {

class Sort final : public RowSink {
 public:
  Sort(const plan::SortRows& command, std::optional<std::uint64_t> limit, const TableContext& context, RowSink& next)
      : command_(command),
        rows_({.limit = limit, .memory = context.memory, .folder = context.temporary_folder}),
        next_(next) {}
  Status add(Row&& row) override {
    key_.clear();
    append_sort_keys(key_, row, command_);
    append_order(key_, count_++);
    return rows_.add(key_, row);
  }
  Status finish() override {
    std::vector<OrderedRows> parts;
    parts.push_back(std::move(rows_));
    TRY_VOID(OrderedRows::give_out(
        std::move(parts), [this](Row&& row) { return next_.add(std::move(row)); },
        [this] { return next_.wants_more(); }));
    return next_.finish();
  }

 private:
  const plan::SortRows& command_;
  OrderedRows rows_;
  RowSink& next_;
  std::uint64_t count_ = 0;
  std::string key_;
};

class Limit final : public RowSink {
 public:
  Limit(std::uint64_t count, RowSink& next) : left_(count), next_(next) {}
  Status add(Row&& row) override {
    if (left_ == 0) return {};
    --left_;
    return next_.add(std::move(row));
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return left_ > 0 && next_.wants_more(); }

 private:
  std::uint64_t left_;
  RowSink& next_;
};

/// The first rows of each key; the keys seen are held.
class LimitByKey final : public RowSink {
 public:
  LimitByKey(std::uint64_t count, std::vector<std::uint32_t> keys, const TableContext& context, RowSink& next)
      : count_(count), keys_(std::move(keys)), memory_(context.memory), next_(next) {}
  Status add(Row&& row) override {
    key_.clear();
    for (const std::uint32_t column : keys_) append_cell(key_, row[column]);
    const auto [seen, is_new] = seen_.try_emplace(key_, 0);
    if (is_new) bytes_ += key_.size() + 64;
    if (bytes_ > memory_) {
      return fail("the distinct keys of LIMIT BY or DEDUP need more than the memory budget", {}, "raise --memory");
    }
    if (seen->second >= count_) return {};
    ++seen->second;
    return next_.add(std::move(row));
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  std::uint64_t count_;
  std::vector<std::uint32_t> keys_;
  std::size_t memory_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, std::uint64_t> seen_;
  RowSink& next_;
  std::string key_;
};

}  // namespace

void append_order(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

void append_sort_keys(std::string& out, const Row& row, const plan::SortRows& sort) {
  for (const auto& item : sort.items) append_sort_key(out, row[item.column], item);
}

std::unique_ptr<RowSink> make_sort(const plan::SortRows& command, std::optional<std::uint64_t> limit,
                                   const TableContext& context, RowSink& next) {
  return std::make_unique<Sort>(command, limit, context, next);
}

std::unique_ptr<RowSink> make_limit(const plan::LimitRows& command, const TableContext& context, RowSink& next) {
  if (command.keys.empty()) return std::make_unique<Limit>(command.count, next);
  return std::make_unique<LimitByKey>(command.count, command.keys, context, next);
}

namespace {

class Sample final : public RowSink {
 public:
  Sample(const plan::SampleRows& command, RowSink& next) : probability_(command.probability), next_(next) {}
  Status add(Row&& row) override {
    return std::uniform_real_distribution<double>()(random_) < probability_ ? next_.add(std::move(row)) : Status();
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  double probability_;
  std::mt19937_64 random_;  // always the same numbers, so that a query may be asked again
  RowSink& next_;
};

}  // namespace

std::unique_ptr<RowSink> make_sample(const plan::SampleRows& command, RowSink& next) {
  return std::make_unique<Sample>(command, next);
}

std::unique_ptr<RowSink> make_distinct(const plan::DistinctRows& command, const TableContext& context, RowSink& next) {
  return std::make_unique<LimitByKey>(1, command.columns, context, next);
}

}  // namespace trailhound::engine
