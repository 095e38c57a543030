#pragma once
/// The program's exit statuses (contract): usage before losses before --fail-on.

namespace trailhound::cli {

enum class ExitStatus : int {
  done = 0,          ///< the work was done; signals or not
  incomplete = 1,    ///< something could not be read or written
  usage = 2,         ///< bad usage or a bad rule
  severity_met = 3,  ///< --fail-on tripped
};

}  // namespace trailhound::cli
