#pragma once
/// What those who take part in a scan share: what it tells about itself, read by the command line from another thread,
/// and what its readers take turns by.

#include <atomic>
#include <cstdint>
#include <mutex>

namespace trailhound::run {

struct Progress {
  std::atomic<std::uint64_t> bytes_total{0};  ///< on disk; 0 while unknown or for standard input
  std::atomic<std::uint64_t> bytes_done{0};
  std::atomic<std::uint64_t> files_total{0};
  std::atomic<std::uint64_t> files_done{0};
  std::atomic<std::uint64_t> records{0};
  std::atomic<bool> reading_done{false};  ///< from here on signals are computed and written
  std::atomic<bool> stop{false};          ///< set by the owner to end the reading (Ctrl-C)
  mutable std::mutex giants;              ///< for all who read: see source::Limits
};

}  // namespace trailhound::run
