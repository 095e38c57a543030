#include "naive_matcher.h"

#include <algorithm>
#include <map>
#include <string>

#include "engine/evaluator.h"
#include "engine/profile.h"

namespace trailhound::engine::test {
namespace {

Values values_of(const plan::Expr& expression, const event::Record& record) {
  Arena arena;
  EvaluationContext context{.record = &record, .arena = arena};
  return to_values(evaluate(expression, context));
}

std::string canonical(const std::vector<Value>& values) {
  std::string out;
  for (const Value& value : values) append_canonical(out, value);
  return out;
}

Values values_of_part(const plan::NamedExpr& part, plan::MissingKey missing, const event::Record& record) {
  Values distinct;
  for (const Value& value : values_of(part.expression, record)) {
    if (std::find(distinct.begin(), distinct.end(), value) == distinct.end()) distinct.push_back(value);
  }
  if (!distinct.empty()) return distinct;
  if (missing == plan::MissingKey::null_group) return {Value{}};
  if (missing == plan::MissingKey::not_available) return {std::string("N/A")};
  return {};
}

struct Group {
  std::vector<Value> values;
  std::uint64_t queries = 0;
};

Hit hit_of(std::uint32_t rule_index, const rule::Rule& rule, const Group& group, const event::Record& record) {
  Arena arena;
  Hit hit;
  hit.rule = rule_index;
  hit.queries = group.queries;
  hit.time = record.time();
  hit.event_key = record.event_key();
  hit.group = group.values;
  for (std::size_t q = 0; q < rule.plan.queries.size(); ++q) {
    if ((group.queries >> q & 1u) == 0) continue;
    for (const auto& argument : rule.plan.queries[q].arguments) {
      hit.arguments.push_back(values_of(argument.expression, record));
    }
  }
  for (const auto& attribute : rule.attributes) hit.attributes.push_back(values_of(attribute.expression, record));
  hit.profile = to_profile(profile_of(record, arena));
  hit.path = record.batch().location(record.row()).path;
  hit.offset = record.batch().location(record.row()).offset;
  hit.event_id = record.batch().event_ids[record.row()];
  if (hit.event_id.empty()) hit.event_id = hit.event_key.substr(hit.event_key.find('/') + 1);
  return hit;
}

}  // namespace

bool passes(const plan::Query& query, const event::Record& record) {
  Arena arena;
  EvaluationContext context{.record = &record, .arena = arena};
  return truth(query.filter, context) == Truth::yes;
}

std::vector<std::vector<Value>> groups_of(const plan::Query& query, const event::Record& record) {
  std::vector<std::vector<Value>> groups = {{}};
  for (const plan::NamedExpr& part : query.key) {
    std::vector<std::vector<Value>> longer;
    for (const Value& value : values_of_part(part, query.missing, record)) {
      for (std::vector<Value> group : groups) {
        group.push_back(value);
        longer.push_back(std::move(group));
      }
    }
    groups = std::move(longer);
  }
  return groups;
}

std::vector<Hit> match_naively(const std::vector<rule::RuleRef>& rules, const event::Batch& batch) {
  std::vector<Hit> hits;
  for (std::size_t row = 0; row < batch.size(); ++row) {
    const event::Record record(batch, row);
    for (std::uint32_t r = 0; r < rules.size(); ++r) {
      const rule::Rule& rule = *rules[r];
      std::map<std::string, Group> by_group;
      for (std::size_t q = 0; q < rule.plan.queries.size(); ++q) {
        if (!passes(rule.plan.queries[q], record)) continue;
        for (std::vector<Value>& values : groups_of(rule.plan.queries[q], record)) {
          Group& group = by_group[std::to_string(values.size()) + canonical(values)];
          group.values = std::move(values);
          group.queries |= std::uint64_t{1} << q;
        }
      }
      for (const auto& [key, group] : by_group) hits.push_back(hit_of(r, rule, group, record));
    }
  }
  return hits;
}

}  // namespace trailhound::engine::test
