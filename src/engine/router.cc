#include "engine/router.h"

#include <utility>

namespace trailhound::engine {
namespace {

constexpr std::uint32_t bit(event::Hot column) { return 1u << static_cast<unsigned>(column); }
constexpr std::uint32_t kKnown = bit(event::Hot::event_source) | bit(event::Hot::event_name);

}  // namespace

void Router::reset() {
  by_pair_.clear();
  distinct_.clear();
}

const Route* Router::find(const Dictionaries& dictionaries, std::uint32_t source_code, std::uint32_t name_code) {
  const std::uint64_t pair = std::uint64_t{source_code} << 32 | name_code;
  if (const auto found = by_pair_.find(pair); found != by_pair_.end()) return found->second;
  if (by_pair_.size() >= kMaxPairs) reset();
  constexpr auto kSource = static_cast<std::size_t>(event::Hot::event_source);
  constexpr auto kName = static_cast<std::size_t>(event::Hot::event_name);
  Known known{source_code, name_code};
  known.cells[kSource] = &dictionaries[kSource].cell(source_code);
  known.cells[kName] = &dictionaries[kName].cell(name_code);
  const Route* route = make(known);
  by_pair_.emplace(pair, route);
  return route;
}

const Route* Router::make(const Known& known) {
  ++pair_number_;
  evaluated_.resize(rules_.predicates().size());
  Route route;
  for (std::uint32_t rule = 0; rule < rules_.rules().size(); ++rule) {
    const auto queries = static_cast<std::uint32_t>(rules_.rules()[rule].queries.size());
    for (std::uint32_t query = 0; query < queries; ++query) add_candidate(route, rule, query, known);
  }
  return route.candidates.empty() ? nullptr : share(std::move(route));
}

void Router::add_candidate(Route& route, std::uint32_t rule, std::uint32_t query, const Known& known) {
  const CompiledQuery& compiled = rules_.rules()[rule].queries[query];
  const std::size_t first = route.checks.size();
  for (const std::uint32_t conjunct : compiled.order) {
    const PredicateId predicate = compiled.conjuncts[conjunct].predicate;
    const TruthSet set = possible(predicate, known);
    if (!set.holds(Truth::yes)) {
      route.checks.resize(first);
      return;
    }
    if (!set.is_exactly(Truth::yes)) route.checks.push_back({predicate, conjunct});
  }
  route.candidates.push_back(
      {rule, query, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(route.checks.size())});
}

TruthSet Router::possible(PredicateId id, const Known& known) {
  if (evaluated_[id].pair != pair_number_) {
    const TruthSet set = possible_afresh(rules_.predicates()[id], id, known);
    evaluated_[id] = {pair_number_, set};
  }
  return evaluated_[id].set;
}

TruthSet Router::possible_afresh(const Predicate& predicate, PredicateId id, const Known& known) {
  if (predicate.kind == Predicate::Kind::constant) return TruthSet(predicate.constant);
  if (!predicate.reads_record && (predicate.hot_values & ~kKnown) == 0) {
    if (predicate.kind != Predicate::Kind::hot) return TruthSet(truths_.of_hot_cells(id, known.cells));
    const bool of_source = predicate.hot == event::Hot::event_source;
    return TruthSet(truths_.of_code(id, of_source ? known.source_code : known.name_code));
  }
  TruthSet set;
  switch (predicate.kind) {
    case Predicate::Kind::all:
      set = TruthSet(Truth::yes);
      for (const PredicateId operand : predicate.operands) set = set & possible(operand, known);
      return set;
    case Predicate::Kind::any:
      set = TruthSet(Truth::no);
      for (const PredicateId operand : predicate.operands) set = set | possible(operand, known);
      return set;
    case Predicate::Kind::negation:
      return !possible(predicate.operands[0], known);
    case Predicate::Kind::is_true:
      return is_true(possible(predicate.operands[0], known));
    default:
      return TruthSet::all();
  }
}

const Route* Router::share(Route route) {
  std::string content = std::to_string(route.candidates.size()) + ":";
  append_bytes(content, route.candidates);
  append_bytes(content, route.checks);
  auto& place = distinct_[std::move(content)];
  if (place == nullptr) place = std::make_unique<const Route>(std::move(route));
  return place.get();
}

}  // namespace trailhound::engine
