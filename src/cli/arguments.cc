#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <sstream>
#include <utility>

#include "base/ascii.h"
#include "base/diagnostics.h"
#include "base/ip_address.h"
#include "base/version.h"

namespace trailhound::cli {
namespace {

constexpr const char* kScanExample = R"(
Examples:
  trailhound scan dump/
  trailhound scan dump/ --rules team-rules/ --rules shipped --out signals.jsonl
  aws s3 cp s3://bucket/key.json.gz - | trailhound scan - --fail-on high

Exit status: 0 done, 1 not everything could be read or written, 2 bad usage or a bad
rule, 3 a signal of at least --fail-on.)";

constexpr const char* kEventsExample = R"(
Example:
  trailhound events dump/ --schema ecs | jq 'select(.event.outcome == "failure")')";

constexpr const char* kQueryExample = R"(
Examples:
  trailhound query 'FROM cloudtrail | WHERE event.outcome == "failure"
    | STATS n = COUNT(*) BY event.action | SORT n DESC | LIMIT 10' dump/
  trailhound query 'ROW t = "arn:aws:iam::1:role/x" | EVAL r = MV_LAST(SPLIT(t, "/"))' --format json

The language is ES|QL (docs/esql.md). Without SORT rows come by event time and id. A query without
LIMIT gives at most 1000 rows, any query at most 10000. Warnings go to standard error.)";

/// What CLI11 leaves as text and we read further.
struct RawQuery {
  QueryArguments arguments;
  std::string now, memory;
};

constexpr const char* kRulesExample = R"(
Examples:
  trailhound rules list
  trailhound rules check team-rules/ --format json
  trailhound rules test rules/
  trailhound rules explain aws-cli-discovery-burst
  trailhound rules explain team-rules/x.toml --event event.json)";

/// What CLI11 leaves as text and we read further.
struct RawScan {
  ScanArguments arguments;
  std::string from, to, memory, fail_on;
};

Result<std::optional<Instant>> read_time(const std::string& text, const char* option) {
  if (text.empty()) return std::nullopt;
  const auto instant = parse_rfc3339(text);
  if (!instant) {
    return fail(std::string(option) + ": \"" + text + "\" is not a time with a zone", {},
                "write it as 2026-03-01T00:00:00Z or with an offset such as +02:00");
  }
  return instant;
}

Result<std::size_t> read_memory(const std::string& text) {
  const auto size = parse_size(text);
  if (!size || *size < (16u << 20)) {
    return fail("--memory: \"" + text + "\" is no size of at least 16MB", {}, "for example 256MB");
  }
  return *size;
}

/// A filter that can match nothing would make every report an empty one.
Status check_filter(const run::SignalFilter& filter) {
  for (const std::string& account : filter.accounts) {
    if (account.size() != 12 && std::ranges::all_of(account, is_digit)) {  // shared logs have names in their place
      return fail("--account: \"" + account + "\" is no account id", {}, "twelve digits, for example 111122223333");
    }
  }
  for (const std::string& address : filter.addresses) {
    const bool is_name = address.find_first_not_of("0123456789abcdefABCDEF:./") != std::string::npos;
    if (!is_name && !parse_ip(address)) {  // services are named instead: "cloudformation.amazonaws.com"
      return fail("--ip: \"" + address + "\" is no IP address", {}, "one address; the option may repeat");
    }
  }
  return {};
}

/// An empty value is mostly a variable of the shell that is not set.
void refuse_empty_values(CLI::App* command) {
  for (CLI::Option* option : command->get_options()) {
    if (option->get_items_expected_max() == 0) continue;  // a flag
    option->check([](const std::string& value) { return value.empty() ? "is empty" : std::string(); }, "");
  }
}

Status finish_scan(RawScan& raw) {
  TRY_VOID(check_filter(raw.arguments.filter));
  TRY(raw.arguments.from, read_time(raw.from, "--from"));
  TRY(raw.arguments.to, read_time(raw.to, "--to"));
  if (raw.arguments.from && raw.arguments.to && *raw.arguments.from > *raw.arguments.to) {
    return fail("--from is later than --to");
  }
  raw.arguments.filter.from = raw.arguments.from;
  if (!raw.memory.empty()) {
    TRY(raw.arguments.memory, read_memory(raw.memory));
  }
  if (!raw.fail_on.empty()) {
    raw.arguments.fail_on = plan::severity_named(raw.fail_on);
    if (!raw.arguments.fail_on)
      return fail("--fail-on: unknown severity \"" + raw.fail_on + "\"", {},
                  "one of info, low, medium, high, critical");
  }
  return {};
}

void add_geo(CLI::App* app, GeoArguments& geo) {
  app->add_option("--geoip", geo.city, "MaxMind DB file with cities, for source.geo")->type_name("FILE");
  app->add_option("--asn", geo.asn, "MaxMind DB file with networks, for source.as")->type_name("FILE");
}

CLI::App* add_scan(CLI::App& app, RawScan& raw) {
  ScanArguments& a = raw.arguments;
  CLI::App* scan = app.add_subcommand("scan", "Evaluate rules over CloudTrail records and report signals");
  scan->add_option("paths", a.paths, "Files, folders, globs, or - for standard input")->type_name("PATH")->required();
  scan->add_option("--rules", a.rules, "Rule file or folder; \"shipped\" names the built-in ones (default)")
      ->type_name("PATH")
      ->allow_extra_args(false);
  scan->add_option("--format", a.format, "What to print: table (default) or jsonl")->type_name("FORMAT");
  scan->add_option("--out", a.outputs, "Also write a report; .jsonl or .txt says the form; may repeat")
      ->type_name("FILE")
      ->allow_extra_args(false);
  scan->add_option("--from", raw.from, "Report signals since this time (RFC 3339 with zone)")->type_name("TIME");
  scan->add_option("--to", raw.to, "The end of time: later records do not exist")->type_name("TIME");
  scan->add_option("--account", a.filter.accounts, "Report only signals of this account")
      ->type_name("ID")
      ->allow_extra_args(false);
  scan->add_option("--region", a.filter.regions, "... that touch this region")
      ->type_name("NAME")
      ->allow_extra_args(false);
  scan->add_option("--principal", a.filter.principals, "... of this principal (ARN or user/NAME)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  scan->add_option("--ip", a.filter.addresses, "... from this source address")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  scan->add_option("--indicators", a.indicators,
                   "Threat indicators for indicator match rules: CSV or JSON lines with threat.indicator.* columns")
      ->type_name("FILE");
  scan->add_option("--exclude", a.exclude, "Events that rules must not see: a search per line, \"[rule-id:] query\"")
      ->type_name("FILE");
  scan->add_option("--ledger", a.ledger, "Write the account of everything read and judged, as JSON")->type_name("FILE");
  scan->add_flag("--strict", a.strict, "Exit with 1 if anything was lost, be it one broken record");
  scan->add_option("--fail-on", raw.fail_on, "Exit with 3 if a signal has at least this severity")
      ->type_name("SEVERITY");
  scan->add_option("--memory", raw.memory, "Byte budget before spilling to disk (default 256MB)")->type_name("SIZE");
  scan->add_option("--workers", a.workers, "Threads (default: one a processor)")->type_name("N");
  scan->add_flag("--quiet", a.quiet, "No progress and no summary on standard error");
  scan->add_flag("--all", a.all, "Show every signal in the table");
  scan->add_flag("--why", a.why, "List every rule that could not fire, with the reason");
  add_geo(scan, a.geo);
  refuse_empty_values(scan);
  scan->footer(kScanExample);
  return scan;
}

CLI::App* add_events(CLI::App& app, EventsArguments& a) {
  CLI::App* events = app.add_subcommand("events", "Print records as normalised documents, one JSON object a line");
  events->add_option("paths", a.paths, "Files, folders, globs, or - for standard input")->type_name("PATH")->required();
  events->add_option("--schema", a.schema, "raw, ecs (default) or datadog")->type_name("NAME");
  events->add_option("--signals", a.signals, "Only the evidence of the signals in this JSON lines file")
      ->type_name("FILE");
  events->add_flag("--original", a.original, "Keep the record's text as event.original (ecs)");
  add_geo(events, a.geo);
  refuse_empty_values(events);
  events->footer(kEventsExample);
  return events;
}

CLI::App* add_query(CLI::App& app, RawQuery& raw) {
  QueryArguments& a = raw.arguments;
  CLI::App* query = app.add_subcommand("query", "Ask the events a question in ES|QL");
  query->add_option("query", a.text, "The query, or @FILE to read it from a file")->type_name("QUERY")->required();
  query->add_option("paths", a.paths, "Files, folders, globs, or - for standard input; none for ROW")
      ->type_name("PATH");
  query->add_option("--format", a.format, "table (default), json or csv")->type_name("FORMAT");
  query->add_option("--lookup", a.lookup, "Where LOOKUP JOIN and ENRICH find NAME.csv or NAME.jsonl")
      ->type_name("FOLDER");
  query->add_option("--param", a.parameters, "What ?NAME in the query stands for; may be repeated")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->take_all();
  query->add_option("--now", raw.now, "What NOW() gives (default: the time of the newest event)")->type_name("TIME");
  query->add_option("--memory", raw.memory, "Byte budget before spilling to disk (default 256MB)")->type_name("SIZE");
  query->add_option("--workers", a.workers, "Threads (default: one a processor)")->type_name("N");
  add_geo(query, a.geo);
  refuse_empty_values(query);
  query->footer(kQueryExample);
  return query;
}

struct RulesCommands {
  CLI::App *rules, *list, *check, *test, *explain;
};

RulesCommands add_rules(CLI::App& app, RulesArguments& a) {
  CLI::App* rules = app.add_subcommand("rules", "List, check, test and explain rules");
  rules->require_subcommand(1);
  rules->footer(kRulesExample);
  const auto add = [&](const char* name, const char* help) {
    CLI::App* command = rules->add_subcommand(name, help);
    command->footer(kRulesExample);
    return command;
  };
  CLI::App* list = add("list", "The rules of a folder, or the shipped ones");
  list->add_option("paths", a.paths, "Rule files or folders; none: the shipped rules")->type_name("PATH");
  CLI::App* check = add("check", "Load rules and say everything that is wrong with them");
  check->add_option("paths", a.paths, "Rule files or folders")->type_name("PATH")->required();
  check->add_option("--format", a.format, "text (default) or json: one object a rule")->type_name("FORMAT");
  check->add_flag("--verbose", a.verbose, "Print each warning; with more than 20 rules they are counted by kind");
  CLI::App* test = add("test", "Run the test cases (*.cases) that lie beside rules");
  test->add_option("paths", a.paths, "Case files or folders; none: the cases of the shipped rules")->type_name("PATH");
  add_geo(test, a.geo);
  CLI::App* explain = add("explain", "Print what a rule means: its plan and the fields it reads");
  explain->add_option("rule", a.rule, "Id, name or file of a rule")->type_name("RULE")->required();
  explain->add_option("--rules", a.paths, "Where to look; default: the shipped rules")->type_name("PATH");
  explain->add_option("--event", a.event, "Say for each record of a file which conditions hold")->type_name("FILE");
  add_geo(explain, a.geo);
  for (CLI::App* command : {list, check, test, explain}) refuse_empty_values(command);
  return {rules, list, check, test, explain};
}

/// CLI11 says "The following argument was not expected: scann"; the nearest command is a better hint.
std::string hint_for(const std::vector<std::string>& words) {
  static const std::vector<std::string_view> commands = {"scan", "events", "rules", "query"};
  if (words.empty()) return "trailhound --help lists the commands";
  const std::string near = nearest_name(words.front(), commands);
  if (!near.empty() && near != words.front()) return "did you mean \"trailhound " + near + "\"?";
  const bool known = std::find(commands.begin(), commands.end(), words.front()) != commands.end();
  return known ? "trailhound " + words.front() + " --help shows the options" : "trailhound --help lists the commands";
}

}  // namespace

std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  std::string unit;
  for (const char* at = end; at != text.data() + text.size(); ++at) {
    if (*at != ' ') unit += static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
  }
  std::size_t factor = 0;
  if (unit.empty() || unit == "b") factor = 1;
  if (unit == "k" || unit == "kb" || unit == "kib") factor = 1u << 10;
  if (unit == "m" || unit == "mb" || unit == "mib") factor = 1u << 20;
  if (unit == "g" || unit == "gb" || unit == "gib") factor = 1u << 30;
  if (factor == 0 || number > std::numeric_limits<std::size_t>::max() / factor) return std::nullopt;
  return number * factor;
}

Result<Arguments> parse_arguments(int count, const char* const* words) {
  CLI::App app("Detection engine for AWS CloudTrail: finds the intruder who is mapping your cloud.", "trailhound");
  app.set_version_flag("--version", "trailhound " + std::string(kVersion));
  app.require_subcommand(1);
  app.footer(kScanExample);
  RawScan scan;
  EventsArguments events;
  RulesArguments rules;
  RawQuery query;
  const CLI::App* scan_command = add_scan(app, scan);
  const CLI::App* events_command = add_events(app, events);
  const CLI::App* query_command = add_query(app, query);
  const RulesCommands commands = add_rules(app, rules);
  try {
    app.parse(count, words);
  } catch (const CLI::Success& e) {  // --help, --version
    std::ostringstream out;
    app.exit(e, out, out);
    return PrintText{out.str()};
  } catch (const CLI::Error& e) {
    return fail(e.what(), {}, hint_for({words + 1, words + count}));
  }
  if (scan_command->parsed()) {
    TRY_VOID(finish_scan(scan));
    return std::move(scan.arguments);
  }
  if (events_command->parsed()) return events;
  if (query_command->parsed()) {
    TRY(query.arguments.now, read_time(query.now, "--now"));
    if (!query.memory.empty()) {
      TRY(query.arguments.memory, read_memory(query.memory));
    }
    return std::move(query.arguments);
  }
  if (commands.list->parsed()) rules.action = RulesArguments::Action::list;
  if (commands.check->parsed()) rules.action = RulesArguments::Action::check;
  if (commands.test->parsed()) rules.action = RulesArguments::Action::test;
  if (commands.explain->parsed()) rules.action = RulesArguments::Action::explain;
  return rules;
}

}  // namespace trailhound::cli
