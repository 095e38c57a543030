#include "run/rule_sides.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "event/signal_fields.h"
#include "plan/replace_columns.h"
#include "rule/fields_of_rule.h"

namespace trailhound::run {
namespace {

using rule::Rule;
using rule::RuleRef;

/// What the reason of an alert names.
constexpr const char* kReasonFields[] = {"event.category",      "file.name", "host.name",   "process.name",
                                         "process.parent.name", "source.ip", "source.port", "destination.ip",
                                         "destination.port",    "user.name"};

void collect_names(const Rule& rule, std::set<std::string>& names) {
  std::vector<event::ColumnRef> columns;
  for (const plan::Query& query : rule.plan.queries) {
    if (query.filter) plan::collect_columns(query.filter, columns);
    for (const plan::NamedExpr& part : query.key) plan::collect_columns(part.expression, columns);
    for (const plan::NamedExpr& argument : query.arguments) plan::collect_columns(argument.expression, columns);
  }
  for (const rule::Attribute& attribute : rule.attributes) plan::collect_columns(attribute.expression, columns);
  for (const event::ColumnRef& column : columns) {
    if (column->view != event::View::ecs) continue;
    if (event::name_in_signals(column->name) == "kibana.alert.reason") {
      names.insert(std::begin(kReasonFields), std::end(kReasonFields));
    }
    names.insert(event::name_in_events(column->name));
  }
}

/// The fields of events that rules over signals ask for.
std::vector<rule::Attribute> asked_for(const std::vector<RuleRef>& rules, const event::Catalog& catalog) {
  std::set<std::string> names = {"event.category"};  // so that events are carried even if nothing of them is asked for
  for (const RuleRef& rule : rules) {
    if (rule->reads_signals) collect_names(*rule, names);
  }
  std::vector<rule::Attribute> columns;
  for (const std::string& name : names) {
    const auto column = catalog.find(event::View::ecs, name);
    if (column && !(*column)->always_absent) columns.push_back({name, plan::column(*column)});
  }
  return columns;
}

/// What a matcher needs of a rule.
Rule for_matching(const Rule& rule) {
  Rule lean;
  lean.id = rule.id;
  lean.name = rule.name;
  lean.plan = rule.plan;
  lean.attributes = rule.attributes;
  lean.reads_events = rule.reads_events;
  lean.reads_signals = rule.reads_signals;
  lean.stratum = rule.stratum;
  return lean;
}

RuleRef never_matching(const Rule& rule) {
  Rule lean;
  lean.id = rule.id;
  lean.name = rule.name;
  lean.plan.op = rule.plan.op;
  lean.plan.queries.resize(rule.plan.queries.size());
  for (plan::Query& query : lean.plan.queries) query.filter = plan::make(plan::IsTrue{plan::constant(false)});
  return std::make_shared<const Rule>(std::move(lean));
}

bool carries(const Rule& rule) {
  const rule::Body body = rule::body_of_signals(rule.plan);
  return body == rule::Body::one_event || body == rule::Body::shared;
}

RuleRef over_signals(const Rule& rule, const std::vector<rule::Attribute>& carried) {
  Rule made = for_matching(rule);
  made.carried = carried;
  const auto read_signal = [](plan::Expr& expression) {
    expression =
        plan::replace_columns(expression, [](const event::ColumnRef& column) { return event::signal_column(*column); });
  };
  for (plan::Query& query : made.plan.queries) {
    read_signal(query.filter);
    for (plan::NamedExpr& part : query.key) read_signal(part.expression);
    for (plan::NamedExpr& argument : query.arguments) read_signal(argument.expression);
  }
  for (rule::Attribute& attribute : made.attributes) read_signal(attribute.expression);
  for (rule::Attribute& column : made.carried) read_signal(column.expression);
  return std::make_shared<const Rule>(std::move(made));
}

}  // namespace

RuleSides sides_of(const std::vector<RuleRef>& rules, const event::Catalog& catalog) {
  RuleSides sides;
  unsigned top = 0;
  for (const RuleRef& rule : rules) {
    if (rule->reads_signals) top = std::max(top, rule->stratum);
  }
  if (top == 0) {
    sides.over_events = rules;
    return sides;
  }
  const std::vector<rule::Attribute> all = asked_for(rules, catalog);
  const auto carried_by = [&](const Rule& rule) {
    return rule.stratum < top && carries(rule) ? all : std::vector<rule::Attribute>{};
  };
  for (const RuleRef& rule : rules) {
    if (!rule->reads_events) {
      sides.over_events.push_back(never_matching(*rule));
      continue;
    }
    Rule made = for_matching(*rule);
    made.carried = carried_by(*rule);
    sides.over_events.push_back(std::make_shared<const Rule>(std::move(made)));
  }
  for (unsigned stratum = 0; stratum < top; ++stratum) {
    std::vector<RuleRef>& side = sides.over_signals.emplace_back();
    for (const RuleRef& rule : rules) {
      const bool reads = rule->reads_signals && rule->stratum > stratum;
      side.push_back(reads ? over_signals(*rule, carried_by(*rule)) : never_matching(*rule));
    }
  }
  return sides;
}

}  // namespace trailhound::run
