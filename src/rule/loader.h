#pragma once
/// Rule files in, rules out.
///
///     auto loaded = rule::load_rules({"rules/", "team/x.toml"}, catalog, diagnostics);
///
/// Folders are searched recursively for .json, .ndjson, .yaml, .yml and .toml; what a file holds is decided by its
/// content (Elastic: table `rule`, or an exported rule; Datadog: `queries` and `cases`, alone, in a list, or under
/// `data`). Files in a folder that are no rules at all (no such keys) are skipped with a note; a file named directly
/// must be one. A rule with errors is left out, the others still load. Two rules of one id: the second is an error.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "event/catalog.h"
#include "rule/rule.h"

namespace trailhound::rule {

/// One line of `rules check`: also for rules that did not load.
struct Outcome {
  std::string path;
  std::string id;
  std::string name;
  std::string language;
  std::string type;
  bool loads = false;
  /// Whether it takes part in scans: it loads, is switched on, and a CloudTrail event can satisfy it.
  bool runs = false;
  std::string not_run;               ///< why it loads and does not run: "deprecated", "switched off"; else see `needs`
  std::vector<std::string> needs;    ///< beyond CloudTrail: "GeoIP city database", "data set \"azure.signinlogs\""
  std::vector<std::string> fields;   ///< names it reads, sorted
  std::optional<Schedule> schedule;  ///< of rules that run on one
  bool needs_signals = false;        ///< it reads the signals of other rules
  /// Set where `needs` ends in what a rule over signals lacks among the rules loaded: how many stand before that.
  std::optional<std::size_t> own_needs;
  Diagnostics diagnostics;
};

struct LoadedRules {
  std::vector<RuleRef> rules;               ///< those that run, in order of path, then of position
  std::vector<Outcome> outcomes;            ///< one a rule found, loaded or not
  std::vector<RuleRef> without_indicators;  ///< indicator match rules; see run/indicators.h
  std::vector<RuleRef> waiting;  ///< rules over signals of which no other rule here gives any; see rule/strata.h
};

[[nodiscard]] LoadedRules load_rules(const std::vector<std::string>& paths, const event::Catalog& catalog,
                                     Diagnostics& diagnostics);
/// The same for one text in memory; the form is decided by content, `path` is for messages.
void load_rule_text(std::string_view text, const std::string& path, const event::Catalog& catalog, LoadedRules& loaded);
/// The shipped rules, which are inside the program: behind those of `loaded`, if any.
void load_shipped_rules(const event::Catalog& catalog, LoadedRules& loaded);
[[nodiscard]] LoadedRules load_shipped_rules(const event::Catalog& catalog);

}  // namespace trailhound::rule
