#include "run/distinct_counter.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace trailhound::run {
namespace {

Result<int> open_unlinked(const std::string& folder) {
  std::error_code ignored;
  const std::string base = folder.empty() ? std::filesystem::temp_directory_path(ignored).string() : folder;
  std::string name = base + "/trailhound-ids-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return fail(std::string("cannot create a temporary file: ") + std::strerror(errno), base,
                "set TMPDIR to a folder with space");
  }
  ::unlink(name.c_str());
  return descriptor;
}

Status write_all(int descriptor, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::write(descriptor, at, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      return fail(std::string("cannot write a temporary file: ") + std::strerror(errno), {},
                  "set TMPDIR to a folder with space");
    }
    at += written;
    size -= static_cast<std::size_t>(written);
  }
  return {};
}

/// Distinct ids by open addressing in `table`, whose memory is reused. The ids are hashes, so their low bits are as
/// good a place as any; zero marks a free place and is counted apart.
std::uint64_t count_distinct(const std::vector<Hash128>& ids, std::vector<Hash128>& table) {
  const std::size_t places = std::bit_ceil(ids.size() * 2 + 1);
  table.assign(places, Hash128{});
  std::uint64_t distinct = 0;
  bool zero = false;
  for (const Hash128& id : ids) {
    if (id == Hash128{}) {
      zero = true;
      continue;
    }
    std::size_t at = id.low & (places - 1);
    while (table[at] != Hash128{} && table[at] != id) at = (at + 1) & (places - 1);
    if (table[at] == id) continue;
    table[at] = id;
    ++distinct;
  }
  return distinct + (zero ? 1 : 0);
}

}  // namespace

DistinctCounter::DistinctCounter(std::size_t budget_bytes, std::string folder)
    : capacity_(std::max<std::size_t>(budget_bytes / sizeof(Hash128) / 2, 1024)), folder_(std::move(folder)) {
  // Growing from nothing would copy most ids of a scan of ordinary size. Memory that is not written to costs nothing.
  const std::size_t expected = std::min<std::size_t>(capacity_ / kPartitions, 1024);
  for (auto& partition : partitions_) partition.reserve(expected);
}

DistinctCounter::DistinctCounter(DistinctCounter&& other) noexcept
    : capacity_(other.capacity_),
      folder_(std::move(other.folder_)),
      held_(other.held_),
      added_before_(other.added_before_),
      partitions_(std::move(other.partitions_)),
      extents_(std::move(other.extents_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      file_size_(other.file_size_),
      status_(std::move(other.status_)) {}

DistinctCounter::~DistinctCounter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void DistinctCounter::spill() {
  if (descriptor_ < 0 && status_) {
    auto opened = open_unlinked(folder_);
    if (opened) {
      descriptor_ = *opened;
    } else {
      status_ = std::unexpected(opened.error());
    }
  }
  for (std::size_t p = 0; p < kPartitions; ++p) {
    std::vector<Hash128>& ids = partitions_[p];
    // A partition mostly repeats what it holds when a corpus is delivered twice: sorting first keeps the file small.
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (!ids.empty() && status_) {
      status_ = write_all(descriptor_, ids.data(), ids.size() * sizeof(Hash128));
      extents_[p].push_back({file_size_, ids.size()});
      file_size_ += ids.size() * sizeof(Hash128);
    }
    ids.clear();
  }
  added_before_ += held_;
  held_ = 0;
}

Status DistinctCounter::read_partition(std::size_t partition, std::vector<Hash128>& ids) const {
  for (const Extent& extent : extents_[partition]) {
    const std::size_t begin = ids.size();
    ids.resize(begin + extent.ids);
    char* at = reinterpret_cast<char*>(ids.data() + begin);
    std::size_t left = extent.ids * sizeof(Hash128);
    std::uint64_t offset = extent.offset;
    while (left > 0) {
      const ssize_t got = ::pread(descriptor_, at, left, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return fail("cannot read back a temporary file");
      at += got;
      left -= static_cast<std::size_t>(got);
      offset += static_cast<std::uint64_t>(got);
    }
  }
  ids.insert(ids.end(), partitions_[partition].begin(), partitions_[partition].end());
  return {};
}

Result<std::uint64_t> DistinctCounter::count(std::vector<DistinctCounter> counters) {
  for (const DistinctCounter& counter : counters) TRY_VOID(counter.status_);
  std::uint64_t distinct = 0;
  std::vector<Hash128> ids;
  std::vector<Hash128> table;
  for (std::size_t p = 0; p < kPartitions; ++p) {
    ids.clear();
    for (const DistinctCounter& counter : counters) TRY_VOID(counter.read_partition(p, ids));
    distinct += count_distinct(ids, table);
  }
  return distinct;
}

}  // namespace trailhound::run
