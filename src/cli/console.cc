#include "cli/console.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/instant.h"
#include "sink/terminal_text.h"

namespace trailhound::cli {
namespace {

// A signal handler has no other way to reach the scan; set and cleared by InterruptGuard alone.
std::atomic<run::Progress*> interrupted_progress{nullptr};  // NOLINT(*-non-const-global-variables): see above

std::atomic<std::int64_t> interrupted_at{0};  // NOLINT(*-non-const-global-variables): milliseconds, see above

/// Only what a signal handler may call.
std::int64_t milliseconds_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

extern "C" void on_interrupt(int number) {
  // Whoever ends a group of processes, as timeout(1) does, may send the same signal twice at once.
  constexpr std::int64_t kOneSignal = 500;
  if (run::Progress* progress = interrupted_progress.exchange(nullptr)) {
    interrupted_at.store(milliseconds_now());
    progress->stop.store(true);
  } else if (milliseconds_now() - interrupted_at.load() > kOneSignal) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
}

void write_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::string megabytes(double bytes) {
  char text[32];
  if (bytes >= 1e9) {
    std::snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
  } else {
    std::snprintf(text, sizeof text, "%.0f MB", bytes / 1e6);
  }
  return text;
}

std::string progress_text(const run::Progress& progress, double seconds) {
  const auto done = static_cast<double>(progress.bytes_done.load());
  const auto total = static_cast<double>(progress.bytes_total.load());
  const auto records = progress.records.load();
  if (progress.reading_done) return "computing signals from " + sink::with_commas(records) + " records";
  std::string text = sink::with_commas(records) + " records";
  if (seconds > 0.5)
    text += ", " + sink::with_commas(static_cast<std::uint64_t>(static_cast<double>(records) / seconds)) + "/s";
  if (total > 0) {
    text += ", " + megabytes(done) + " of " + megabytes(total);
    if (done > 0 && seconds > 1) {
      text += ", " + format_duration(Duration::seconds(static_cast<std::int64_t>(seconds * (total - done) / done))) +
              " left";
    }
  }
  return text;
}

}  // namespace

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

bool wants_colour() {
  const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nobody sets the environment
  return is_terminal(STDOUT_FILENO) && (no_colour == nullptr || *no_colour == '\0');
}

void print_error(const Error& error) {
  const std::string what = error.where.empty() ? error.what : error.where + ": " + error.what;
  write_error("trailhound: " + sink::printable(what) + "\n");
  if (!error.hint.empty()) write_error("  hint: " + sink::printable(error.hint) + "\n");
}

void print_note(std::string_view text) { write_error(sink::printable(text) + "\n"); }

void print_diagnostics(const Diagnostics& diagnostics) {
  for (const Diagnostic& d : diagnostics.all()) write_error(sink::printable_lines(to_text(d)) + "\n");
}

void print_losses(const Ledger& ledger, std::string_view if_interrupted) {
  std::map<std::string_view, std::string_view> set_aside;  // by the reason, the first path
  std::uint64_t untold = ledger.file_counts.lost();
  for (const FileEntry* file : ledger.files_in_order()) {
    if (file->outcome == FileOutcome::read) continue;
    if (file->outcome == FileOutcome::set_aside) {
      set_aside.try_emplace(file->reason, file->path);
      continue;
    }
    --untold;
    std::string text = "trailhound: " + file->path + ": " + std::string(name_of(file->outcome));
    if (!file->reason.empty()) text += ": " + file->reason;
    print_note(text);
    for (const Damage& damage : file->damages) {
      print_note("  @" + std::to_string(damage.offset) + ": " + damage.reason);
    }
  }
  if (untold > 0)
    print_note("trailhound: ... and " + sink::counted(untold, "file") + " more that could not be read in full");
  for (const auto& [reason, count] : ledger.file_counts.set_aside) {
    const auto first = set_aside.find(reason);
    const std::string which = first == set_aside.end() ? sink::counted(count, "file")
                              : count == 1
                                  ? std::string(first->second)
                                  : std::string(first->second) + " and " + sink::with_commas(count - 1) + " more";
    print_note("trailhound: " + which + ": set aside" + (reason.empty() ? "" : ": " + reason));
  }
  for (const auto& [key, note] : ledger.notes) print_note("trailhound: " + note);
  if (ledger.interrupted) print_note("trailhound: interrupted: " + std::string(if_interrupted));
}

ProgressLine::ProgressLine(run::Progress& progress, bool quiet) {
  if (quiet || !is_terminal(STDERR_FILENO)) return;
  thread_ = std::jthread([&progress](const std::stop_token& stop) {
    const auto start = std::chrono::steady_clock::now();
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    bool shown = false;
    while (!ended.wait_for(lock, stop, std::chrono::milliseconds(250), [] { return false; }) &&
           !stop.stop_requested()) {
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      write_error("\r\x1b[K" + progress_text(progress, seconds));
      shown = true;
    }
    if (shown) write_error("\r\x1b[K");
  });
}

ProgressLine::~ProgressLine() = default;

InterruptGuard::InterruptGuard(run::Progress& progress) {
  interrupted_progress.store(&progress);
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

InterruptGuard::~InterruptGuard() {
  interrupted_progress.store(nullptr);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace trailhound::cli
