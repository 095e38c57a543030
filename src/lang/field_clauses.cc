#include "lang/field_clauses.h"

#include <algorithm>
#include <utility>

#include "lang/query_codes.h"

namespace trailhound::lang {

namespace {

using plan::ComparisonOp;
using plan::LogicalType;
using plan::Pattern;
using Piece = Pattern::Piece;

/// A query over other data names many unknown fields; a few tell enough.
constexpr std::size_t kMaxUnknownFields = 20;

}  // namespace

FieldClauses::Target FieldClauses::target_of(event::ColumnRef column, LineColumn at) const {
  Target target{std::move(column), Kind::other, false, at};
  switch (target.column->type) {
    case LogicalType::keyword:
      target.kind = Kind::keyword;
      break;
    case LogicalType::text:
      target.kind = Kind::text;
      break;
    case LogicalType::boolean:
      target.kind = Kind::boolean;
      break;
    case LogicalType::integer:
    case LogicalType::long_integer:
    case LogicalType::unsigned_long:
    case LogicalType::real:
      target.kind = Kind::number;
      break;
    case LogicalType::ip:
      target.kind = Kind::ip;
      break;
    case LogicalType::date:
      target.kind = Kind::date;
      break;
    case LogicalType::any: {
      const auto names = fields_.names();
      target.kind =
          std::ranges::binary_search(names, std::string_view(target.column->name)) ? Kind::flattened : Kind::leaf;
      break;
    }
    default:
      break;
  }
  return target;
}

void FieldClauses::warn_unknown(const std::string& name, LineColumn at, const std::string& hint) {
  if (warned_.size() >= kMaxUnknownFields || !warned_.insert(name).second) return;
  reporter_.warning(query_codes::kUnknownField, at, "there is no field " + name + ": the clause never matches", hint);
}

std::vector<FieldClauses::Target> FieldClauses::resolve(const QueryValue& name) {
  auto [known, is_new] = resolved_.try_emplace({name.text(), name.has_wildcard()});
  if (is_new) known->second = look_up(name);
  std::vector<Target> targets = known->second;
  for (Target& target : targets) target.at = name.at;
  return targets;
}

std::vector<FieldClauses::Target> FieldClauses::look_up(const QueryValue& name) {
  std::vector<Target> targets;
  if (!name.has_wildcard()) {
    const std::string text = name.text();
    auto column = fields_.find(text);
    if (column) {
      targets.push_back(target_of(*std::move(column), name.at));
    } else {
      warn_unknown(text, name.at, column.error().hint);
    }
    return targets;
  }
  const Pattern pattern(name.pieces, Pattern::Fold::none);
  bool any = false;
  for (const std::string_view known : fields_.names()) {
    if (!pattern.matches(known)) continue;
    any = true;
    auto column = fields_.find(known);
    if (!column || (*column)->always_absent) continue;
    Target& target = targets.emplace_back(target_of(*std::move(column), name.at));
    target.lenient = true;
  }
  if (!any) warn_unknown(name.text(), name.at, "the wildcard stands for no field that is known");
  return targets;
}

bool FieldClauses::has_field_below(std::string_view path) const {
  const std::string below = std::string(path) + ".";
  return std::ranges::any_of(fields_.names(),
                             [&](std::string_view name) { return name == path || name.starts_with(below); });
}

template <class Make>
Clause FieldClauses::for_each_target(const QueryValue& name, const Make& make) {
  std::vector<Clause> clauses;
  for (const Target& target : resolve(name)) clauses.push_back(make(target));
  if (clauses.empty()) return never(name.at);
  return any_of_clauses(std::move(clauses));
}

template <class Make>
Clause FieldClauses::for_all_fields(const Make& make) {
  QueryValue every;
  every.pieces.push_back({Piece::Kind::any_run, {}});
  return for_each_target(every, make);
}

Clause FieldClauses::value(const QueryValue& name, const QueryValue& value) {
  if (name.is_star() && value.is_star()) return whole_clause(plan::constant(true));
  return for_each_target(name, [&](const Target& target) { return value_of(target, value); });
}

Clause FieldClauses::exists(const QueryValue& name) {
  return for_each_target(name, [&](const Target& target) { return present(target); });
}

Clause FieldClauses::compare(const QueryValue& name, ComparisonOp op, const QueryValue& bound) {
  Bounds bounds;
  bounds.at = bound.at;
  const bool below = op == ComparisonOp::less || op == ComparisonOp::less_equal;
  (below ? bounds.high : bounds.low) = bound;
  bounds.includes_high = op == ComparisonOp::less_equal;
  bounds.includes_low = op == ComparisonOp::greater_equal;
  return range(name, bounds);
}

Clause FieldClauses::range(const QueryValue& name, const Bounds& bounds) {
  return for_each_target(name, [&](const Target& target) { return range_of(target, bounds); });
}

Clause FieldClauses::regular(const QueryValue& name, const std::string& expression, LineColumn at) {
  return for_each_target(name, [&](const Target& target) { return regular_of(target, expression, at); });
}

Clause FieldClauses::anywhere(const QueryValue& value) {
  if (value.is_star()) return whole_clause(plan::constant(true));
  if (!value.has_wildcard()) return for_all_fields([&](const Target& target) { return value_of(target, value); });
  std::vector<Clause> clauses;
  for (const QueryValue& word : split_words(value)) {
    clauses.push_back(for_all_fields([&](const Target& target) { return value_of(target, word); }));
  }
  return any_of_clauses(std::move(clauses));
}

Clause FieldClauses::regular_anywhere(const std::string& expression, LineColumn at) {
  return for_all_fields([&](const Target& target) { return regular_of(target, expression, at); });
}

Clause FieldClauses::fuzzy(const QueryValue& name, const QueryValue& word, int edits) {
  return for_each_target(name, [&](const Target& target) { return fuzzy_of(target, word, edits); });
}

Clause FieldClauses::fuzzy_anywhere(const QueryValue& word, int edits) {
  return for_all_fields([&](const Target& target) { return fuzzy_of(target, word, edits); });
}

Clause FieldClauses::near(const QueryValue& name, const QueryValue& phrase, int slop) {
  return for_each_target(name, [&](const Target& target) { return near_of(target, phrase, slop); });
}

Clause FieldClauses::near_anywhere(const QueryValue& phrase, int slop) {
  return for_all_fields([&](const Target& target) { return near_of(target, phrase, slop); });
}

}  // namespace trailhound::lang
