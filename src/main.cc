/// trailhound: reads the command line and runs the one command it names.

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

#include "cli/commands.h"
#include "cli/console.h"

namespace {

using namespace trailhound::cli;

ExitStatus dispatch(const Arguments& arguments) {
  return std::visit(
      [](const auto& a) {
        using A = std::decay_t<decltype(a)>;
        if constexpr (std::is_same_v<A, ScanArguments>) {
          return run_scan(a);
        } else if constexpr (std::is_same_v<A, EventsArguments>) {
          return run_events(a);
        } else if constexpr (std::is_same_v<A, RulesArguments>) {
          return run_rules(a);
        } else if constexpr (std::is_same_v<A, QueryArguments>) {
          return run_query(a);
        } else {
          std::fputs(a.text.c_str(), stdout);
          return std::fflush(stdout) == 0 ? ExitStatus::done : ExitStatus::incomplete;
        }
      },
      arguments);
}

/// Whoever starts the program may have closed a standard stream. The next file opened would take its number, and a
/// report could get the error messages, so the number is taken by something that refuses what the stream is for.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    const int held = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // the lowest free number
    if (held != stream) std::_Exit(static_cast<int>(ExitStatus::incomplete));
  }
}

}  // namespace

int main(int count, char** words) {
  hold_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a write error like any other
  std::signal(SIGXFSZ, SIG_IGN);
  const auto arguments = parse_arguments(count, words);
  if (!arguments) {
    print_error(arguments.error());
    return static_cast<int>(ExitStatus::usage);
  }
  return static_cast<int>(dispatch(*arguments));
}
