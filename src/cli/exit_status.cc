#include "cli/exit_status.h"

#include "cli/console.h"

namespace trailhound::cli {

ExitStatus status_of_reading(const Ledger& ledger) {
  const FileCounts& files = ledger.file_counts;
  const std::uint64_t foreign = files.of(FileOutcome::unreadable) + files.of(FileOutcome::set_aside);
  const bool nothing_known = foreign > 0 && foreign == files.all();
  return ledger.is_complete() && !nothing_known ? ExitStatus::done : ExitStatus::incomplete;
}

ExitStatus status_of_error(const Error& error) { return error.of_machine ? ExitStatus::incomplete : ExitStatus::usage; }

ExitStatus report(const Error& error, ExitStatus status) {
  print_error(error);
  return status;
}

}  // namespace trailhound::cli
