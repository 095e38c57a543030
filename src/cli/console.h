#pragma once
/// Standard error and the terminal: errors, diagnostics, progress, Ctrl-C. The only folder that prints to a terminal is
/// this one.

#include <string_view>
#include <thread>

#include "base/diagnostics.h"
#include "base/ledger.h"
#include "base/result.h"
#include "run/progress.h"

namespace trailhound::cli {

[[nodiscard]] bool is_terminal(int descriptor);
/// True if standard output is a terminal and NO_COLOR is not set.
[[nodiscard]] bool wants_colour();
/// "trailhound: where: what", then "  hint: ..." on a line of its own.
void print_error(const Error& error);
/// One line, made safe for a terminal as all that is printed here.
void print_note(std::string_view text);
/// All findings.
void print_diagnostics(const Diagnostics& diagnostics);
/// Which files were not read in full and why, which were set aside, the ledger's notes, and, after Ctrl-C, what that
/// means for the output.
void print_losses(const Ledger& ledger, std::string_view if_interrupted);

/// Shows rate and time left on standard error while a scan reads, if that is a terminal. Ends with the object.
class ProgressLine {
 public:
  ProgressLine(run::Progress& progress, bool quiet);
  ~ProgressLine();

 private:
  std::jthread thread_;
};

/// While it lives, the first Ctrl-C (or SIGTERM) sets progress.stop, so that partial results are written; the second,
/// half a second later or more, ends the program as usual. One at a time.
class InterruptGuard {
 public:
  explicit InterruptGuard(run::Progress& progress);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace trailhound::cli
