#include "engine/compiled_rules.h"

#include <algorithm>
#include <bit>

#include "base/arena.h"
#include "engine/evaluator.h"
#include "engine/matcher.h"
#include "engine/simplify.h"

namespace trailhound::engine {
bool Predicate::is_narrow() const {
  constexpr auto bit = [](event::Hot column) { return 1u << static_cast<unsigned>(column); };
  constexpr std::uint32_t kNarrow = bit(event::Hot::event_source) | bit(event::Hot::event_name) |
                                    bit(event::Hot::error_code) | bit(event::Hot::identity_type) |
                                    bit(event::Hot::identity_arn) | bit(event::Hot::access_key_id);
  return !reads_rest && (hot_values & ~kNarrow) == 0;
}

/// 0 for what is kept by code (or, where facets are kept, only for what is narrow), then what a look at codes answers,
/// then what needs several values, then what reads the record.
int CompiledRules::cost(PredicateId id) const {
  const Predicate& predicate = predicates_[id];
  if (predicate.kind == Predicate::Kind::constant || (keeps_facets_ && predicate.is_narrow())) return 0;
  if (predicate.kind == Predicate::Kind::hot) return 1;
  return (keeps_facets_ ? predicate.reads_rest : predicate.reads_record) ? 3 : 2;
}

void CompiledRules::sort_by_cost() {
  const auto cheaper = [&](PredicateId a, PredicateId b) { return cost(a) < cost(b); };
  for (Predicate& predicate : predicates_) std::ranges::stable_sort(predicate.operands, cheaper);
  for (CompiledRule& rule : rules_) {
    for (CompiledQuery& query : rule.queries) {
      std::ranges::stable_sort(query.order, cheaper,
                               [&](std::uint32_t conjunct) { return query.conjuncts[conjunct].predicate; });
    }
  }
}

CompiledRules::CompiledRules(std::vector<rule::RuleRef> rules) {
  for (rule::RuleRef& rule : rules) {
    CompiledRule compiled;
    const std::size_t queries = std::min(rule->plan.queries.size(), kMaxQueries);
    for (std::size_t i = 0; i < queries; ++i) compiled.queries.push_back(compile_query(rule->plan.queries[i]));
    for (const rule::Attribute& attribute : rule->attributes) number_columns(attribute.expression);
    for (const rule::Attribute& carried : rule->carried) number_columns(carried.expression);
    compiled.rule = std::move(rule);
    rules_.push_back(std::move(compiled));
  }
  // Telling callers apart costs some percent of the reading; a handful of predicates costs less without it.
  constexpr std::ptrdiff_t kMany = 8;
  keeps_facets_ = std::ranges::count(predicates_, Predicate::Kind::facet, &Predicate::kind) >= kMany;
  sort_by_cost();
}

CompiledQuery CompiledRules::compile_query(const plan::Query& query) {
  CompiledQuery compiled;
  for (const plan::Expr& conjunct : plan::conjuncts_of(query.filter)) {
    compiled.conjuncts.push_back({intern(simplify(conjunct)), conjunct});
    compiled.order.push_back(static_cast<std::uint32_t>(compiled.order.size()));
  }
  for (const plan::NamedExpr& part : query.key) number_columns(part.expression);
  for (const plan::NamedExpr& argument : query.arguments) number_columns(argument.expression);
  return compiled;
}

PredicateId CompiledRules::intern(const plan::Expr& expression) {
  if (const auto found = interned_.find(expression); found != interned_.end()) return found->second;
  Predicate predicate;
  predicate.expression = expression;
  classify(predicate);
  if (predicate.kind == Predicate::Kind::record) take_apart(expression, predicate);
  predicates_.push_back(std::move(predicate));
  const auto id = static_cast<PredicateId>(predicates_.size() - 1);
  interned_.emplace(expression, id);
  return id;
}

void CompiledRules::classify(Predicate& predicate) {
  number_columns(predicate.expression);
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(predicate.expression, columns);
  for (const event::ColumnRef& column : columns) {
    if (column->is_settled()) continue;
    if (column->depends_on) {
      predicate.hot_values |= 1u << static_cast<unsigned>(*column->depends_on);
    } else {
      predicate.reads_record = true;
      if (column->facet) {
        predicate.facets |= 1u << static_cast<unsigned>(*column->facet);
      } else {
        predicate.reads_rest = true;
      }
    }
  }
  if (predicate.reads_record && predicate.hot_values == 0) note_absence(predicate, columns);
  if (!predicate.reads_rest && predicate.hot_values == 0 && std::popcount(predicate.facets) == 1) {
    predicate.kind = Predicate::Kind::facet;
    predicate.facet = static_cast<event::Facet>(std::countr_zero(predicate.facets));
  }
  if (predicate.reads_record || std::popcount(predicate.hot_values) > 1) return;
  if (predicate.hot_values == 0) {
    predicate.kind = Predicate::Kind::constant;
    Arena arena;
    EvaluationContext nothing{.arena = arena};
    predicate.constant = truth(predicate.expression, nothing);
  } else {
    predicate.kind = Predicate::Kind::hot;
    predicate.hot = static_cast<event::Hot>(std::countr_zero(predicate.hot_values));
  }
}

/// What the predicate says of a record that has nothing of what it reads, if that can be told by one look.
void CompiledRules::note_absence(Predicate& predicate, const std::vector<event::ColumnRef>& columns) {
  std::optional<event::Member> below;
  for (const event::ColumnRef& column : columns) {
    if (column->is_settled()) continue;
    if (!column->below || (below && below != column->below)) return;
    below = column->below;
  }
  Arena arena;
  EvaluationContext nothing{.arena = arena};  // without a record every other column is absent
  predicate.if_absent = truth(predicate.expression, nothing);
  if (nothing.warnings == 0) predicate.below = below;
}

void CompiledRules::take_apart(const plan::Expr& expression, Predicate& predicate) {
  const auto intern_all = [&](const std::vector<plan::Expr>& operands) {
    for (const plan::Expr& operand : operands) predicate.operands.push_back(intern(operand));
  };
  if (const auto* conjunction = std::get_if<plan::And>(&expression->node)) {
    predicate.kind = Predicate::Kind::all;
    intern_all(conjunction->operands);
  } else if (const auto* disjunction = std::get_if<plan::Or>(&expression->node)) {
    predicate.kind = Predicate::Kind::any;
    intern_all(disjunction->operands);
  } else if (const auto* negation = std::get_if<plan::Not>(&expression->node)) {
    predicate.kind = Predicate::Kind::negation;
    intern_all({negation->operand});
  } else if (const auto* is_true = std::get_if<plan::IsTrue>(&expression->node)) {
    predicate.kind = Predicate::Kind::is_true;
    intern_all({is_true->operand});
  }
}

void CompiledRules::number_columns(const plan::Expr& expression) {
  std::vector<event::ColumnRef> columns;
  plan::collect_columns(expression, columns);
  for (const event::ColumnRef& column : columns) {
    columns_.try_emplace(column.get(), static_cast<std::uint32_t>(columns_.size()));
  }
}

std::shared_ptr<const CompiledRules> compile(std::vector<rule::RuleRef> rules) {
  return std::make_shared<const CompiledRules>(std::move(rules));
}

}  // namespace trailhound::engine
