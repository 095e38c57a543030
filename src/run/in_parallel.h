#pragma once
/// Jobs that several threads share. Inside src/run only.
///
///     TRY_VOID(in_parallel(4, input.size(), [&](unsigned worker, Jobs& jobs) -> Status {
///       while (const auto job = jobs.next()) TRY_VOID(workers[worker].do(*job));
///       return {};
///     }));
///
/// Waits for all workers. If one fails the others get no more jobs; the Error is that of the failed worker with the
/// lowest number.

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>

#include "base/result.h"

namespace trailhound::run {

/// The numbers from 0 on, each given to one worker.
class Jobs {
 public:
  explicit Jobs(std::size_t count) : count_(count) {}
  /// Nothing at the end.
  [[nodiscard]] std::optional<std::size_t> next() {
    const std::size_t job = next_.fetch_add(1, std::memory_order_relaxed);
    return job < count_ && !ended_.load(std::memory_order_relaxed) ? std::optional(job) : std::nullopt;
  }
  void end() { ended_.store(true, std::memory_order_relaxed); }

 private:
  std::size_t count_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> ended_{false};
};

/// `workers`: one at least; the first one works on the thread of the caller.
[[nodiscard]] Status in_parallel(unsigned workers, std::size_t jobs,
                                 const std::function<Status(unsigned worker, Jobs& jobs)>& work);
/// One a processor, unless so many are asked for, and not more than there are jobs; at least one.
[[nodiscard]] unsigned worker_count(unsigned asked, std::size_t jobs);

}  // namespace trailhound::run
