#pragma once
/// Counts distinct ids within a memory budget, however many there are: the ledger's duplicates.
///
///     DistinctCounter counter(budget, folder);     // one a worker
///     counter.add(id);
///     TRY(const auto distinct, DistinctCounter::count(counters));
///
/// Ids are kept in 256 partitions by their first byte, and of each its lower half: eight bytes an id, 72 bits of which
/// tell ids apart. That two of n are taken for one has a probability of n²/2⁷³, one in ten thousand for a billion.
/// Beyond the budget the partitions are appended to an unlinked temporary file. Counting takes one partition at a time.
/// Not thread-safe.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "base/spill_file.h"

namespace trailhound::run {

class DistinctCounter {
 public:
  DistinctCounter(std::size_t budget_bytes, std::string folder);

  void add(const Hash128& id) {
    partitions_[id.high >> 56].push_back(id.low);
    if (++held_ >= capacity_) spill();
  }
  [[nodiscard]] std::uint64_t added() const { return added_before_ + held_; }
  /// Distinct ids over all counters; an Error if the temporary file could not be written or read.
  [[nodiscard]] static Result<std::uint64_t> count(const std::vector<DistinctCounter>& counters);

 private:
  static constexpr std::size_t kPartitions = 256;
  struct Extent {
    std::uint64_t offset = 0;
    std::size_t ids = 0;
  };

  void spill();
  [[nodiscard]] Status read_partition(std::size_t partition, std::vector<std::uint64_t>& ids) const;

  std::size_t capacity_;
  std::string folder_;
  std::size_t held_ = 0;
  std::uint64_t added_before_ = 0;
  std::array<std::vector<std::uint64_t>, kPartitions> partitions_;
  std::array<std::vector<Extent>, kPartitions> extents_;
  std::shared_ptr<SpillFile> file_;  ///< once needed
  Status status_;
};

}  // namespace trailhound::run
