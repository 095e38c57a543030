#pragma once
/// What a running scan tells about itself; read by the command line from another thread.

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
  std::mutex giants;                      ///< for all who read: see source::Limits
};

}  // namespace trailhound::run
