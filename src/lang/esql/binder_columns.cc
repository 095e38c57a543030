// DISSECT, GROK, LOOKUP JOIN, ENRICH: commands that add columns.

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"

namespace trailhound::esql {
namespace {

/// Whether values of the two types can be equal.
bool can_match(LogicalType a, LogicalType b) {
  if (a == b || a == LogicalType::null || b == LogicalType::null) return true;
  if (is_string(a) && is_string(b)) return true;
  // An address and its text: a file does not say which one it means.
  if ((is_string(a) && b == LogicalType::ip) || (a == LogicalType::ip && is_string(b))) return true;
  const bool numbers = is_numeric(a) && is_numeric(b);
  return numbers && a != LogicalType::unsigned_long && b != LogicalType::unsigned_long;
}

/// The conditions of ON, those joined by AND one by one.
std::vector<const Expression*> parts_of(const std::vector<ExpressionPtr>& conditions) {
  std::vector<const Expression*> parts;
  for (const auto& condition : conditions) {
    if (const auto* all = std::get_if<LogicalAnd>(&condition->node)) {
      for (const auto& operand : all->operands) parts.push_back(operand.get());
    } else {
      parts.push_back(condition.get());
    }
  }
  return parts;
}

}  // namespace

// ---- DISSECT, GROK --------------------------------------------------------------------------------------------------

void Binder::bind_dissect(const Dissect& dissect, BoundStep& step) {
  auto input = bind(*dissect.input);
  std::string separator;
  for (const auto& [name, value] : dissect.options) {
    const auto* text = std::get_if<std::string>(&value.value);
    if (lower_ascii(name.text) != "append_separator") {
      reporter_.error(codes::kValue, lexer_.position(name.begin), "Invalid option for dissect: [" + name.text + "]",
                      "the only option is APPEND_SEPARATOR");
    } else if (!text) {
      reporter_.error(codes::kValue, lexer_.position(name.begin),
                      "Invalid value for dissect append_separator: a string is expected");
    } else {
      separator = *text;
    }
  }
  auto extraction = plan::dissect_extraction(dissect.pattern, separator);
  if (!extraction) {
    reporter_.error(codes::kPattern, lexer_.position(dissect.pattern_at),
                    "Invalid pattern for dissect: [" + dissect.pattern + "]: " + extraction.error().what,
                    extraction.error().hint);
    return;
  }
  bind_extraction(std::move(input), *dissect.input, "Dissect", *std::move(extraction), step);
}

void Binder::bind_grok(const Grok& grok, BoundStep& step) {
  auto input = bind(*grok.input);
  auto extraction = plan::grok_extraction(grok.patterns);
  if (!extraction) {
    reporter_.error(codes::kPattern, lexer_.position(grok.patterns_at.front()),
                    "Invalid grok pattern [" + grok.patterns.front() + "]: " + extraction.error().what,
                    extraction.error().hint);
    return;
  }
  bind_extraction(std::move(input), *grok.input, "Grok", *std::move(extraction), step);
}

void Binder::bind_extraction(BoundPtr input, const Expression& place, const char* command, plan::Extraction extraction,
                             BoundStep& step) {
  if (input && !is_string(input->type) && input->type != LogicalType::null) {
    reporter_.error(codes::kArgumentType, at(place),
                    std::string(command) + " only supports KEYWORD or TEXT values, found expression [" +
                        source_of(place) + "] type [" + upper_name(input->type) + "]");
    input = nullptr;
  }
  BoundExtract bound;
  for (const auto& output : extraction.outputs) {
    Attribute target = new_attribute(output.name, output.type);
    scope_.define(target);
    bound.targets.push_back(std::move(target));
  }
  bound.input = std::move(input);
  bound.extraction = std::move(extraction);
  step.node = std::move(bound);
}

// ---- LOOKUP JOIN, ENRICH --------------------------------------------------------------------------------------------

bool Binder::add_join_key(BoundJoin& join, BoundPtr key, const std::string& table_column, LineColumn place) {
  const auto& columns = join.table->columns;
  const auto found = std::ranges::find(columns, table_column, &plan::TableColumn::name);
  if (found == columns.end()) {
    reporter_.error(codes::kUnknownColumn, place,
                    "Unknown column [" + table_column + "] in the lookup table [" + join.table->name + "]");
    return false;
  }
  if (!key) return false;
  if (!can_match(key->type, found->type)) {
    reporter_.error(codes::kOperandTypes, place,
                    "JOIN left field [" + key->source + "] of type [" + std::string(name_of(key->type)) +
                        "] is incompatible with right field [" + table_column + "] of type [" +
                        std::string(name_of(found->type)) + "]");
    return false;
  }
  join.keys.push_back(std::move(key));
  join.table_keys.push_back(static_cast<std::uint32_t>(found - columns.begin()));
  return true;
}

void Binder::bind_lookup_join(const LookupJoin& join, BoundStep& step) {
  auto table = schema_.lookup(join.index);
  if (!table) {
    reporter_.error(codes::kUnknownTable, step.at, table.error().what, table.error().hint);
    return;
  }
  BoundJoin bound;
  bound.table = *std::move(table);
  const auto in_table = [&](const ColumnName* name) {
    return name &&
           std::ranges::find(bound.table->columns, name->name, &plan::TableColumn::name) != bound.table->columns.end();
  };
  std::vector<const Expression*> rest;
  for (const Expression* condition : parts_of(join.conditions)) {
    if (const auto* same = std::get_if<ColumnName>(&condition->node)) {
      (void)add_join_key(bound, bind(*condition), same->name, at(*condition));
      continue;
    }
    // left == right, where one side is a column of the table, is a key; all else is tried on each match.
    const auto* equality = std::get_if<Binary>(&condition->node);
    if (!equality || equality->op != BinaryOperator::equal) {
      rest.push_back(condition);
      continue;
    }
    const Expression* left = equality->left.get();
    const Expression* right = equality->right.get();
    if (!in_table(std::get_if<ColumnName>(&right->node))) std::swap(left, right);
    const auto* key = std::get_if<ColumnName>(&right->node);
    const auto* own = std::get_if<ColumnName>(&left->node);
    if (!in_table(key) || (own && in_table(own) && !scope_.find(own->name))) {
      rest.push_back(condition);
      continue;
    }
    (void)add_join_key(bound, bind(*left), key->name, at(*right));
  }
  for (std::uint32_t i = 0; i < bound.table->columns.size(); ++i) {
    const auto& column = bound.table->columns[i];
    // Keys of one name stay as they are on the left.
    if (std::ranges::find(bound.table_keys, i) != bound.table_keys.end() && scope_.find(column.name)) continue;
    Attribute target = new_attribute(column.name, column.type);
    scope_.define(target);
    bound.targets.push_back(std::move(target));
    bound.columns.push_back(i);
  }
  bind_join_conditions(bound, rest);
  step.node = std::move(bound);
}

/// Conditions that see both sides: the row and the columns that a match would add.
void Binder::bind_join_conditions(BoundJoin& join, const std::vector<const Expression*>& conditions) {
  for (const Expression* condition : conditions) {
    auto next = bind_condition(*condition);
    if (!next) continue;
    if (join.condition) {
      auto both = make(*condition, Operation::logical_and, LogicalType::boolean);
      both->operands = {join.condition, std::move(next)};
      next = std::move(both);
    }
    join.condition = std::move(next);
  }
}

void Binder::bind_enrich(const Enrich& enrich, BoundStep& step) {
  // A prefix such as _coordinator: says where a cluster does the work.
  const std::string policy = enrich.policy.substr(enrich.policy.find(':') + 1);
  auto table = schema_.lookup(policy);
  if (!table || (*table)->columns.empty()) {
    reporter_.error(codes::kUnknownTable, step.at, "cannot find enrich policy [" + policy + "]",
                    table ? "" : table.error().hint);
    return;
  }
  BoundJoin bound;
  bound.table = *std::move(table);
  bound.gather = true;
  const auto& columns = bound.table->columns;
  // The policy's match field is the first column, or the one of the name given.
  std::string match_field = columns.front().name;
  const std::string own = enrich.match.empty() ? match_field : enrich.match.front().text();
  const std::size_t begin = enrich.match.empty() ? 0 : enrich.match.front().begin;
  if (std::ranges::find(columns, own, &plan::TableColumn::name) != columns.end()) match_field = own;
  BoundPtr key;
  if (const auto* attribute = resolve(own, begin)) {
    auto reference = std::make_shared<Bound>();
    reference->operation = Operation::attribute;
    reference->attribute = attribute->id;
    reference->type = attribute->type;
    reference->at = enrich.match.empty() ? step.at : lexer_.position(begin);
    reference->source = own;
    key = std::move(reference);
  }
  (void)add_join_key(bound, std::move(key), match_field, step.at);
  const auto add = [&](std::uint32_t column, std::string name) {
    Attribute target = new_attribute(std::move(name), columns[column].type);
    scope_.define(target);
    bound.targets.push_back(std::move(target));
    bound.columns.push_back(column);
  };
  for (const auto& field : enrich.fields) {
    const auto found = std::ranges::find(columns, field.from.text(), &plan::TableColumn::name);
    if (found == columns.end()) {
      reporter_.error(codes::kUnknownColumn, lexer_.position(field.from.begin),
                      "Enrich field [" + field.from.text() + "] not found in enrich policy [" + policy + "]");
      continue;
    }
    add(static_cast<std::uint32_t>(found - columns.begin()), field.to.text());
  }
  if (enrich.fields.empty()) {
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name != match_field) add(i, columns[i].name);
    }
  }
  step.node = std::move(bound);
}

}  // namespace trailhound::esql
