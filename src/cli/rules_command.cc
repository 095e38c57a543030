#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/text_file.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/event_report.h"
#include "cli/rule_report.h"
#include "rule/loader.h"
#include "rule/shipped_cases.h"
#include "run/rule_test.h"
#include "sink/output_file.h"
#include "sink/terminal_text.h"

namespace trailhound::cli {
namespace {

namespace fs = std::filesystem;

rule::LoadedRules load(const std::vector<std::string>& paths, const event::Catalog& catalog, Diagnostics& diagnostics) {
  return paths.empty() ? rule::load_shipped_rules(catalog) : rule::load_rules(paths, catalog, diagnostics);
}

/// Prints what was wrong; true if nothing was.
bool print_findings(const Diagnostics& diagnostics, const rule::LoadedRules& loaded) {
  bool good = !diagnostics.has_errors();
  print_diagnostics(diagnostics);
  for (const rule::Outcome& outcome : loaded.outcomes) {
    print_diagnostics(outcome.diagnostics);
    good = good && outcome.loads;
  }
  return good;
}

ExitStatus list(const RulesArguments& arguments, const event::Catalog& catalog, sink::OutputFile& out) {
  Diagnostics diagnostics;
  const rule::LoadedRules loaded = load(arguments.paths, catalog, diagnostics);
  std::size_t width = 0;
  for (const auto& rule : loaded.rules) width = std::max(width, sink::display_width(rule->id));
  for (const auto& rule : loaded.rules) {
    out.write(sink::pad_right(plan::name_of(rule->severity), 9) +
              sink::pad_right(sink::printable(rule->id), width + 2) + sink::pad_right(rule->language, 9) +
              sink::printable(rule->name) + "\n");
  }
  return print_findings(diagnostics, loaded) ? ExitStatus::done : ExitStatus::usage;
}

/// With more rules than this, `check` counts warnings and rules that do not run by kind instead of printing each.
constexpr std::size_t kManyRules = 20;

/// Errors as they are; of warnings how many of each kind there are, with an example.
bool print_findings_by_kind(const Diagnostics& diagnostics, const rule::LoadedRules& loaded) {
  bool good = !diagnostics.has_errors();
  print_diagnostics(diagnostics);
  struct Kind {
    std::size_t count = 0;
    std::string example;
  };
  std::map<std::string, Kind> kinds;
  std::size_t warnings = 0;
  for (const rule::Outcome& outcome : loaded.outcomes) {
    good = good && outcome.loads;
    if (outcome.diagnostics.has_errors()) {
      print_diagnostics(outcome.diagnostics);
      continue;
    }
    for (const Diagnostic& d : outcome.diagnostics.all()) {
      Kind& kind = kinds[d.code];
      if (kind.count++ == 0) kind.example = d.message;
      ++warnings;
    }
  }
  if (warnings == 0) return good;
  print_note(sink::counted(warnings, "warning") + ", by kind (--verbose prints each):");
  for (const auto& [code, kind] : kinds) {
    const std::string count = std::to_string(kind.count);
    print_note("  " + std::string(count.size() < 6 ? 6 - count.size() : 0, ' ') + count + "  " + code + "  " +
               (kind.count == 1 ? kind.example : "for example: " + kind.example));
  }
  return good;
}

/// "data set" of `data set "logs-x*"`: what names like it have in common.
std::string kind_of_need(const rule::Outcome& outcome) {
  if (outcome.needs.empty()) return outcome.not_run;
  const std::string& need = outcome.needs.front();
  std::string kind = need.substr(0, need.find('"'));
  if (kind.starts_with("events with ")) kind = "events with fields that CloudTrail does not have";
  while (kind.ends_with(' ')) kind.pop_back();
  if (kind == "data set" || kind == "machine learning job") return "another " + kind + " is needed";
  return "needs " + kind;
}

void print_not_running_by_kind(const rule::LoadedRules& loaded, sink::OutputFile& out) {
  std::map<std::string, std::size_t> kinds;
  std::size_t all = 0;
  for (const rule::Outcome& outcome : loaded.outcomes) {
    if (!outcome.loads || outcome.runs) continue;
    ++kinds[kind_of_need(outcome)];
    ++all;
  }
  if (all == 0) return;
  out.write(sink::counted(all, "rule") + (all == 1 ? " does" : " do") + " not run (--verbose says which and why):\n");
  for (const auto& [kind, number] : kinds) {
    const std::string count = std::to_string(number);
    out.write("  " + std::string(count.size() < 6 ? 6 - count.size() : 0, ' ') + count + "  " + sink::printable(kind) +
              "\n");
  }
}

ExitStatus check(const RulesArguments& arguments, const event::Catalog& catalog, sink::OutputFile& out) {
  if (arguments.format != "text" && arguments.format != "json") {
    return report({"--format: \"" + arguments.format + "\" is not known here", {}, "text or json"}, ExitStatus::usage);
  }
  Diagnostics diagnostics;
  const rule::LoadedRules loaded = rule::load_rules(arguments.paths, catalog, diagnostics);
  bool good = !diagnostics.has_errors();
  if (arguments.format == "json") {
    for (const rule::Outcome& outcome : loaded.outcomes) {
      out.write(outcome_json(outcome));
      good = good && outcome.loads;
    }
    print_diagnostics(diagnostics);
  } else {
    const bool each = arguments.verbose || loaded.outcomes.size() <= kManyRules;
    good = each ? print_findings(diagnostics, loaded) : print_findings_by_kind(diagnostics, loaded);
    const auto count = [&](auto member) {
      return std::count_if(loaded.outcomes.begin(), loaded.outcomes.end(), [&](const auto& o) { return o.*member; });
    };
    if (!each) print_not_running_by_kind(loaded, out);
    for (const rule::Outcome& outcome : loaded.outcomes) {
      const std::string remark = each ? outcome_remark(outcome) : std::string();
      if (!remark.empty()) out.write(sink::printable(outcome.path + ": " + remark) + "\n");
    }
    const auto loads = count(&rule::Outcome::loads), runs = count(&rule::Outcome::runs);
    out.write(std::to_string(loads) + " of " + sink::counted(loaded.outcomes.size(), "rule") + " load" +
              (runs == loads ? "" : ", " + std::to_string(runs) + " run") + "\n");
  }
  return good ? ExitStatus::done : ExitStatus::usage;
}

/// Explains one rule, whether it runs or only loads.
ExitStatus explain_one(const rule::LoadedRules& loaded, const rule::Outcome& outcome, const std::string& event,
                       sink::OutputFile& out) {
  print_diagnostics(outcome.diagnostics);
  if (!outcome.loads) return ExitStatus::usage;
  // A rule that lacks the rules whose signals it reads, or its indicators, can be explained all the same.
  std::vector<rule::RuleRef> among = outcome.own_needs ? loaded.waiting : loaded.rules;
  if (!outcome.runs && !outcome.own_needs) among = loaded.without_indicators;
  const auto rule = std::find_if(among.begin(), among.end(),
                                 [&](const auto& one) { return one->id == outcome.id && one->file == outcome.path; });
  if (rule == among.end()) {
    out.write(sink::printable_lines(outcome.id + "\n" + outcome.name + "\n\n" + outcome_remark(outcome) + "\n"));
  } else if (event.empty()) {
    out.write(sink::printable_lines(explain_rule(*rule, outcome)));
  } else {
    out.write(sink::printable_lines((*rule)->id + "\n" + (*rule)->name + "\n" + (*rule)->file + "\n"));
    if (!(*rule)->reads_events) {
      out.write("The rule reads the signals of other rules, no events.\n");
      return ExitStatus::done;
    }
    if (const Status told = report_events(**rule, event, out); !told)
      return report(told.error(), ExitStatus::incomplete);
  }
  return ExitStatus::done;
}

ExitStatus explain(const RulesArguments& arguments, const event::Catalog& catalog, sink::OutputFile& out) {
  Diagnostics diagnostics;
  std::error_code ignored;
  const bool is_file = fs::is_regular_file(arguments.rule, ignored);
  const rule::LoadedRules loaded =
      is_file ? rule::load_rules({arguments.rule}, catalog, diagnostics) : load(arguments.paths, catalog, diagnostics);
  ExitStatus status = ExitStatus::done;
  bool found = false;
  for (const rule::Outcome& outcome : loaded.outcomes) {
    if (!is_file && outcome.id != arguments.rule && outcome.name != arguments.rule) continue;
    if (found) out.write("\n");
    found = true;
    const ExitStatus one = explain_one(loaded, outcome, arguments.event, out);
    if (one != ExitStatus::done) status = one;
  }
  if (found) return status;
  std::vector<std::string_view> ids;
  for (const auto& rule : loaded.rules) ids.push_back(rule->id);
  const std::string near = nearest_name(arguments.rule, ids);
  print_findings(diagnostics, loaded);
  return report({"no rule \"" + arguments.rule + "\"",
                 {},
                 near.empty() ? "an id (trailhound rules list) or a file" : "did you mean " + near + "?"},
                ExitStatus::usage);
}

constexpr std::size_t kMaxCaseBytes = 64u << 20;

struct CaseText {
  std::string path;
  std::string text;
};

/// A rule file stands for the cases beside it.
std::string cases_of(const std::string& path) {
  const fs::path extension = fs::path(path).extension();
  const bool is_rule = extension == ".yaml" || extension == ".yml" || extension == ".toml" || extension == ".json";
  std::error_code error;
  const fs::path beside = fs::path(path).replace_extension(".cases");
  return is_rule && fs::exists(beside, error) ? beside.string() : path;
}

/// The case files named, or found below the folders named, or the shipped ones.
Result<std::vector<CaseText>> find_cases(const std::vector<std::string>& paths) {
  std::vector<CaseText> cases;
  if (paths.empty()) {
    for (const auto& shipped : rule::shipped_cases())
      cases.push_back({std::string(shipped.name), std::string(shipped.text)});
    return cases;
  }
  for (const std::string& path : paths) {
    std::error_code error;
    std::vector<std::string> files;
    if (fs::is_directory(path, error)) {
      for (fs::recursive_directory_iterator it(path, error); !error && it != fs::recursive_directory_iterator();
           it.increment(error)) {
        if (it->path().extension() == ".cases") files.push_back(it->path().string());
      }
      if (error) return fail("cannot be listed: " + error.message(), path);
      std::sort(files.begin(), files.end());
    } else {
      files.push_back(cases_of(path));
    }
    for (std::string& file : files) {
      TRY(std::string text, read_text_file(file, kMaxCaseBytes));
      cases.push_back({std::move(file), std::move(text)});
    }
  }
  return cases;
}

/// Rules beside the cases; a file of cases alone takes the rules of its folder.
std::vector<std::string> rule_paths(const std::vector<std::string>& paths) {
  std::vector<std::string> folders;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::path folder = fs::is_directory(path, error) ? fs::path(path) : fs::path(path).parent_path();
    folders.push_back(folder.empty() ? "." : folder.string());
  }
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  return folders;
}

/// Why a rule that loads takes no part in scans.
std::string why_idle(const rule::Outcome& outcome) {
  std::string reason = outcome.not_run;
  for (const std::string& need : outcome.needs) reason += (reason.empty() ? "needs " : "; needs ") + need;
  return reason.empty() ? "no CloudTrail event can satisfy it" : reason;
}

/// The rules whose signals a rule may read.
std::vector<rule::RuleRef> rules_below(const std::vector<rule::RuleRef>& rules, const rule::Rule& rule) {
  std::vector<rule::RuleRef> below;
  for (const auto& other : rules) {
    if (rule.reads_signals && other->stratum < rule.stratum) below.push_back(other);
  }
  return below;
}

ExitStatus test(const RulesArguments& arguments, const event::Catalog& catalog, sink::OutputFile& out) {
  Diagnostics diagnostics;
  const rule::LoadedRules loaded = load(rule_paths(arguments.paths), catalog, diagnostics);
  const auto cases = find_cases(arguments.paths);
  if (!cases) return report(cases.error(), ExitStatus::usage);
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const CaseText& text : *cases) {
    const auto file = run::parse_rule_cases(text.text, text.path, diagnostics);
    if (!file) continue;
    const std::string id = file->rule_id.empty() ? fs::path(text.path).stem().string() : file->rule_id;
    const auto rule =
        std::find_if(loaded.rules.begin(), loaded.rules.end(), [&](const auto& r) { return r->id == id; });
    if (rule == loaded.rules.end()) {
      const auto idle = std::ranges::find(loaded.outcomes, id, &rule::Outcome::id);
      if (idle != loaded.outcomes.end() && idle->loads) {
        diagnostics.error("TH1302", {text.path, id, {}, {}}, "rule \"" + id + "\" does not run: " + why_idle(*idle));
      } else {
        diagnostics.error("TH1302", {text.path, id, {}, {}}, "no rule \"" + id + "\" was loaded",
                          "name it with: rule ID");
      }
      continue;
    }
    const auto results = run::run_rule_cases(*file, *rule, catalog, rules_below(loaded.rules, **rule));
    if (!results) return report(results.error(), ExitStatus::incomplete);
    for (const run::CaseResult& result : *results) {
      ++(result.passed ? passed : failed);
      if (result.passed) continue;
      const std::string place = result.file + ":" + std::to_string(result.line) + ": ";
      out.write("FAILED " + sink::printable(place + result.name) + "\n");
      for (const std::string& difference : result.differences) out.write("  " + sink::printable(difference) + "\n");
    }
  }
  const bool good = print_findings(diagnostics, loaded);
  out.write(sink::counted(passed, "case") + " passed, " + std::to_string(failed) + " failed\n");
  if (!good || passed + failed == 0) return ExitStatus::usage;
  return failed > 0 ? ExitStatus::incomplete : ExitStatus::done;
}

}  // namespace

ExitStatus run_rules(const RulesArguments& arguments) {
  auto geo = event::Geo::open(arguments.geo.city, arguments.geo.asn);
  if (!geo) return report(geo.error(), ExitStatus::usage);
  const event::Catalog catalog(*geo);
  auto out = sink::OutputFile::open("-");
  if (!out) return report(out.error(), ExitStatus::incomplete);
  ExitStatus status = ExitStatus::done;
  switch (arguments.action) {
    case RulesArguments::Action::list:
      status = list(arguments, catalog, *out);
      break;
    case RulesArguments::Action::check:
      status = check(arguments, catalog, *out);
      break;
    case RulesArguments::Action::test:
      status = test(arguments, catalog, *out);
      break;
    case RulesArguments::Action::explain:
      status = explain(arguments, catalog, *out);
      break;
  }
  if (auto closed = out->close(); !closed) return report(closed.error(), ExitStatus::incomplete);
  return status;
}

}  // namespace trailhound::cli
