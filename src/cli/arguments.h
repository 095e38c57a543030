#pragma once
/// The command line as data. Parsing, help texts and "did you mean" come from CLI11, which is kept inside arguments.cc.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "plan/severity.h"
#include "run/signal_filter.h"

namespace trailhound::cli {

/// Databases for source.geo and source.as fields.
struct GeoArguments {
  std::string city;
  std::string asn;
};

struct ScanArguments {
  std::vector<std::string> paths;
  std::vector<std::string> rules;  ///< empty: the shipped ones
  std::string format = "table";    ///< of standard output
  std::vector<std::string> outputs;
  std::optional<Instant> from;
  std::optional<Instant> to;
  run::SignalFilter filter;
  std::string exclude;     ///< a file of rule/exclusions.h
  std::string indicators;  ///< a file of run/indicators.h
  std::string ledger;
  bool strict = false;
  std::optional<plan::Severity> fail_on;
  std::size_t memory = 256u << 20;
  unsigned workers = 0;
  bool quiet = false;
  bool all = false;
  bool why = false;
  GeoArguments geo;
};

struct EventsArguments {
  std::vector<std::string> paths;
  std::string schema = "ecs";
  std::string signals;  ///< a JSON lines file: only its evidence
  bool original = false;
  GeoArguments geo;
};

struct RulesArguments {
  enum class Action { list, check, test, explain };
  Action action = Action::list;
  std::vector<std::string> paths;
  std::string rule;      ///< explain: id
  std::string event;     ///< explain: a file with records
  bool verbose = false;  ///< check: print each warning, however many rules there are
  std::string format = "text";
  GeoArguments geo;  ///< test, explain
};

struct QueryArguments {
  std::string text;
  std::vector<std::string> paths;
  std::string format = "table";         ///< table, json or csv
  std::string lookup;                   ///< folder with the tables of LOOKUP JOIN and ENRICH
  std::vector<std::string> parameters;  ///< NAME=VALUE
  std::optional<Instant> now;
  std::size_t memory = 256u << 20;
  unsigned workers = 0;
  GeoArguments geo;
};

/// --help or --version: print and end.
struct PrintText {
  std::string text;
};

using Arguments = std::variant<ScanArguments, EventsArguments, RulesArguments, QueryArguments, PrintText>;

[[nodiscard]] Result<Arguments> parse_arguments(int count, const char* const* words);

/// "256MB", "1 GiB", "100000": bytes.
[[nodiscard]] std::optional<std::size_t> parse_size(std::string_view text);

}  // namespace trailhound::cli
