#include "cli/exit_status.h"

#include <algorithm>

#include "cli/console.h"

namespace trailhound::cli {

ExitStatus status_of_reading(const Ledger& ledger) {
  const auto is_foreign = [](const FileEntry& file) {
    return file.outcome == FileOutcome::unreadable || file.outcome == FileOutcome::set_aside;
  };
  const bool nothing_known =
      ledger.unlisted == 0 && !ledger.files.empty() && std::ranges::all_of(ledger.files, is_foreign);
  return ledger.is_complete() && !nothing_known ? ExitStatus::done : ExitStatus::incomplete;
}

ExitStatus report(const Error& error, ExitStatus status) {
  print_error(error);
  return status;
}

}  // namespace trailhound::cli
