#pragma once
/// Which signals are reported: the --from, --to, --account, --region, --principal and --ip of the command line.
/// They limit what is reported, never what feeds the rules: a window that began before --from is judged as it happened.

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "signal/signal.h"

namespace trailhound::run {

struct SignalFilter {
  std::vector<std::string> accounts;
  std::vector<std::string> regions;
  std::vector<std::string> principals;  ///< whole ARN, or its part after the last ':' ("user/deploy-bot")
  std::vector<std::string> addresses;
  std::optional<Instant> from;  ///< signals that ended before it are left out

  [[nodiscard]] bool admits(const signal::Signal& signal) const;
};

}  // namespace trailhound::run
