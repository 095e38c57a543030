#pragma once
/// The second pass of a scan: over the portions of the input whose events can matter to rules of which the first pass
/// has not made the hits (engine/sieve.h). Mostly there are few of them, or none. Inside src/run only.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/sieve.h"
#include "run/input_span.h"
#include "run/progress.h"
#include "run/scan.h"

namespace trailhound::run {

struct SecondHits {
  std::vector<engine::HitCollector> hits;
  /// Portions that did not hold the same number of records again, and of the first kMostChanged of them a sentence, by
  /// path.
  std::uint64_t changed_portions = 0;
  std::map<std::string, std::string> changed;
  static constexpr std::size_t kMostChanged = 20;
};

/// `spans`: one a portion. `budget`: bytes of hits in all. Ends early when `progress.stop` is set.
[[nodiscard]] Result<SecondHits> look_again(const ScanInput& input, const Portions& portions,
                                            const std::vector<InputSpan>& spans,
                                            const std::vector<rule::RuleRef>& rules,
                                            std::shared_ptr<const engine::SievePlan> plan,
                                            std::shared_ptr<const std::vector<engine::SecondLook>> looks,
                                            const ScanOptions& options, std::size_t budget, Progress& progress);

}  // namespace trailhound::run
