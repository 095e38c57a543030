#include "random_rules.h"

#include <algorithm>

namespace trailhound::engine::test {
namespace {

using event::Facet;
using event::Hot;
using plan::Expr;
using plan::make;

}  // namespace

RandomRules::RandomRules(FakeBatch& events, std::uint32_t seed) : random_(seed) {
  source_ = FakeBatch::hot_column(Hot::event_source);
  name_ = FakeBatch::hot_column(Hot::event_name);
  columns_ = {source_,
              name_,
              FakeBatch::lengths_of_hot_column(Hot::event_name),
              FakeBatch::hot_column(Hot::error_code),
              FakeBatch::lengths_of_hot_column(Hot::error_code),
              FakeBatch::hot_column(Hot::identity_arn),
              FakeBatch::hot_column(Hot::source_ip)};
  for (std::size_t i = 0; i < FakeBatch::kColdColumns; ++i) columns_.push_back(events.cold_column(i));
  for (const Facet facet : {Facet::caller, Facet::error}) {
    columns_.insert(columns_.end(), 2, events.facet_column(facet));
  }
  columns_.insert(columns_.end(), 2, events.caller_and_column());
}

Value RandomRules::value() {
  static const std::vector<Value> kValues = {std::string("a"),
                                             std::string("b"),
                                             std::string("ab"),
                                             std::string("A"),
                                             std::string(""),
                                             std::string("1"),
                                             std::int64_t{1},
                                             std::int64_t{2},
                                             1.0,
                                             1.5,
                                             true,
                                             false,
                                             *parse_ip("10.0.0.1"),
                                             std::string("10.0.0.1")};
  return kValues[one_in(2) ? below(4) : below(kValues.size())];  // mostly texts
}

OwnedCell RandomRules::cell(bool plain) {
  static const std::vector<Cell::State> kOthers = {Cell::State::absent, Cell::State::null, Cell::State::empty,
                                                   Cell::State::object};
  if (!plain && one_in(4)) return {kOthers[below(kOthers.size())], {}};
  OwnedCell cell{Cell::State::values, {value()}};
  while (!plain && one_in(4)) cell.values.push_back(value());
  return cell;
}

FakeBatch::Row RandomRules::row() {
  FakeBatch::Row row;
  for (OwnedCell& hot : row.hot) hot = cell(one_in(2));
  for (OwnedCell& cold : row.cold) cold = cell(one_in(3));
  // Services and calls are mostly what they are in CloudTrail: one text each, many of them.
  if (!one_in(8)) row.hot[0] = {Cell::State::values, {std::string(1, static_cast<char>('a' + below(3)))}};
  if (!one_in(8)) row.hot[1] = {Cell::State::values, {std::string(1 + below(3), static_cast<char>('a' + below(3)))}};
  add_facets(row);
  return row;
}

void RandomRules::add_facets(FakeBatch::Row& row) {
  static const std::array<std::vector<Hot>, event::kFacetCount> kHot = {
      {{Hot::identity_type, Hot::identity_arn, Hot::access_key_id}, {Hot::error_code}}};
  for (std::size_t facet = 0; facet < event::kFacetCount; ++facet) {
    row.facets[facet] = static_cast<std::uint32_t>(below(4));  // 0: nothing is known
    if (row.facets[facet] == 0) {
      row.of_facet[facet] = cell(false);
      continue;
    }
    const auto [found, is_new] = facets_[facet].try_emplace(row.facets[facet]);
    OfCode& of_code = found->second;
    if (is_new) {
      of_code.cell = cell(false);
      for (std::size_t i = 0; i < kHot[facet].size(); ++i) of_code.hot.push_back(cell(one_in(2)));
    }
    row.of_facet[facet] = of_code.cell;
    for (std::size_t i = 0; i < kHot[facet].size(); ++i) {
      row.hot[static_cast<std::size_t>(kHot[facet][i])] = of_code.hot[i];
    }
  }
}

Expr RandomRules::column() { return plan::column(columns_[below(columns_.size())]); }

Expr RandomRules::test_of(const Expr& scalar) {
  const auto literal = [&] { return make(plan::Literal{{value()}}); };
  switch (below(6)) {
    case 0:
    case 1:
      return make(plan::Compare{static_cast<plan::ComparisonOp>(below(6)), static_cast<plan::Domain>(below(5)), scalar,
                                one_in(4) ? make(plan::Single{column()}) : literal()});
    case 2: {
      Values values = {value(), value(), value()};
      const auto less = [](const Value& a, const Value& b) { return compare_values(a, b) < 0; };
      std::sort(values.begin(), values.end(), less);
      values.erase(std::unique(values.begin(), values.end()), values.end());
      return make(plan::OneOf{scalar, static_cast<plan::Domain>(below(5)), std::move(values), one_in(4)});
    }
    case 3:
      return make(plan::Match{
          scalar, plan::Pattern({{plan::Pattern::Piece::Kind::literal, "a"}, {plan::Pattern::Piece::Kind::any_run, ""}},
                                one_in(2) ? plan::Pattern::Fold::none : plan::Pattern::Fold::ascii)});
    case 4:
      return make(plan::InNetwork{scalar, {*parse_cidr("10.0.0.0/8")}});
    default:
      return make(plan::Call{plan::Function::contains, {scalar, literal()}});
  }
}

Expr RandomRules::leaf() {
  switch (below(5)) {
    case 0:
      return make(plan::Present{column(), static_cast<plan::Present::Need>(below(3))});
    case 1:
      return test_of(make(plan::Single{column()}));
    case 2:
      return test_of(column());
    default: {
      const Expr element = make(plan::Variable{0});
      return make(
          plan::Exists{column(), one_in(3) ? make(plan::Or{{test_of(element), test_of(element)}}) : test_of(element)});
    }
  }
}

Expr RandomRules::condition(int depth) {
  if (depth == 0 || one_in(3)) return one_in(20) ? plan::constant(one_in(2)) : leaf();
  switch (below(4)) {
    case 0:
      return make(plan::Not{condition(depth - 1)});
    case 1:
      return make(plan::IsTrue{condition(depth - 1)});
    case 2:
      return make(plan::And{{condition(depth - 1), condition(depth - 1)}});
    default:
      return make(plan::Or{{condition(depth - 1), condition(depth - 1), condition(depth - 1)}});
  }
}

/// A condition on the service or the call alone, as most rules have one.
Expr RandomRules::routed() {
  const auto is = [&](const event::ColumnRef& column, std::string text) {
    return make(plan::Exists{plan::column(column),
                             make(plan::Compare{plan::ComparisonOp::equal, plan::Domain::native,
                                                make(plan::Variable{0}), make(plan::Literal{{std::move(text)}})})});
  };
  const std::string letter(1, static_cast<char>('a' + below(3)));
  if (one_in(3)) return is(source_, letter);
  return make(plan::Or{{is(name_, letter), is(name_, letter + letter)}});
}

plan::Query RandomRules::query(std::size_t key_parts) {
  plan::Query query;
  query.name = "q";
  std::vector<Expr> conjuncts;
  if (!one_in(3)) conjuncts.push_back(routed());
  const std::size_t more = below(3) + (conjuncts.empty() ? 1 : 0);
  for (std::size_t i = 0; i < more; ++i) conjuncts.push_back(condition(3));
  std::shuffle(conjuncts.begin(), conjuncts.end(), random_);
  query.filter = make(plan::IsTrue{conjuncts.size() == 1 ? conjuncts[0] : make(plan::And{conjuncts})});
  for (std::size_t i = 0; i < key_parts; ++i) query.key.push_back({"k", column()});
  query.missing = static_cast<plan::MissingKey>(below(3));
  for (std::size_t i = below(3); i > 0; --i) query.arguments.push_back({"a", column()});
  return query;
}

rule::RuleRef RandomRules::rule() {
  auto rule = std::make_shared<rule::Rule>();
  const std::size_t key_parts = below(3);
  for (std::size_t i = 1 + below(3); i > 0; --i) {
    plan::Query query = this->query(one_in(8) ? below(3) : key_parts);
    // Queries of one rule mostly share their key: then they meet in one hit.
    if (!rule->plan.queries.empty() && !one_in(4)) {
      query.key = rule->plan.queries[0].key;
      query.missing = rule->plan.queries[0].missing;
    }
    rule->plan.queries.push_back(std::move(query));
  }
  for (std::size_t i = below(3); i > 0; --i) rule->attributes.push_back({"@a", column()});
  return rule;
}

}  // namespace trailhound::engine::test
