#pragma once
/// Where signals go. A sink gets signals in any order and writes them in a fixed one when the scan ends: by first_seen,
/// then rule id, then signal id. Memory is bounded: what does not fit is sorted on disk.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/ledger.h"
#include "base/result.h"
#include "signal/signal.h"

namespace trailhound::sink {

/// What a report says about the data besides its signals.
struct ScanSummary {
  std::string inputs;  ///< the paths as the user named them
  std::size_t rules_loaded = 0;
  std::uint64_t files = 0;
  Instant first_event = Instant::max();
  Instant last_event = Instant::min();
  struct Distinct {
    std::size_t count = 0;
    bool at_least = false;  ///< there may be more
  };
  Distinct accounts, regions;
  std::map<plan::Severity, std::uint64_t> signals;  ///< reported ones, by severity
  std::uint64_t filtered = 0;                       ///< signals left out by --from, --account and the like
  const Ledger* ledger = nullptr;
};

class Sink {
 public:
  virtual ~Sink() = default;
  [[nodiscard]] virtual Status add(const signal::Signal& signal) = 0;
  /// Whether several threads may add at a time. If not, whoever adds sees to it that they do not.
  [[nodiscard]] virtual bool takes_several_at_a_time() const { return false; }
  /// Writes everything; nothing may be added afterwards. A full disk or a closed pipe is an Error.
  [[nodiscard]] virtual Status finish(const ScanSummary& summary) = 0;
};

}  // namespace trailhound::sink
