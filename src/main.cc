/// trailhound: reads the command line and runs the one command it names.

#include <csignal>
#include <cstdio>
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

}  // namespace

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a write error like any other
  std::signal(SIGXFSZ, SIG_IGN);
  const auto arguments = parse_arguments(count, words);
  if (!arguments) {
    print_error(arguments.error());
    return static_cast<int>(ExitStatus::usage);
  }
  return static_cast<int>(dispatch(*arguments));
}
