#include "cli/exit_status.h"

#include <algorithm>

namespace trailhound::cli {

ExitStatus status_of_reading(const Ledger& ledger) {
  const auto is_foreign = [](const FileEntry& file) { return file.outcome == FileOutcome::unreadable; };
  const bool nothing_known = !ledger.files.empty() && std::ranges::all_of(ledger.files, is_foreign);
  return ledger.is_complete() && !nothing_known ? ExitStatus::done : ExitStatus::incomplete;
}

}  // namespace trailhound::cli
