#pragma once
/// The commands. Each prints data to standard output and everything else to standard error.

#include <string>

#include "cli/arguments.h"
#include "cli/exit_status.h"

namespace trailhound::cli {

[[nodiscard]] ExitStatus run_scan(const ScanArguments& arguments);
[[nodiscard]] ExitStatus run_events(const EventsArguments& arguments);
[[nodiscard]] ExitStatus run_rules(const RulesArguments& arguments);
[[nodiscard]] ExitStatus run_query(const QueryArguments& arguments);

}  // namespace trailhound::cli
