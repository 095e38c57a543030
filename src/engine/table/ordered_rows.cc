#include "engine/table/ordered_rows.h"

#include <algorithm>

namespace trailhound::engine {

OrderedRows::OrderedRows(const Options& options)
    : options_(options), sorter_({.budget = options.memory, .folder = options.folder}) {}

bool OrderedRows::may_keep(std::string_view key) const {
  if (!options_.limit) return true;
  if (first_.size() < *options_.limit) return true;
  return !first_.empty() && key < first_.front().first;
}

Status OrderedRows::add(std::string_view key, const Row& row) {
  if (!may_keep(key)) return {};
  buffer_.clear();
  append_row(buffer_, row);
  if (!options_.limit) return sorter_.add(key, buffer_);
  first_.emplace_back(std::string(key), buffer_);
  bytes_ += key.size() + buffer_.size() + sizeof(Entry);
  std::ranges::push_heap(first_);
  if (first_.size() > *options_.limit) drop_last();
  if (bytes_ > options_.memory) {
    // Wide rows: the sorter takes over, and the limit is applied when they come back.
    for (const Entry& entry : first_) TRY_VOID(sorter_.add(entry.first, entry.second));
    first_.clear();
    bytes_ = 0;
  }
  return {};
}

void OrderedRows::drop_last() {
  std::ranges::pop_heap(first_);
  bytes_ -= first_.back().first.size() + first_.back().second.size() + sizeof(Entry);
  first_.pop_back();
}

Status OrderedRows::give_out(std::vector<OrderedRows> parts, const std::function<Status(Row&&)>& give,
                             const std::function<bool()>& go_on) {
  if (parts.empty()) return {};
  const auto limit = parts.front().options_.limit;
  std::vector<SpillSorter> sorters;
  for (OrderedRows& part : parts) {
    for (const Entry& entry : part.first_) TRY_VOID(part.sorter_.add(entry.first, entry.second));
    sorters.push_back(std::move(part.sorter_));
  }
  TRY(auto merged, SpillSorter::merge(std::move(sorters)));
  for (std::uint64_t given = 0; (!limit || given < *limit) && go_on(); ++given) {
    TRY(const auto item, merged.next());
    if (!item) break;
    Row row;
    if (!read_row(item->payload, row)) return fail("a stored row cannot be read back");
    TRY_VOID(give(std::move(row)));
  }
  return {};
}

}  // namespace trailhound::engine
