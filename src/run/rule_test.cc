#include "run/rule_test.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "rule/exclusions.h"
#include "run/scan.h"

namespace trailhound::run {
namespace {

/// Keeps signals in the order of reports.
class Collector : public sink::Sink {
 public:
  explicit Collector(std::string rule_id) : rule_id_(std::move(rule_id)) {}
  Status add(const signal::Signal& signal) override {
    if (signal.rule->id == rule_id_) signals.push_back(signal);
    return {};
  }
  Status finish(const sink::ScanSummary&) override {
    std::sort(signals.begin(), signals.end(),
              [](const auto& a, const auto& b) { return std::tie(a.first_seen, a.id) < std::tie(b.first_seen, b.id); });
    return {};
  }
  std::vector<signal::Signal> signals;

 private:
  std::string rule_id_;
};

std::string describe(const signal::Signal& s) {
  std::string text = std::string(plan::name_of(s.severity)) + " first " + format_rfc3339(s.first_seen) + " last " +
                     format_rfc3339(s.last_seen) + " events " + std::to_string(s.event_count);
  for (const auto& [name, value] : s.group) text += " " + name + "=" + to_text(value);
  return text;
}

std::string describe(const ExpectedSignal& e) {
  std::string text(plan::name_of(e.severity));
  if (e.first_seen) text += " first " + format_rfc3339(*e.first_seen);
  if (e.last_seen) text += " last " + format_rfc3339(*e.last_seen);
  if (e.events) text += " events " + std::to_string(*e.events);
  if (!e.group.empty()) text += " group with \"" + e.group + "\"";
  return text;
}

bool agrees(const ExpectedSignal& expected, const signal::Signal& signal) {
  const bool in_group =
      expected.group.empty() || std::any_of(signal.group.begin(), signal.group.end(), [&](const auto& part) {
        return to_text(part.second).find(expected.group) != std::string::npos;
      });
  return signal.severity == expected.severity && in_group &&
         (!expected.first_seen || signal.first_seen == *expected.first_seen) &&
         (!expected.last_seen || signal.last_seen == *expected.last_seen) &&
         (!expected.events || signal.event_count == *expected.events);
}

/// Signals of one moment have no natural order among them: each expectation takes the first one left that agrees.
std::vector<std::string> compare(const RuleCase& c, std::vector<signal::Signal> signals) {
  std::vector<std::string> differences;
  for (const ExpectedSignal& expected : c.expected) {
    const auto at = std::find_if(signals.begin(), signals.end(), [&](const auto& s) { return agrees(expected, s); });
    if (at == signals.end()) {
      differences.push_back("line " + std::to_string(expected.line) +
                            ": expected and not found: " + describe(expected));
    } else {
      signals.erase(at);
    }
  }
  for (const signal::Signal& s : signals) differences.push_back("not expected: " + describe(s));
  return differences;
}

}  // namespace

Result<std::vector<CaseResult>> run_rule_cases(const RuleCaseFile& file, const rule::RuleRef& rule,
                                               const event::Catalog& catalog, const std::vector<rule::RuleRef>& below) {
  std::vector<CaseResult> results;
  for (const RuleCase& c : file.cases) {
    rule::LoadedRules rules;
    rules.rules = below;
    rules.rules.push_back(rule);
    Diagnostics diagnostics;
    rule::apply_exclusions(rules.rules, c.exclusions, catalog, file.path, diagnostics);
    CaseResult result{file.path, c.line, rule->id, c.name, false, {}};
    for (const Diagnostic& d : diagnostics.all()) result.differences.push_back(to_text(d));
    Collector collector(rule->id);
    Progress progress;
    ScanInput input;
    input.texts.push_back({file.path, c.records});
    ScanOptions options;
    options.workers = 1;
    TRY(const auto scanned, scan(input, rules, catalog, options, std::make_unique<Ledger>(), {&collector}, progress));
    if (scanned.ledger->malformed > 0) result.differences.emplace_back("the shorthand made a malformed record");
    if (scanned.ledger->unfinished_rules) result.differences.emplace_back("the rule needs more memory than it may use");
    for (std::string& difference : compare(c, std::move(collector.signals))) {
      result.differences.push_back(std::move(difference));
    }
    result.passed = result.differences.empty();
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace trailhound::run
