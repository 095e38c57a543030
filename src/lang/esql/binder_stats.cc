// STATS and INLINE STATS: keys, aggregates, and where a column may stand.

#include <algorithm>
#include <utility>

#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"
#include "lang/esql/lexer.h"

namespace trailhound::esql {
namespace {

/// The first attribute outside aggregates that is no key, or null.
const Bound* stray_attribute(const Bound& bound, const std::vector<BoundStats::Key>& keys) {
  if (bound.is_aggregate_call()) return nullptr;
  if (bound.operation == Operation::attribute) {
    const bool key = std::ranges::any_of(keys, [&](const auto& k) { return k.target.id == bound.attribute; });
    return key ? nullptr : &bound;
  }
  for (const auto& operand : bound.operands) {
    if (const Bound* stray = stray_attribute(*operand, keys)) return stray;
  }
  return nullptr;
}

bool contains_attribute(const Bound& bound) {
  return bound.operation == Operation::attribute ||
         std::ranges::any_of(bound.operands, [](const BoundPtr& operand) { return contains_attribute(*operand); });
}

/// Whether both are the same expression, wherever they stand.
bool is_same(const Bound& a, const Bound& b) {
  return a.operation == b.operation && a.type == b.type && a.constant == b.constant && a.span == b.span &&
         a.attribute == b.attribute && a.function == b.function &&
         std::ranges::equal(a.operands, b.operands,
                            [](const BoundPtr& left, const BoundPtr& right) { return is_same(*left, *right); });
}

/// Whether `part` is the expression or stands in it.
bool contains(const Bound& expression, const Bound& part) {
  return is_same(expression, part) ||
         std::ranges::any_of(expression.operands, [&](const BoundPtr& operand) { return contains(*operand, part); });
}

}  // namespace

void Binder::bind_stats(const Stats& stats, BoundStep& step) {
  BoundStats bound;
  bound.keeps_rows = stats.keeps_rows;
  if (stats.keeps_rows && lower_ascii(step.source.substr(0, 11)) == "inlinestats") {
    reporter_.warning(codes::kDeprecated, step.at, "INLINESTATS is deprecated, use INLINE STATS instead");
  }
  const Scope before = scope_;
  std::vector<Attribute> keys;  // one a field
  std::map<AttributeId, AttributeId> known_keys;
  for (const auto& field : stats.keys) {
    // Keys see the columns of the source, not each other; aggregates see the keys.
    auto key = bind_key(field);
    const auto later = stats.keys.begin() + static_cast<std::ptrdiff_t>(keys.size() + 1);
    if (std::any_of(later, stats.keys.end(), [&](const Field& other) { return other.name == field.name; })) {
      keys.push_back(std::move(key.target));  // the later key of the name is grouped by, this one is not
      continue;
    }
    if (const auto origin = origin_of(key.value)) {
      // A column and its copy are one key: a multi-value is not paired with itself.
      const auto [first, is_new] = known_keys.emplace(*origin, key.target.id);
      if (!is_new) {
        keys.push_back({first->second, key.target.name, key.target.type});
        continue;
      }
    }
    keys.push_back(key.target);
    bound.keys.push_back(std::move(key));
  }
  for (const auto& key : keys) scope_.define(key);
  keys_ = &bound.keys;
  for (const auto& field : stats.aggregates) bound.aggregates.push_back(bind_aggregate(field, bound.keys));
  keys_ = nullptr;
  place_ = Place::row;
  if (stats.keeps_rows) {
    scope_ = before;
  } else {
    scope_.clear();
    open_ = false;
  }
  define_stats_columns(bound, keys, stats);
  step.node = std::move(bound);
}

/// The column that the value is, itself or as a copy.
std::optional<AttributeId> Binder::origin_of(const BoundPtr& value) const {
  if (!value || value->operation != Operation::attribute) return std::nullopt;
  const auto copy = copies_.find(value->attribute);
  return copy == copies_.end() ? value->attribute : copy->second;
}

BoundStats::Key Binder::bind_key(const Field& field) {
  place_ = Place::grouping;
  auto value = bind(*field.value);
  if (value && is_span(value->type)) {
    reporter_.error(codes::kColumnType, at(*field.value), "cannot group by a time span");
    value = nullptr;
  }
  Attribute target = new_attribute(field.name, value ? without_text(value->type) : LogicalType::null);
  return {std::move(target), std::move(value)};
}

/// BUCKET(field, buckets, from, to, {"include_empty_buckets": true}): the option becomes a fifth argument.
BoundPtr Binder::with_empty_buckets(const Expression& e, const FunctionCall& node, BoundPtr call) {
  bool included = false;
  for (const MapEntry& option : node.options) {
    const bool known = option.key == "include_empty_buckets" && option.nested.empty() && !option.list;
    const auto* truth = known ? std::get_if<bool>(&option.value.value) : nullptr;
    if (truth == nullptr) {
      reporter_.error(codes::kValue, at(e), "Invalid option [" + option.key + "] in [" + source_of(e) + "]",
                      "include_empty_buckets: true or false");
      return nullptr;
    }
    included = *truth;
  }
  if (!included) return call;
  if (call->operands.size() != 4) {
    reporter_.error(codes::kValue, at(e), "[" + source_of(e) + "]: empty buckets need the range that they are in");
    return nullptr;
  }
  auto option = make(e, Operation::constant, LogicalType::boolean);
  option->constant = {true};
  auto complete = std::make_shared<Bound>(*call);
  complete->operands.push_back(std::move(option));
  return complete;
}

BoundPtr Binder::bind_key_again(const Expression& e, const FunctionCall& node) {
  const Place outer = std::exchange(place_, Place::grouping);
  auto value = bind_node(e, node);
  place_ = outer;
  if (!value) return nullptr;
  for (const auto& key : *keys_) {
    if (!key.value || !is_same(*key.value, *value)) continue;
    auto bound = make(e, Operation::attribute, key.target.type);
    bound->attribute = key.target.id;
    return bound;
  }
  // Inside an aggregate it may also be a part of a key: it is worked out row by row.
  const bool inside = place_ == Place::inside_aggregate;
  if (inside &&
      std::ranges::any_of(*keys_, [&](const auto& key) { return key.value && contains(*key.value, *value); })) {
    return value;
  }
  reporter_.error(codes::kAggregation, at(e),
                  "cannot use grouping function [" + source_of(e) + "] outside of a STATS command's BY");
  return nullptr;
}

BoundStats::Aggregate Binder::bind_aggregate(const Field& field, const std::vector<BoundStats::Key>& keys) {
  place_ = Place::aggregates;
  BoundStats::Aggregate aggregate;
  aggregated_ = false;
  aggregate.value = bind(*field.value);
  if (field.filter) {
    place_ = Place::aggregate_filter;
    aggregate_ = source_of(*field.filter);
    searches_ = true;
    aggregate.filter = bind_condition(*field.filter);
    searches_ = false;
    if (aggregate.filter && aggregate.value && !aggregated_) {
      reporter_.error(codes::kAggregation, at(*field.filter),
                      "WHERE clause allowed only for aggregate functions, found [" + source_of(*field.value) + "]");
    }
  }
  if (aggregate.value && !check_aggregate(aggregate.value, field, keys)) aggregate.value = nullptr;
  aggregate.target =
      new_attribute(field.name, aggregate.value ? without_text(aggregate.value->type) : LogicalType::null);
  return aggregate;
}

bool Binder::check_aggregate(const BoundPtr& value, const Field& field, const std::vector<BoundStats::Key>& keys) {
  const LineColumn place = at(*field.value);
  if (const Bound* stray = stray_attribute(*value, keys)) {
    reporter_.error(
        codes::kAggregation, stray->at,
        "column [" + stray->source + "] must appear in the STATS BY clause or be used in an aggregate function");
    return false;
  }
  if (aggregated_) return true;
  if (value->operation == Operation::attribute) {
    reporter_.error(codes::kAggregation, place,
                    "grouping key [" + source_of(*field.value) + "] already specified in the STATS BY clause");
    return false;
  }
  if (!contains_attribute(*value)) {
    reporter_.error(codes::kAggregation, place,
                    "expected an aggregate function but found [" + source_of(*field.value) + "]");
    return false;
  }
  return true;
}

/// Aggregates first, then keys; of two columns of one name the last wins, and a key beats an aggregate.
void Binder::define_stats_columns(const BoundStats& bound, const std::vector<Attribute>& keys, const Stats& stats) {
  std::map<std::string, LineColumn, std::less<>> last;
  const bool failed = std::ranges::any_of(bound.aggregates, [](const auto& aggregate) { return !aggregate.value; });
  for (const auto& field : stats.aggregates) last[field.name] = lexer_.position(field.name_at);
  for (const auto& field : stats.keys) last[field.name] = lexer_.position(field.name_at);
  const auto define = [&](const Attribute& target, const Field& field) {
    const LineColumn place = lexer_.position(field.name_at);
    const LineColumn winner = last[field.name];
    if ((place.line != winner.line || place.column != winner.column) && !failed) {
      reporter_.warning(codes::kShadowed, place,
                        "Field '" + target.name + "' shadowed by field at line " + std::to_string(winner.line) + ":" +
                            std::to_string(winner.column));
    }
    scope_.define(target);
  };
  for (std::size_t i = 0; i < keys.size() + bound.aggregates.size(); ++i) {
    const bool key = i >= bound.aggregates.size();
    const std::size_t at = key ? i - bound.aggregates.size() : i;
    define(key ? keys[at] : bound.aggregates[at].target, key ? stats.keys[at] : stats.aggregates[at]);
  }
}

}  // namespace trailhound::esql
