// Statements: event queries, sequences and samples become queries and an operator.

#include <algorithm>
#include <utility>

#include "lang/eql/codes.h"
#include "lang/eql/eql.h"
#include "lang/eql/lowering_state.h"
#include "lang/eql/parser.h"

namespace trailhound::eql {
namespace {

constexpr std::string_view kEventTime = "@timestamp";
constexpr LineColumn kBeginning{1, 1};

bool is_optional(const std::vector<Key>& keys) {
  return std::ranges::any_of(keys, [](const Key& key) { return key.field.optional; });
}

/// Kinds of which equal values can be equal join keys.
bool are_joinable(Kind a, Kind b) {
  return a == b || a == Kind::null || b == Kind::null || a == Kind::open || b == Kind::open;
}

}  // namespace

std::optional<Lowered> Lowering::run(const Statement& statement) {
  const std::size_t errors_before = reporter_.errors();
  Lowered lowered;
  if (const auto* event = std::get_if<EventQuery>(&statement.query)) {
    lower_event(*event, lowered);
  } else {
    const auto& sequence = std::get<SequenceQuery>(statement.query);
    lower_sequence(sequence, lowered);
    if (sequence.sample && !statement.pipes.empty()) {
      error(codes::kNotSupported, statement.pipes.front().at, "a sample takes no pipes");
    }
  }
  if (reporter_.errors() > errors_before) return std::nullopt;
  for (const Pipe& pipe : statement.pipes) {
    reporter_.warning(codes::kWithoutEffect, pipe.at, pipe.name + " has no effect in a rule: every match counts");
  }
  return lowered;
}

void Lowering::lower_event(const EventQuery& query, Lowered& out) {
  plan::Query& event = out.queries.emplace_back();
  event.name = "event";
  event.filter = filter_expression(lower_filter(query.filter));
  out.op = plan::EachHit{};
}

void Lowering::lower_sequence(const SequenceQuery& query, Lowered& out) {
  check_sequence(query);
  plan::Sequence sequence;
  sequence.ordered = !query.sample;
  sequence.max_span = query.max_span;
  for (const Term& term : query.terms) {
    const auto number = static_cast<std::uint32_t>(out.queries.size());
    out.queries.push_back(lower_term(query, term, "stage" + std::to_string(number + 1)));
    const int runs = term.missing ? 1 : term.runs;  // no event once is no event n times
    for (int run = 0; run < runs; ++run) sequence.stages.push_back({number, term.missing});
  }
  if (query.until) {
    sequence.until = static_cast<std::uint32_t>(out.queries.size());
    out.queries.push_back(lower_term(query, *query.until, "until"));
  }
  check_keys(query, out.queries);
  out.op = std::move(sequence);
}

void Lowering::check_sequence(const SequenceQuery& query) {
  const auto missing = std::ranges::find_if(query.terms, [](const Term& term) { return term.missing; });
  if (missing != query.terms.end()) {
    if (!query.max_span) {
      error(codes::kSequence, missing->at, "a missing event needs a maxspan",
            "write with maxspan=5m before the first term");
    }
    if (std::ranges::all_of(query.terms, [](const Term& term) { return term.missing; })) {
      error(codes::kSequence, missing->at, "a sequence needs a term that is not a missing event");
    }
  }
  if (!query.sample && options_.timestamp_field != kEventTime) {
    error(codes::kNotSupported, query.at, "sequences are ordered by @timestamp, not by " + options_.timestamp_field);
  }
  if (!query.sample && !options_.tiebreaker_field.empty()) {
    reporter_.warning(codes::kWithoutEffect, query.at,
                      "the tiebreaker field has no effect: events of one time are ordered by their key");
  }
}

plan::Query Lowering::lower_term(const SequenceQuery& query, const Term& term, std::string name) {
  plan::Query out;
  out.name = std::move(name);
  const bool nulls = is_optional(query.keys) || is_optional(term.keys);
  out.missing = nulls ? plan::MissingKey::null_group : plan::MissingKey::drop;
  std::vector<plan::Expr> needed;
  const auto add = [&](const Key& key) {
    if (key.field.optional && !exists(key.field.name)) {
      out.key.push_back({key.field.name, plan::literal(Value(), event::LogicalType::null)});
      return;
    }
    const event::ColumnRef column = find_field(key.field, key.at);
    if (!column) return;
    out.key.push_back({key.field.name, plan::column(column, key.at)});
    if (nulls && !key.field.optional) needed.push_back(plan::make(plan::Present{plan::column(column, key.at)}));
  };
  std::ranges::for_each(query.keys, add);
  std::ranges::for_each(term.keys, add);
  out.filter = filter_expression(lower_filter(term.filter), std::move(needed));
  return out;
}

/// Keys are joined by position: what stands in one place must be of one kind.
void Lowering::check_keys(const SequenceQuery& query, const std::vector<plan::Query>& queries) {
  for (std::size_t i = 1; i < queries.size(); ++i) {
    const std::size_t count = std::min(queries[0].key.size(), queries[i].key.size());
    for (std::size_t part = query.keys.size(); part < count; ++part) {
      const plan::NamedExpr& first = queries[0].key[part];
      const plan::NamedExpr& other = queries[i].key[part];
      const Kind a = kind_of(first.expression->type);
      const Kind b = kind_of(other.expression->type);
      if (are_joinable(a, b)) continue;
      error(codes::kType, other.expression->at,
            "the join key " + other.name + " is " + std::string(name_of(b)) + ", " + first.name + " is " +
                std::string(name_of(a)));
    }
  }
}

Condition Lowering::lower_filter(const EventFilter& filter) {
  Condition condition = this->condition(*filter.condition);
  if (!filter.category) return condition;
  const event::ColumnRef column = find_field({options_.event_category_field, false}, filter.category_at);
  if (!column) return {};
  plan::Expr category = direct_compare(column, Comparison::Op::equal, Value(*filter.category), filter.category_at);
  if (!category || !condition.ok()) return {};
  if (condition.constant) {
    if (*condition.constant == Truth::yes) return {std::move(category), {}};
    return condition;
  }
  std::vector<plan::Expr> both;
  both.push_back(std::move(category));
  both.push_back(std::move(condition.expression));
  return {plan::all_of(std::move(both)), {}};
}

plan::Expr Lowering::filter_expression(Condition condition, std::vector<plan::Expr> more) {
  if (!condition.ok()) return nullptr;
  if (condition.constant) condition.expression = plan::constant(*condition.constant == Truth::yes);
  if (!more.empty()) {
    more.push_back(std::move(condition.expression));
    condition.expression = plan::all_of(std::move(more));
  }
  return plan::make(plan::IsTrue{std::move(condition.expression)});
}

std::optional<Lowered> lower(std::string_view text, const lang::Fields& fields, const Options& options,
                             lang::Reporter& reporter) {
  const std::optional<Statement> statement = parse(text, reporter);
  if (!statement) return std::nullopt;
  for (const std::string& field : {options.timestamp_field, options.tiebreaker_field}) {
    if (field.empty() || field == kEventTime) continue;
    if (const auto found = fields.find(field); !found) {
      reporter.error(codes::kUnknownField, kBeginning, found.error().what, found.error().hint);
      return std::nullopt;
    }
  }
  return Lowering(fields, options, reporter).run(*statement);
}

}  // namespace trailhound::eql
