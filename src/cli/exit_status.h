#pragma once
/// The program's exit statuses (contract): usage before losses before --fail-on.

#include "base/ledger.h"
#include "base/result.h"

namespace trailhound::cli {

enum class ExitStatus : int {
  done = 0,          ///< the work was done; signals or not
  incomplete = 1,    ///< something could not be read or written
  usage = 2,         ///< bad usage or a bad rule
  severity_met = 3,  ///< --fail-on tripped
};

/// What reading the files came to: incomplete if events may have been left unread, or if files were named and none held
/// events, nor could have.
[[nodiscard]] ExitStatus status_of_reading(const Ledger& ledger);
/// Of an error before the work began: a slip in what was asked for, unless the machine failed.
[[nodiscard]] ExitStatus status_of_error(const Error& error);
/// Prints the error and gives the status: `if (!file) return report(file.error(), ExitStatus::usage);`
[[nodiscard]] ExitStatus report(const Error& error, ExitStatus status);

}  // namespace trailhound::cli
