#include "run/rule_sides.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "event/elastic_columns.h"
#include "event/signal_fields.h"
#include "plan/replace_columns.h"
#include "rule/fields_of_rule.h"
#include "rule/strata.h"

namespace trailhound::run {
namespace {

using rule::Rule;
using rule::RuleRef;

/// What the reason of an alert names.
constexpr const char* kReasonFields[] = {"event.category",      "file.name", "host.name",   "process.name",
                                         "process.parent.name", "source.ip", "source.port", "destination.ip",
                                         "destination.port",    "user.name"};

using FieldSet = std::set<std::pair<event::View, std::string>>;

void collect_fields(const Rule& rule, FieldSet& fields) {
  std::vector<event::ColumnRef> columns;
  for (const plan::Query& query : rule.plan.queries) {
    if (query.filter) plan::collect_columns(query.filter, columns);
    for (const plan::NamedExpr& part : query.key) plan::collect_columns(part.expression, columns);
    for (const plan::NamedExpr& argument : query.arguments) plan::collect_columns(argument.expression, columns);
  }
  for (const rule::Attribute& attribute : rule.attributes) plan::collect_columns(attribute.expression, columns);
  for (const event::ColumnRef& column : columns) {
    if (column->of_address) continue;
    if (column->view != event::View::ecs) {
      if (event::name_in_document(*column) != "_id") fields.insert({column->view, column->name});
      continue;
    }
    if (event::name_in_signals(column->name) == "kibana.alert.reason") {
      for (const char* name : kReasonFields) fields.insert({event::View::ecs, name});
    }
    fields.insert({event::View::ecs, event::name_in_events(column->name)});
  }
}

bool carries(const Rule& rule) {
  const rule::Body body = rule::body_of_signals(rule.plan);
  return body == rule::Body::one_event || body == rule::Body::shared;
}

/// Of each rule the fields of events that rules which its signals may pass ask for, and what these carry on themselves.
std::vector<RuleSides::Feeding> feeding_of(const std::vector<RuleRef>& rules, const event::Catalog& catalog) {
  std::vector<std::size_t> from_above(rules.size());
  std::iota(from_above.begin(), from_above.end(), std::size_t{0});
  std::ranges::stable_sort(from_above, std::greater(), [&](std::size_t i) { return rules[i]->stratum; });
  std::map<const Rule*, FieldSet> fields;  // of rules over signals
  std::vector<RuleSides::Feeding> feeding(rules.size());
  std::vector<std::vector<RuleRef>> fed_by_each = rule::fed_by_each(rules);
  for (const std::size_t i : from_above) {
    const Rule& rule = *rules[i];
    std::vector<RuleRef> fed = std::move(fed_by_each[i]);
    feeding[i].feeds = !fed.empty();
    if (!carries(rule)) fed.clear();
    FieldSet own;
    // One field at least, so that the events themselves are carried even if nothing of them is asked for.
    if (!fed.empty()) own.insert({event::View::ecs, "event.category"});
    for (const RuleRef& above : fed) own.merge(FieldSet(fields[above.get()]));
    for (const auto& [view, name] : own) {
      const event::ColumnRef column = catalog.known(view, name);
      if (!column || column->always_absent) continue;
      feeding[i].carried.push_back({event::name_in_document(*column), plan::column(column)});
    }
    if (!rule.reads_signals) continue;
    collect_fields(rule, own);
    fields[&rule] = std::move(own);
  }
  return feeding;
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

/// One column for each one that is replaced: what rules have in common is read once for all of them.
class ReplacedColumns {
 public:
  using Make = event::ColumnRef (*)(const event::ColumnRef&);
  explicit ReplacedColumns(Make make) : make_(make) {}
  const event::ColumnRef& of(const event::ColumnRef& column) {
    const auto [found, is_new] = made_.try_emplace(column);
    if (is_new) found->second = make_(column);
    return found->second;
  }

 private:
  Make make_;
  std::map<event::ColumnRef, event::ColumnRef> made_;
};

/// Exchanges all columns that the rule reads of an event.
void replace_columns(Rule& rule, const std::function<event::ColumnRef(const event::ColumnRef&)>& replacement) {
  const auto replace = [&](plan::Expr& expression) { expression = plan::replace_columns(expression, replacement); };
  for (plan::Query& query : rule.plan.queries) {
    replace(query.filter);
    for (plan::NamedExpr& part : query.key) replace(part.expression);
    for (plan::NamedExpr& argument : query.arguments) replace(argument.expression);
  }
  for (rule::Attribute& attribute : rule.attributes) replace(attribute.expression);
  for (rule::Attribute& column : rule.carried) replace(column.expression);
}

/// Adds the fields that the rule reads of signals to `read`.
RuleRef over_signals(const Rule& rule, const std::vector<rule::Attribute>& carried, ReplacedColumns& columns,
                     std::set<std::string, std::less<>>& read) {
  Rule made = for_matching(rule);
  made.carried = carried;
  replace_columns(made, [&](const event::ColumnRef& column) {
    if (column->of_address) return column;
    read.insert(event::name_in_document(*column));
    return columns.of(column);
  });
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
  sides.feeding = feeding_of(rules, catalog);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!rules[i]->reads_events) {
      sides.over_events.push_back(never_matching(*rules[i]));
      continue;
    }
    Rule made = for_matching(*rules[i]);
    made.carried = sides.feeding[i].carried;
    sides.over_events.push_back(std::make_shared<const Rule>(std::move(made)));
  }
  ReplacedColumns columns([](const event::ColumnRef& column) { return event::signal_column(*column); });
  for (unsigned stratum = 0; stratum < top; ++stratum) {
    std::vector<RuleRef>& side = sides.over_signals.emplace_back();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const bool reads = rules[i]->reads_signals && rules[i]->stratum > stratum;
      side.push_back(reads ? over_signals(*rules[i], sides.feeding[i].carried, columns, sides.read_of_signals)
                           : never_matching(*rules[i]));
    }
  }
  return sides;
}

Rule over_documents(Rule rule) {
  replace_columns(rule, event::column_over_documents);
  return rule;
}

plan::TableSource over_documents(plan::TableSource source) {
  source.filter = plan::replace_columns(source.filter, event::column_over_documents);
  for (plan::Expr& column : source.columns) column = plan::replace_columns(column, event::column_over_documents);
  return source;
}

std::vector<RuleRef> over_documents(const std::vector<RuleRef>& rules) {
  ReplacedColumns columns(event::column_over_documents);
  std::vector<RuleRef> side;
  for (const RuleRef& rule : rules) {
    Rule made = for_matching(*rule);
    made.carried = rule->carried;
    replace_columns(made, [&](const event::ColumnRef& column) { return columns.of(column); });
    side.push_back(std::make_shared<const Rule>(std::move(made)));
  }
  return side;
}

}  // namespace trailhound::run
