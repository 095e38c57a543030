#pragma once
/// The second pass of a scan: over the inputs whose events can matter to rules of which the first pass has not made the
/// hits (engine/sieve.h). Mostly there are few of them, or none. Inside src/run only.

#include <memory>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "engine/sieve.h"
#include "run/progress.h"
#include "run/scan.h"

namespace trailhound::run {

/// What the first pass read of one input.
struct InputSpan {
  Instant first = Instant::max();
  Instant last = Instant::min();
  std::uint64_t records = 0;
};

/// True if the input can be read a second time: standard input and pipes cannot.
[[nodiscard]] bool can_read_again(const source::Input& input);
/// True if all of them can.
[[nodiscard]] bool can_look_again(const ScanInput& input);

struct SecondHits {
  std::vector<engine::HitCollector> hits;
  std::vector<std::string> changed;  ///< inputs that did not hold the same number of records again
};

/// `spans`: one an input, files then texts. `budget`: bytes of hits in all. Ends early when `progress.stop` is set.
[[nodiscard]] SecondHits look_again(const ScanInput& input, const std::vector<InputSpan>& spans,
                                    const std::vector<rule::RuleRef>& rules,
                                    std::shared_ptr<const engine::SievePlan> plan,
                                    std::shared_ptr<const std::vector<engine::SecondLook>> looks,
                                    const ScanOptions& options, std::size_t budget, Progress& progress);

}  // namespace trailhound::run
