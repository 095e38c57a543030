#include <algorithm>
#include <expected>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/joined.h"
#include "base/text_file.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "rule/exclusions.h"
#include "rule/loader.h"
#include "rule/strata.h"
#include "run/indicators.h"
#include "run/scan.h"
#include "sink/json_lines.h"
#include "sink/output_file.h"
#include "sink/table.h"
#include "sink/terminal_text.h"
#include "source/find_inputs.h"

namespace trailhound::cli {
namespace {

/// The forms a report can take; more names of the contract are refused with what is there.
Result<std::unique_ptr<sink::Sink>> make_sink(const std::string& format, const std::string& path,
                                              const ScanArguments& arguments) {
  if (format == "jsonl") {
    TRY(auto file, sink::OutputFile::open(path));
    const std::size_t reports = arguments.outputs.size() + 1;
    const std::size_t adding = run::most_threads(arguments.workers);
    const std::size_t budget = arguments.memory / 16 * 3;  // the threads may have unequal shares
    return sink::make_json_lines(std::move(file), {.budget = budget / reports / adding, .folder = {}});
  }
  if (format == "table") {
    TRY(auto file, sink::OutputFile::open(path));
    sink::TableOptions options;
    options.colour = path == "-" && wants_colour();
    options.list_all_reasons = arguments.why;
    if (arguments.all) options.max_rows = 100'000;
    return sink::make_table(std::move(file), options);
  }
  return fail("the format \"" + format + "\" is not there yet", {}, "use table or jsonl");
}

std::string format_of(const std::string& path) {
  const std::size_t dot = path.find_last_of('.');
  const std::string extension = dot == std::string::npos ? std::string() : path.substr(dot + 1);
  if (extension == "jsonl" || extension == "ndjson" || extension == "json") return "jsonl";
  if (extension == "txt" || extension == "table") return "table";
  return extension.empty() ? "jsonl" : extension;
}

/// The rules named on the command line, or the shipped ones. False if any rule is bad: all findings are printed then.
bool load(const ScanArguments& arguments, const event::Catalog& catalog, rule::LoadedRules& loaded) {
  std::vector<std::string> paths;
  bool shipped = arguments.rules.empty();
  for (const std::string& path : arguments.rules) {
    if (path == "shipped") {
      shipped = true;
    } else {
      paths.push_back(path);
    }
  }
  Diagnostics diagnostics;
  if (!paths.empty()) loaded = rule::load_rules(paths, catalog, diagnostics);
  if (shipped) rule::load_shipped_rules(catalog, loaded);
  bool good = !diagnostics.has_errors();
  print_diagnostics(diagnostics);
  std::size_t warnings = 0;
  for (const rule::Outcome& outcome : loaded.outcomes) {
    warnings += outcome.diagnostics.all().size() - outcome.diagnostics.errors();
  }
  constexpr std::size_t kMostWarnings = 20;
  for (const rule::Outcome& outcome : loaded.outcomes) {
    if (warnings <= kMostWarnings || outcome.diagnostics.has_errors()) print_diagnostics(outcome.diagnostics);
    good = good && !outcome.diagnostics.has_errors();
  }
  if (warnings > kMostWarnings) {
    print_note("trailhound: " + sink::counted(warnings, "warning") + " about rules: trailhound rules check");
  }
  return good;
}

/// Gives the indicators of the --indicators file to the rules that wait for them; false if it cannot be read.
bool supply(const std::string& path, rule::LoadedRules& rules, Ledger& ledger) {
  if (path.empty()) return true;
  const auto indicators = run::read_indicators(path);
  if (!indicators) {
    print_error(indicators.error());
    return false;
  }
  const std::size_t left_out = run::supply_indicators(**indicators, rules);
  if (left_out > 0) {
    ledger.notes["indicators"] = std::to_string(left_out) + " indicators of " + path +
                                 " were left out of mappings of several fields, which take " +
                                 std::to_string(run::kMaxCombinedIndicators);
  }
  return true;
}

/// What was found to read, and what of it could not be.
struct Found {
  Result<source::InputList> inputs;
  Ledger ledger;
};

/// Goes through the folders while the rules are loaded. If nobody asks what was found, the search is given up.
class Search {
 public:
  Search(const std::vector<std::string>& paths, std::shared_ptr<FileListing> listing)
      : found_(std::async(std::launch::async, [&paths, listing = std::move(listing), stop = stop_.get_token()] {
          Found found;
          found.ledger.listing = listing;
          found.inputs = source::find_inputs(paths, found.ledger, stop);
          return found;
        })) {}
  ~Search() { stop_.request_stop(); }  // before the future waits for the thread
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  [[nodiscard]] Found take() { return found_.get(); }

 private:
  std::stop_source stop_;
  std::future<Found> found_;
};

constexpr std::size_t kMaxExclusionBytes = 64u << 20;

/// Lines of the --exclude file, applied to the rules; false if it cannot be read or a line is wrong.
bool exclude(const std::string& path, const event::Catalog& catalog, rule::LoadedRules& rules, Ledger& ledger) {
  if (path.empty()) return true;
  auto text = read_text_file(path, kMaxExclusionBytes);
  if (!text) {
    print_error(text.error());
    return false;
  }
  std::vector<std::string> lines;
  std::istringstream stream(*std::move(text));
  for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
  Diagnostics diagnostics;
  rule::apply_exclusions(rules.rules, lines, catalog, path, diagnostics);
  print_diagnostics(diagnostics);
  ledger.notes["exclusions"] = "events that match " + path + " were hidden from the rules";
  return !diagnostics.has_errors();
}

/// Without the list of files if that could not be kept: an Error then, too.
Status write_ledger(sink::OutputFile file, Ledger& ledger) {
  Status listed = ledger.listing->status();
  if (!listed) {
    ledger.listing.reset();
    ledger.notes["list of files"] =
        "only files of which there is something to tell are listed: " + listed.error().text();
  }
  TRY_VOID(write_json(ledger, [&](std::string_view piece) { file.write(piece); }));
  file.write("\n");
  TRY_VOID(file.close());
  return listed;
}

/// True if the file begins like something that trailhound wrote (or holds nothing), so that a rerun may replace it.
bool is_own_report(const std::string& path) {
  std::string head(64, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head.empty() || head.starts_with("{\"id\":\"") || head.starts_with("{\"records\":{\"seen\":") ||
         head.starts_with("trailhound ");
}

/// Writing a report over a log would destroy evidence: refused before anything is opened for writing.
Status spare_inputs(const std::vector<std::string>& outputs, const source::InputList& inputs) {
  namespace fs = std::filesystem;
  for (const std::string& output : outputs) {
    std::error_code ignored;
    if (output.empty() || output == "-" || !fs::is_regular_file(output, ignored) || is_own_report(output)) continue;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto input = inputs.at(i);
      if (!input) return std::unexpected(input.error());
      if (input->path == "-" || !fs::equivalent(output, input->path, ignored)) continue;
      return fail("is one of the files to read and would be overwritten", output, "write to another file");
    }
  }
  return {};
}

/// Two reports in one file would each replace the other.
Status check_distinct(const std::vector<std::string>& outputs) {
  namespace fs = std::filesystem;
  std::set<fs::path> known;
  for (const std::string& output : outputs) {
    std::error_code ignored;
    const fs::file_type type = fs::status(output, ignored).type();
    const bool special = type != fs::file_type::regular && type != fs::file_type::not_found;  // /dev/null, a pipe
    if (output.empty() || output == "-" || special) continue;
    if (!known.insert(fs::weakly_canonical(fs::absolute(output, ignored), ignored)).second) {
      return fail("is named twice as a file to write", output, "give every report a file of its own");
    }
  }
  return {};
}

/// The first files that were not read, or not wholly, each with its reason.
void print_unread_files(const Ledger& ledger) {
  constexpr std::size_t kShown = 5;
  std::uint64_t untold = ledger.file_counts.lost();
  for (const FileEntry* file : ledger.files_in_order()) {
    if (file->outcome == FileOutcome::read || file->outcome == FileOutcome::set_aside) continue;
    if (ledger.file_counts.lost() - untold == kShown) break;
    --untold;
    const std::string how = file->outcome == FileOutcome::partly ? "not read in full: " : "not read: ";
    const std::string& reason = file->damages.empty() ? file->reason : file->damages.front().reason;
    print_note("trailhound: " + (file->path == "-" ? "standard input" : file->path) + ": " + how +
               (reason.empty() ? file->reason : reason));
  }
  if (untold > 0) print_note("trailhound: ... and " + sink::counted(untold, "file") + " more");
}

/// Why rules were not evaluated everywhere, which is a reason for the exit status: the first notes.
void print_unfinished(const Ledger& ledger) {
  constexpr std::size_t kShown = 5;
  std::size_t found = 0;
  for (const auto& [key, note] : ledger.notes) {
    const bool tells = key.starts_with("unfinished ") || key.starts_with("changed");
    if (tells && ++found <= kShown) print_note("trailhound: " + note);
  }
  if (found > kShown) print_note("trailhound: ... and " + sink::counted(found - kShown, "note") + " more like these");
}

void print_summary(const run::ScanResult& result) {
  const Ledger& l = *result.ledger;
  std::uint64_t signals = 0;
  for (const auto& [severity, count] : result.summary.signals) signals += count;
  const auto cannot = std::count_if(l.rules.begin(), l.rules.end(), [](const RuleEntry& rule) {
    return rule.outcome == RuleOutcome::cannot_fire || rule.outcome == RuleOutcome::refused;
  });
  using sink::with_commas;
  print_note("trailhound: " + sink::counted(signals, "signal") + " from " + with_commas(l.evaluated) + " events (" +
             with_commas(l.duplicate) + " duplicate, " + with_commas(l.malformed) + " malformed, " +
             with_commas(l.out_of_range) + " out of range), " + sink::counted(l.file_counts.all(), "file") + " (" +
             with_commas(l.file_counts.lost()) + " damaged or unread); " +
             with_commas(static_cast<std::uint64_t>(cannot)) + " of " + sink::counted(l.rules.size(), "rule") +
             " could not fire" + (l.interrupted ? "; interrupted" : ""));
}

ExitStatus status_of(const ScanArguments& arguments, const run::ScanResult& result, bool rules_good) {
  if (!rules_good) return ExitStatus::usage;
  const Ledger& ledger = *result.ledger;
  const bool no_file = ledger.file_counts.all() == 0;
  if (no_file || (arguments.strict && ledger.has_losses())) return ExitStatus::incomplete;
  if (const ExitStatus reading = status_of_reading(ledger); reading != ExitStatus::done) return reading;
  const auto& signals = result.summary.signals;
  if (arguments.fail_on && signals.lower_bound(*arguments.fail_on) != signals.end()) return ExitStatus::severity_met;
  return ExitStatus::done;
}

/// The rules to run; `good` if none of those named was bad.
struct Rules {
  rule::LoadedRules loaded;
  bool good = true;
};

/// Loads the rules and applies indicators and exclusions to them; the exit status, reported, if that ends the scan.
std::expected<Rules, ExitStatus> prepare_rules(const ScanArguments& arguments, const event::Catalog& catalog,
                                               Ledger& ledger) {
  Rules rules;
  rules.good = load(arguments, catalog, rules.loaded);
  if (!supply(arguments.indicators, rules.loaded, ledger)) return std::unexpected(ExitStatus::usage);
  // Rules that are right but switched off, or ask for what CloudTrail does not have, are named in the report.
  const bool any_right = std::ranges::any_of(
      rules.loaded.outcomes, [](const rule::Outcome& outcome) { return outcome.diagnostics.errors() == 0; });
  if (rules.loaded.rules.empty() && !any_right) {
    return std::unexpected(report({"no rule could be loaded", {}, {}}, ExitStatus::usage));
  }
  if (!exclude(arguments.exclude, catalog, rules.loaded, ledger)) return std::unexpected(ExitStatus::usage);
  return rules;
}

/// Everything the scan writes, opened before it begins, so that a slip does not cost a whole scan.
struct Outputs {
  std::vector<std::unique_ptr<sink::Sink>> sinks;
  std::optional<sink::OutputFile> ledger;

  [[nodiscard]] std::vector<sink::Sink*> views() const {
    std::vector<sink::Sink*> views;
    for (const auto& sink : sinks) views.push_back(sink.get());
    return views;
  }
};

std::expected<Outputs, ExitStatus> open_outputs(const ScanArguments& arguments, const source::InputList& inputs) {
  std::vector<std::string> written = arguments.outputs;
  written.push_back(arguments.ledger);
  if (auto spared = spare_inputs(written, inputs); !spared) {
    return std::unexpected(report(spared.error(), status_of_error(spared.error())));
  }
  if (auto distinct = check_distinct(written); !distinct) {
    return std::unexpected(report(distinct.error(), ExitStatus::usage));
  }
  Outputs outputs;
  if (!arguments.ledger.empty()) {
    auto opened = sink::OutputFile::open(arguments.ledger);
    if (!opened) return std::unexpected(report(opened.error(), ExitStatus::usage));
    outputs.ledger.emplace(std::move(*opened));
  }
  std::vector<std::pair<std::string, std::string>> targets = {{arguments.format, "-"}};
  for (const std::string& path : arguments.outputs) targets.emplace_back(format_of(path), path);
  for (const auto& [format, path] : targets) {
    auto made = make_sink(format, path, arguments);
    if (!made) return std::unexpected(report(made.error(), ExitStatus::usage));
    outputs.sinks.push_back(std::move(*made));
  }
  return outputs;
}

run::ScanOptions options_of(const ScanArguments& arguments) {
  run::ScanOptions options;
  options.inputs_text = joined(arguments.paths, " ");
  options.from = arguments.from;
  options.to = arguments.to;
  options.filter = arguments.filter;
  options.memory = arguments.memory;
  options.workers = arguments.workers;
  return options;
}

}  // namespace

ExitStatus run_scan(const ScanArguments& arguments) {
  auto geo = event::Geo::open(arguments.geo.city, arguments.geo.asn);
  if (!geo) return report(geo.error(), ExitStatus::usage);
  auto ledger = std::make_unique<Ledger>();
  if (!arguments.ledger.empty()) ledger->listing = std::make_shared<FileListing>();
  Search search(arguments.paths, ledger->listing);
  const event::Catalog catalog(*geo);
  const auto rules = prepare_rules(arguments, catalog, *ledger);
  if (!rules) return rules.error();

  auto [inputs, unread] = search.take();
  if (!inputs) return report(inputs.error(), status_of_error(inputs.error()));
  ledger->merge(std::move(unread));
  auto outputs = open_outputs(arguments, *inputs);
  if (!outputs) return outputs.error();

  run::ScanInput input;
  input.files = std::move(*inputs);
  run::Progress progress;
  const InterruptGuard interrupts(progress);
  Result<run::ScanResult> result = [&] {
    const ProgressLine line(progress, arguments.quiet);
    return run::scan(input, rules->loaded, catalog, options_of(arguments), std::move(ledger), outputs->views(),
                     progress);
  }();
  if (!result) return report(result.error(), ExitStatus::incomplete);
  Status written_down = outputs->ledger ? write_ledger(std::move(*outputs->ledger), *result->ledger) : Status();
  if (written_down) written_down = result->reports;
  if (!arguments.quiet) {
    print_unread_files(*result->ledger);
    print_unfinished(*result->ledger);
    print_summary(*result);
  }
  if (!written_down) return report(written_down.error(), ExitStatus::incomplete);
  return status_of(arguments, *result, rules->good);
}

}  // namespace trailhound::cli
