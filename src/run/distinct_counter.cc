#include "run/distinct_counter.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace trailhound::run {
namespace {

/// Distinct ids by open addressing in `table`, whose memory is reused. The ids are hashes, so their low bits are as
/// good a place as any; zero marks a free place and is counted apart.
std::uint64_t count_distinct(const std::vector<std::uint64_t>& ids, std::vector<std::uint64_t>& table) {
  const std::size_t places = std::bit_ceil(ids.size() * 2 + 1);
  table.assign(places, 0);
  std::uint64_t distinct = 0;
  bool zero = false;
  for (const std::uint64_t id : ids) {
    if (id == 0) {
      zero = true;
      continue;
    }
    std::size_t at = id & (places - 1);
    while (table[at] != 0 && table[at] != id) at = (at + 1) & (places - 1);
    if (table[at] == id) continue;
    table[at] = id;
    ++distinct;
  }
  return distinct + (zero ? 1 : 0);
}

}  // namespace

DistinctCounter::DistinctCounter(std::size_t budget_bytes, std::string folder)
    : capacity_(std::max<std::size_t>(budget_bytes / sizeof(std::uint64_t) / 2, 1024)), folder_(std::move(folder)) {
  // Growing from nothing would copy most ids of a scan of ordinary size. Memory that is not written to costs nothing.
  const std::size_t expected = std::min<std::size_t>(capacity_ / kPartitions, 2048);
  for (auto& partition : partitions_) partition.reserve(expected);
}

void DistinctCounter::spill() {
  if (file_ == nullptr && status_) {
    auto created = SpillFile::create(folder_);
    if (created) {
      file_ = *std::move(created);
    } else {
      status_ = std::unexpected(created.error());
    }
  }
  for (std::size_t p = 0; p < kPartitions; ++p) {
    std::vector<std::uint64_t>& ids = partitions_[p];
    // A partition mostly repeats what it holds when a corpus is delivered twice: sorting first keeps the file small.
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (!ids.empty() && status_) {
      extents_[p].push_back({file_->size(), ids.size()});
      status_ = file_->append({reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(std::uint64_t)});
    }
    ids.clear();
  }
  added_before_ += held_;
  held_ = 0;
}

Status DistinctCounter::read_partition(std::size_t partition, std::vector<std::uint64_t>& ids) const {
  for (const Extent& extent : extents_[partition]) {
    const std::size_t begin = ids.size();
    ids.resize(begin + extent.ids);
    char* const into = reinterpret_cast<char*>(ids.data() + begin);
    if (Status read = file_->read(extent.offset, into, extent.ids * sizeof(std::uint64_t)); !read) return read;
  }
  ids.insert(ids.end(), partitions_[partition].begin(), partitions_[partition].end());
  return {};
}

Result<std::uint64_t> DistinctCounter::count(const std::vector<DistinctCounter>& counters) {
  for (const DistinctCounter& counter : counters) TRY_VOID(counter.status_);
  std::uint64_t distinct = 0;
  std::vector<std::uint64_t> ids;
  std::vector<std::uint64_t> table;
  for (std::size_t p = 0; p < kPartitions; ++p) {
    ids.clear();
    for (const DistinctCounter& counter : counters) TRY_VOID(counter.read_partition(p, ids));
    distinct += count_distinct(ids, table);
  }
  return distinct;
}

}  // namespace trailhound::run
