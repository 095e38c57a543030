#include <string>
#include <utility>

#include "base/text_file.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "run/query.h"
#include "run/query_output.h"
#include "sink/output_file.h"
#include "sink/terminal_text.h"
#include "source/find_inputs.h"

namespace trailhound::cli {
namespace {

Result<std::string> read_query(const std::string& text) {
  if (!text.starts_with('@')) return text;
  constexpr std::size_t kMaxBytes = 10u << 20;
  return read_text_file(text.substr(1), kMaxBytes);
}

}  // namespace

ExitStatus run_query(const QueryArguments& arguments) {
  if (arguments.format != "table" && arguments.format != "json" && arguments.format != "csv") {
    return report({"--format: unknown format \"" + arguments.format + "\"", {}, "one of table, json, csv"},
                  ExitStatus::usage);
  }
  const auto text = read_query(arguments.text);
  if (!text) return report(text.error(), ExitStatus::usage);
  auto geo = event::Geo::open(arguments.geo.city, arguments.geo.asn);
  if (!geo) return report(geo.error(), ExitStatus::usage);
  const event::Catalog catalog(*geo);
  Ledger ledger;
  run::ScanInput input;
  if (!arguments.paths.empty()) {
    auto inputs = source::find_inputs(arguments.paths, ledger);
    if (!inputs) return report(inputs.error(), status_of_error(inputs.error()));
    input.files = std::move(*inputs);
  }
  run::QueryOptions options;
  options.workers = arguments.workers;
  options.has_paths = !arguments.paths.empty();
  options.memory = arguments.memory;
  options.lookup_folder = arguments.lookup;
  options.now = arguments.now;
  for (const std::string& parameter : arguments.parameters) {
    options.parameters.push_back(esql::read_parameter(parameter));
  }
  run::Progress progress;
  options.progress = &progress;
  const InterruptGuard interrupts(progress);
  Diagnostics diagnostics;
  const auto result = run::query(*text, input, catalog, options, ledger, diagnostics);
  print_diagnostics(diagnostics);
  if (!result) return report(result.error(), ExitStatus::incomplete);
  if (!*result) return ExitStatus::usage;
  auto out = sink::OutputFile::open("-");
  if (!out) return report(out.error(), ExitStatus::incomplete);
  if (arguments.format == "json") {
    out->write(run::to_json(**result) + "\n");
  } else if (arguments.format == "csv") {
    out->write(run::to_csv(**result));
  } else {
    out->write(run::to_table(**result));
  }
  if (auto closed = out->close(); !closed) return report(closed.error(), ExitStatus::incomplete);
  for (const std::string& warning : (*result)->warnings) print_note("warning: " + warning);
  print_losses(ledger, "the answer is that of the events read so far");
  return status_of_reading(ledger);
}

}  // namespace trailhound::cli
