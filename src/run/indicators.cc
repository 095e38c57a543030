#include "run/indicators.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/evaluator.h"
#include "event/batch.h"
#include "event/signal_fields.h"
#include "plan/replace_columns.h"
#include "rule/strata.h"
#include "run/lookup_table.h"

namespace trailhound::run {
namespace {

using event::DocumentFields;
using plan::LogicalType;

/// What every indicator document of Elastic's integrations says.
constexpr std::pair<const char*, const char*> kDefaults[] = {{"event.kind", "enrichment"},
                                                             {"event.category", "threat"},
                                                             {"event.type", "indicator"},
                                                             {"event.module", "threatintel"}};

std::vector<DocumentFields> documents_of(const plan::LookupTable& table) {
  std::vector<DocumentFields> documents;
  for (const std::vector<Values>& row : table.rows) {
    DocumentFields& document = documents.emplace_back();
    for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i) {
      document.set(table.columns[i].name, row[i]);
    }
    for (const auto& [name, text] : kDefaults) {
      if (document.find(name) == nullptr) document.set(name, std::string(text));
    }
  }
  return documents;
}

/// The documents for which the condition is true.
std::vector<const DocumentFields*> admitted(const plan::Expr& condition, const event::Batch& batch) {
  const plan::Expr over_documents =
      plan::replace_columns(condition, [](const event::ColumnRef& column) { return event::signal_column(*column); });
  std::vector<const DocumentFields*> found;
  Arena arena;
  for (std::size_t row = 0; row < batch.documents.size(); ++row) {
    const event::Record record(batch, row);
    engine::EvaluationContext context{.record = &record, .arena = arena};
    if (engine::truth(over_documents, context) == Truth::yes) found.push_back(&batch.documents[row]);
    arena.reset();
  }
  return found;
}

/// The indicator's values as the event's field has them.
Values values_of(const DocumentFields& document, const rule::ThreatMatch::Entry& entry) {
  const LogicalType type = entry.field.expression->type;
  Values typed;
  const Values* values = document.find(entry.indicator_field);
  if (values == nullptr) return typed;
  for (const Value& value : *values) {
    if (type == LogicalType::ip) {
      const auto* known = std::get_if<IpAddress>(&value);
      const std::optional<IpAddress> address = known != nullptr ? *known : parse_ip(to_text(value));
      if (address) typed.emplace_back(*address);
    } else if (type == LogicalType::keyword || type == LogicalType::text) {
      typed.emplace_back(to_text(value));
    } else {
      typed.push_back(value);
    }
  }
  return typed;
}

plan::Expr is_one_of(const rule::ThreatMatch::Entry& entry, Values values) {
  sort_distinct(values);
  const plan::Expr element = plan::make(plan::Variable{0}, entry.field.expression->type);
  return plan::make(
      plan::Exists{entry.field.expression, plan::make(plan::OneOf{element, plan::Domain::native, std::move(values)})});
}

/// All entries for one indicator; nothing if it lacks one of the fields that must be equal.
std::optional<plan::Expr> matches(const rule::ThreatMatch::Group& group, const DocumentFields& indicator) {
  std::vector<plan::Expr> conditions;
  for (const rule::ThreatMatch::Entry& entry : group) {
    Values values = values_of(indicator, entry);
    if (values.empty() && !entry.negate) return std::nullopt;
    if (values.empty()) continue;
    plan::Expr equal = is_one_of(entry, std::move(values));
    conditions.push_back(entry.negate ? plan::negate(std::move(equal)) : std::move(equal));
  }
  return plan::all_of(std::move(conditions));
}

class Supplier {
 public:
  explicit Supplier(const std::vector<const DocumentFields*>& indicators) : indicators_(indicators) {}

  /// Null if no indicator is one for the group.
  plan::Expr condition_of(const rule::ThreatMatch::Group& group) {
    if (group.size() == 1) return condition_of(group.front());
    std::vector<plan::Expr> any;
    for (const DocumentFields* indicator : indicators_) {
      auto all = matches(group, *indicator);
      if (!all) continue;
      if (any.size() < kMaxCombinedIndicators) {
        any.push_back(*std::move(all));
      } else {
        ++left_out;
      }
    }
    return any.empty() ? nullptr : plan::any_of(std::move(any));
  }

  std::size_t left_out = 0;

 private:
  /// One field: all values at once.
  plan::Expr condition_of(const rule::ThreatMatch::Entry& entry) const {
    Values all;
    for (const DocumentFields* indicator : indicators_) {
      for (Value& value : values_of(*indicator, entry)) all.push_back(std::move(value));
    }
    return all.empty() ? nullptr : is_one_of(entry, std::move(all));
  }

  const std::vector<const DocumentFields*>& indicators_;
};

/// The rule with its indicators; nothing if there are none for it.
std::optional<rule::Rule> supplied(const rule::Rule& rule, const event::Batch& batch, std::size_t& left_out) {
  const auto indicators = admitted(rule.threat->indicators, batch);
  Supplier supplier(indicators);
  std::vector<plan::Expr> groups;
  for (const auto& group : rule.threat->groups) {
    if (plan::Expr condition = supplier.condition_of(group)) groups.push_back(std::move(condition));
  }
  left_out += supplier.left_out;
  if (groups.empty()) return std::nullopt;
  rule::Rule made = rule;
  made.threat = nullptr;
  const plan::Expr any = plan::any_of(std::move(groups));
  for (plan::Query& query : made.plan.queries) {
    const auto* outer = query.filter ? std::get_if<plan::IsTrue>(&query.filter->node) : nullptr;
    std::vector<plan::Expr> parts;
    parts.push_back(any);
    if (query.filter) parts.insert(parts.begin(), outer == nullptr ? query.filter : outer->operand);
    query.filter = plan::make(plan::IsTrue{plan::all_of(std::move(parts))});
  }
  return made;
}

}  // namespace

Result<std::shared_ptr<const plan::LookupTable>> read_indicators(const std::string& path) {
  return read_table_file(path, "indicators");
}

std::size_t supply_indicators(const plan::LookupTable& indicators, rule::LoadedRules& loaded) {
  event::Batch batch;
  batch.documents = documents_of(indicators);
  batch.times.resize(batch.documents.size());
  std::size_t left_out = 0;
  std::vector<rule::RuleRef> without;
  for (const rule::RuleRef& rule : loaded.without_indicators) {
    auto made = supplied(*rule, batch, left_out);
    const auto outcome = std::ranges::find_if(loaded.outcomes, [&](const rule::Outcome& one) {
      return one.loads && !one.runs && one.id == rule->id && one.path == rule->file;
    });
    const bool is_taken = std::ranges::any_of(loaded.rules, [&](const auto& other) { return other->id == rule->id; });
    if (!made || is_taken || outcome == loaded.outcomes.end()) {
      without.push_back(rule);
      continue;
    }
    outcome->runs = true;
    std::erase_if(outcome->needs, [](const std::string& need) { return need.starts_with("indicator index "); });
    loaded.rules.push_back(std::make_shared<const rule::Rule>(*std::move(made)));
  }
  loaded.without_indicators = std::move(without);
  rule::settle_strata(loaded);
  return left_out;
}

}  // namespace trailhound::run
