#pragma once
/// Lines of signals in the order that all reports share: first_seen, rule id, signal id.

#include <functional>
#include <string_view>

#include "base/result.h"
#include "base/spill_sorter.h"
#include "signal/signal.h"

namespace trailhound::sink {

class OrderedLines {
 public:
  explicit OrderedLines(SpillSorter::Options options) : sorter_(std::move(options)) {}
  /// Needs the head of the signal alone.
  [[nodiscard]] Status add(const signal::Signal& signal, std::string_view line);
  /// Hands out every line; afterwards nothing is left.
  [[nodiscard]] Status drain(const std::function<void(std::string_view)>& write);

 private:
  SpillSorter sorter_;
};

}  // namespace trailhound::sink
