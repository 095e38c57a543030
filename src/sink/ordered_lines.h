#pragma once
/// Lines of signals in the order that all reports share: first_seen, rule id, signal id.
///
///     OrderedLines lines({.budget = ..., .folder = ...});
///     TRY_VOID(lines.add(signal, line));                              // any thread
///     TRY_VOID(lines.drain([&](std::string_view line) { ... }));      // at the end

#include <functional>
#include <string_view>

#include "base/pool.h"
#include "base/result.h"
#include "base/spill_sorter.h"
#include "signal/signal.h"

namespace trailhound::sink {

class OrderedLines {
 public:
  /// The budget is that of each thread that adds.
  explicit OrderedLines(const SpillSorter::Options& options);
  /// Thread-safe.
  [[nodiscard]] Status add(const signal::Signal& signal, std::string_view line);
  /// Hands out every line. Call once, at the end: nothing may be added afterwards.
  [[nodiscard]] Status drain(const std::function<void(std::string_view)>& write);

 private:
  Pool<SpillSorter> sorters_;
};

}  // namespace trailhound::sink
