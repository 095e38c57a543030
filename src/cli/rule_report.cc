#include "cli/rule_report.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/joined.h"
#include "base/json_writer.h"
#include "engine/compiled_rules.h"
#include "plan/describe.h"
#include "run/event_explanation.h"
#include "sink/terminal_text.h"

namespace trailhound::cli {
namespace {

/// Findings that say that something of the rule has no effect here, or keeps it from loading, as it is not supported.
bool is_about_support(std::string_view code) {
  static constexpr std::array<std::string_view, 10> kCodes = {"TH2209", "TH3506", "TH4102", "TH4105", "TH4109",
                                                              "TH4111", "TH4112", "TH4201", "TH4208", "TH4211"};
  // The languages' codes: TH32xx (ES|QL), TH372x (EQL) and TH3506 (KQL, Lucene) are what a rule cannot use.
  return code.starts_with("TH32") || code.starts_with("TH372") || std::ranges::find(kCodes, code) != kCodes.end();
}

void append_schedule(json::Writer& w, const rule::Schedule& schedule) {
  w.key("schedule").begin_object();
  w.key("interval").string(format_duration(schedule.interval));
  w.key("look_back").string(format_duration(schedule.look_back));
  w.key("timestamp_field").string(schedule.timestamp_field);
  w.key("max_signals");
  if (schedule.max_signals) {
    w.integer(*schedule.max_signals);
  } else {
    w.null();
  }
  w.end_object();
}

void add_section(std::string& text, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  text += "\n" + std::string(title) + "\n";
  for (const std::string& line : lines) text += "  " + line + "\n";
}

/// How a conjunct of a filter is decided, from cheap to dear.
std::string decided_by(const engine::Predicate& predicate, const rule::Rule& rule) {
  if (!rule.reads_events) return "signal";
  constexpr auto bit = [](event::Hot hot) { return 1u << static_cast<unsigned>(hot); };
  constexpr std::uint32_t kIndexed = bit(event::Hot::event_source) | bit(event::Hot::event_name);
  if (predicate.kind == engine::Predicate::Kind::constant) return "known ";
  if (!predicate.reads_record && (predicate.hot_values & ~kIndexed) == 0) return "index ";
  if (!predicate.reads_record) return "value ";
  return (predicate.hot_values & kIndexed) != 0 ? "partly" : "event ";
}

std::vector<std::string> condition_lines(const rule::RuleRef& rule) {
  const engine::CompiledRules compiled({rule});
  std::vector<std::string> lines;
  const auto& queries = compiled.rules().front().queries;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (queries.size() > 1) lines.push_back("query " + std::to_string(i + 1) + " " + rule->plan.queries[i].name);
    for (const auto& conjunct : queries[i].conjuncts) {
      const engine::Predicate& predicate = compiled.predicates()[conjunct.predicate];
      lines.push_back(decided_by(predicate, *rule) + "  " + plan::describe(predicate.expression));
    }
  }
  return lines;
}

std::string key_names(const plan::Plan& plan) {
  std::vector<std::string> names;
  for (const plan::Query& query : plan.queries) {
    for (const plan::NamedExpr& part : query.key) {
      if (std::ranges::find(names, part.name) == names.end()) names.push_back(part.name);
    }
  }
  return names.empty() ? "one group for all events" : "a group for each " + joined(names, ", ");
}

/// What is remembered between events.
std::string state_of(const plan::Plan& plan) {
  if (const auto* op = std::get_if<plan::NewTerms>(&plan.op)) {
    return "the newest time of each combination, for " + format_duration(op->history);
  }
  if (const auto* op = std::get_if<plan::NewValue>(&plan.op)) {
    return "the newest time of each value, for " + format_duration(op->forget_after);
  }
  if (const auto* op = std::get_if<plan::RunThreshold>(&plan.op)) {
    return "the hits of " + format_duration(op->look_back) + (op->distinct ? " with the values counted" : "");
  }
  if (const auto* op = std::get_if<plan::RunAggregate>(&plan.op)) {
    return "the rows of " + format_duration(op->look_back);
  }
  if (const auto* op = std::get_if<plan::Sequence>(&plan.op)) {
    return "begun matches" +
           (op->max_span ? ", for " + format_duration(*op->max_span) : std::string(", without an end"));
  }
  if (const auto* op = std::get_if<plan::AnomalyJob>(&plan.op)) {
    return "what each bucket of " + format_duration(op->bucket) + " held";
  }
  if (const auto* op = std::get_if<plan::TrailingCondition>(&plan.op)) {
    return op->window.micros == 0 ? "nothing" : "the hits of " + format_duration(op->window);
  }
  if (const auto* op = std::get_if<plan::Baseline>(&plan.op)) {
    return "counts of buckets of " + format_duration(op->bucket) + ", for " + format_duration(op->window);
  }
  if (std::holds_alternative<plan::EachHit>(plan.op)) return "nothing: every hit is a signal";
  return "the rows of the query";
}

std::vector<std::string> head_lines(const rule::Rule& rule) {
  std::vector<std::string> lines;
  if (rule.schedule) {
    lines.push_back("every " + format_duration(rule.schedule->interval) + " over the last " +
                    format_duration(rule.schedule->look_back));
  }
  for (const rule::AttackReference& tactic : rule.tactics) lines.push_back(tactic.id + " " + tactic.name);
  for (const rule::AttackReference& technique : rule.techniques) {
    lines.push_back("  " + technique.id + " " + technique.name);
  }
  if (rule.building_block) lines.emplace_back("building block: its signals are context for others");
  if (rule.reads_signals) {
    lines.emplace_back(
        std::string(rule.reads_events ? "reads events and" : "reads") + " the signals of other rules" +
        (rule.stratum > 1 ? ", rules over signals among them (stratum " + std::to_string(rule.stratum) + ")" : ""));
  }
  for (const rule::SeverityOverride& mapping : rule.severity_overrides) {
    lines.push_back(std::string(plan::name_of(mapping.severity)) + " where " + mapping.field + " is " + mapping.value);
  }
  if (!rule.risk_score_field.empty()) lines.push_back("risk score from " + rule.risk_score_field);
  if (!rule.name_field.empty()) lines.push_back("name from " + rule.name_field);
  if (!rule.authors.empty()) lines.push_back("by " + joined(rule.authors, ", "));
  if (!rule.license.empty()) lines.push_back("license " + rule.license);
  return lines;
}

}  // namespace

std::string outcome_json(const rule::Outcome& outcome) {
  std::string text;
  json::Writer w(text);
  w.begin_object().key("path").string(outcome.path).key("id").string(outcome.id).key("name").string(outcome.name);
  w.key("language").string(outcome.language).key("type").string(outcome.type).key("loads").boolean(outcome.loads);
  w.key("needs").strings(outcome.needs).key("diagnostics").begin_array();
  for (const Diagnostic& d : outcome.diagnostics.all()) w.raw(to_json(d));
  w.end_array();
  w.key("runs").boolean(outcome.runs).key("not_run").string(outcome.not_run);
  w.key("fields").strings(outcome.fields);
  if (outcome.schedule) {
    append_schedule(w, *outcome.schedule);
  } else {
    w.key("schedule").null();
  }
  w.key("unsupported").begin_array();
  for (const Diagnostic& d : outcome.diagnostics.all()) {
    if (!is_about_support(d.code)) continue;
    w.begin_object().key("what").string(d.message).key("key").string(d.place.key);
    w.key("line").integer(d.place.at.line).key("column").integer(d.place.at.column).end_object();
  }
  w.end_array().key("reads_signals").boolean(outcome.needs_signals).end_object();
  return text + "\n";
}

std::string outcome_remark(const rule::Outcome& outcome) {
  if (!outcome.loads) return {};
  std::string text = outcome.runs ? "" : "does not run";
  if (!outcome.not_run.empty()) text += ": " + outcome.not_run;
  if (!outcome.needs.empty()) text += (text.empty() ? "needs " : ": needs ") + joined(outcome.needs, "; ");
  return text;
}

std::string explain_rule(const rule::RuleRef& ref, const rule::Outcome& outcome) {
  const rule::Rule& rule = *ref;
  std::string text = rule.id + "\n" + rule.name + "\n\n" + rule.type + " rule" +
                     (rule.language.empty() ? "" : " in " + rule.language) + ", " +
                     std::string(plan::name_of(rule.severity)) + ", risk " + std::to_string(rule.risk_score) + "\n";
  for (const std::string& line : head_lines(rule)) text += line + "\n";
  if (!rule.description.empty()) text += "\n" + rule.description + "\n";
  add_section(text, "Needs", outcome.needs);
  add_section(text, "Fields", rule.fields);
  add_section(text, "Shown first", rule.highlights);
  add_section(text,
              "Conditions (index: decided by service and call before the event is looked at; value: once per distinct "
              "value; partly: both; event: in the event; signal: in the signal)",
              condition_lines(ref));
  const std::string fires = run::describe_operator(rule.plan);
  add_section(text, "State", {key_names(rule.plan), "keeps " + state_of(rule.plan)});
  if (!fires.empty()) text += "  fires at " + fires + "\n";
  if (const auto& suppression = rule.plan.episode.suppression) {
    text += "  further signals of a group are suppressed" +
            (suppression->duration ? " for " + format_duration(*suppression->duration) : std::string(" within a run")) +
            "\n";
  }
  text += "\nPlan\n" + plan::print(rule.plan) + "\n";
  if (!rule.setup.empty()) text += "\nSetup\n" + rule.setup + "\n";
  if (!rule.triage.empty()) text += "\nTriage\n" + rule.triage + "\n";
  return text;
}

}  // namespace trailhound::cli
