#include "engine/matcher.h"

#include <algorithm>
#include <utility>

#include "engine/compiled_rules.h"
#include "engine/hit_builder.h"
#include "engine/narrower.h"
#include "engine/predicate_truths.h"
#include "engine/router.h"

namespace trailhound::engine {
namespace {

using event::CellDictionary;
using event::Hot;

/// Whether any distinct value that the records held satisfies a hot predicate. Codes are looked at once; those that all
/// dictionaries begin with count only if a record had them.
class Satisfied {
 public:
  explicit Satisfied(const CompiledRules& rules) : rules_(rules), states_(rules.predicates().size()) {
    for (const CompiledRule& rule : rules.rules()) {
      for (const CompiledQuery& query : rule.queries) {
        for (const auto& conjunct : query.conjuncts) watch(conjunct.predicate);
      }
    }
  }

  /// Codes of these columns (bit i: column i) mean something new.
  void forget(std::uint32_t columns) {
    for (const PredicateId id : watched_) {
      if ((columns >> column_of(id) & 1u) != 0) states_[id].next_code = kFirstOwnCode;
    }
  }
  void note_reserved(const event::Batch& batch) {
    for (std::size_t column = 0; column < event::kHotCount; ++column) {
      if ((columns_ >> column & 1u) == 0 || reserved_[column] == kAllReserved) continue;
      std::uint32_t seen = 0;
      for (const std::uint32_t code : batch.hot[column]) seen |= code < kFirstOwnCode ? 1u << code : 0u;
      reserved_[column] |= seen;
    }
  }
  void harvest(const Dictionaries& dictionaries, PredicateTruths& truths) {
    for (const PredicateId id : watched_) {
      State& state = states_[id];
      const std::size_t column = column_of(id);
      const auto size = static_cast<std::uint32_t>(dictionaries[column].size());
      for (std::uint32_t code = 0; code < kFirstOwnCode && !state.satisfied; ++code) {
        state.satisfied = (reserved_[column] >> code & 1u) != 0 && truths.of_code(id, code) == Truth::yes;
      }
      for (; state.next_code < size && !state.satisfied; ++state.next_code) {
        state.satisfied = truths.of_code(id, state.next_code) == Truth::yes;
      }
    }
  }
  [[nodiscard]] bool by_any(PredicateId id) const { return states_[id].satisfied; }

 private:
  static constexpr std::uint32_t kFirstOwnCode = CellDictionary::kObject + 1;
  static constexpr std::uint32_t kAllReserved = (1u << kFirstOwnCode) - 1;
  struct State {
    bool watched = false;
    bool satisfied = false;
    std::uint32_t next_code = kFirstOwnCode;
  };

  void watch(PredicateId id) {
    if (rules_.predicates()[id].kind != Predicate::Kind::hot || std::exchange(states_[id].watched, true)) return;
    watched_.push_back(id);
    columns_ |= 1u << column_of(id);
  }
  [[nodiscard]] std::size_t column_of(PredicateId id) const {
    return static_cast<std::size_t>(rules_.predicates()[id].hot);
  }

  const CompiledRules& rules_;
  std::vector<State> states_;  // by predicate
  std::vector<PredicateId> watched_;
  std::uint32_t columns_ = 0;  // that watched predicates read
  std::array<std::uint32_t, event::kHotCount> reserved_{};
};

std::vector<std::vector<QueryReach>> empty_reach(const CompiledRules& rules) {
  std::vector<std::vector<QueryReach>> reach;
  for (const CompiledRule& rule : rules.rules()) {
    auto& queries = reach.emplace_back();
    for (const CompiledQuery& query : rule.queries) {
      auto& conjuncts = queries.emplace_back().conjuncts;
      for (const auto& conjunct : query.conjuncts) {
        conjuncts.push_back({.expression = conjunct.expression,
                             .over_hot = rules.predicates()[conjunct.predicate].kind == Predicate::Kind::hot});
      }
    }
  }
  return reach;
}

}  // namespace

struct Matcher::Impl {
  explicit Impl(std::shared_ptr<const CompiledRules> compiled)
      : rules(std::move(compiled)),
        truths(*rules),
        router(*rules, truths),
        narrower(*rules, truths),
        builder(*rules),
        satisfied(*rules),
        reach(empty_reach(*rules)),
        warnings(rules->rules().size()),
        capped(rules->rules().size()) {}

  void use(const event::Batch& batch);
  void settle();
  void route_record(const event::Record& record, const Route& route, HitSink& sink);
  void match_record(const event::Record& record, const Route& route, HitSink& sink);
  void match_narrowed(const event::Record& record, Narrower::Entry& entry, HitSink& sink);
  /// Begins a record in `truths`, once.
  void begin(const event::Record& record) {
    if (!std::exchange(begun, true)) truths.begin(record);
  }
  bool passes(const Route& route, const Route::Candidate& candidate);
  HitBuilder::Wanted finish_rule(const event::Record& record, std::uint32_t rule, HitSink& sink,
                                 OfferMemo::Last* last_offer);
  void harvest() {
    settle();
    if (dictionaries != nullptr) satisfied.harvest(*dictionaries, truths);
  }

  std::shared_ptr<const CompiledRules> rules;
  PredicateTruths truths;
  Router router;
  Narrower narrower;
  HitBuilder builder;
  Satisfied satisfied;
  const Dictionaries* dictionaries = nullptr;
  std::vector<std::vector<QueryReach>> reach;  // `satisfied` of the conjuncts is filled when asked for
  std::vector<std::uint64_t> warnings;
  std::vector<std::uint64_t> capped;
  std::vector<std::uint32_t> matched;  // queries of the rule at hand
  bool begun = false;                  // the record at hand, in `truths`
};

void Matcher::Impl::use(const event::Batch& batch) {
  dictionaries = batch.dictionaries;
  const PredicateTruths::Changed changed = truths.use(batch);
  if (changed.hot != 0 || changed.facets != 0 || narrower.full()) {
    settle();
    narrower.reset(changed.hot);
    builder.forget();
  }
  narrower.use(batch);
  if (changed.hot == 0) return;
  satisfied.forget(changed.hot);
  router.reset();
}

/// Counts what narrowed routes left out, and what of them is certain.
void Matcher::Impl::settle() {
  narrower.settle([&](const Narrower::Narrowed& narrowed) {
    for (const auto& [rule, query, conjunct] : narrowed.failures) {
      QueryReach& counts = reach[rule][query];
      counts.candidates += narrowed.uses;
      counts.conjuncts[conjunct].failed_first += narrowed.uses;
    }
    for (const auto& [rule, count] : narrowed.warnings) warnings[rule] += count * narrowed.uses;
    for (const Narrower::Narrowed::OfRule& of_rule : narrowed.rules) {
      for (std::uint32_t i = of_rule.first_candidate; of_rule.certain && i < of_rule.end_candidate; ++i) {
        QueryReach& counts = reach[of_rule.rule][narrowed.rest.candidates[i].query];
        counts.candidates += narrowed.uses;
        counts.hits += narrowed.uses;
      }
    }
  });
}

void Matcher::Impl::route_record(const event::Record& record, const Route& route, HitSink& sink) {
  begun = false;
  builder.begin(record);
  if (Narrower::Entry* entry = narrower.find(route, record, begun)) {
    match_narrowed(record, *entry, sink);
  } else {
    match_record(record, route, sink);
  }
}

bool Matcher::Impl::passes(const Route& route, const Route::Candidate& candidate) {
  QueryReach& counts = reach[candidate.rule][candidate.query];
  ++counts.candidates;
  for (std::uint32_t i = candidate.first_check; i < candidate.end_check; ++i) {
    const Route::Check check = route.checks[i];
    if (truths.of(check.predicate) == Truth::yes) continue;
    ++counts.conjuncts[check.conjunct].failed_first;
    return false;
  }
  ++counts.hits;
  return true;
}

/// Makes the hits of the matched queries, as far as they are wanted.
HitBuilder::Wanted Matcher::Impl::finish_rule(const event::Record& record, std::uint32_t rule, HitSink& sink,
                                              OfferMemo::Last* last_offer) {
  std::uint64_t queries = 0;
  for (const std::uint32_t query : matched) queries |= std::uint64_t{1} << query;
  const HitBuilder::Wanted wanted = builder.offer(rule, queries, sink, last_offer);
  std::uint64_t keyless = wanted.keyless;
  if (!wanted.left) {
    begin(record);
    const HitBuilder::Result result = builder.add_hits(rule, matched, wanted, truths.context(), sink);
    if (result.capped) ++capped[rule];
    keyless = result.keyless;
  }
  if (keyless != 0) {
    for (const std::uint32_t query : matched) reach[rule][query].keyless += keyless >> query & 1u;
  }
  matched.clear();
  return wanted;
}

void Matcher::Impl::match_record(const event::Record& record, const Route& route, HitSink& sink) {
  begin(record);
  const auto& candidates = route.candidates;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::uint32_t rule = candidates[i].rule;
    if (passes(route, candidates[i])) matched.push_back(candidates[i].query);
    if (i + 1 < candidates.size() && candidates[i + 1].rule == rule) continue;
    if (!matched.empty()) finish_rule(record, rule, sink, nullptr);
    warnings[rule] += truths.take_warnings();
  }
}

void Matcher::Impl::match_narrowed(const event::Record& record, Narrower::Entry& entry, HitSink& sink) {
  Narrower::Narrowed& narrowed = *entry.narrowed;
  ++narrowed.uses;
  for (std::size_t at = 0; at < narrowed.rules.size(); ++at) {
    Narrower::Narrowed::OfRule& of_rule = narrowed.rules[at];
    if (of_rule.unwanted || (of_rule.certain && builder.is_ignored(entry.last_offers[at], sink))) continue;
    if (!of_rule.certain) begin(record);
    for (std::uint32_t i = of_rule.first_candidate; i < of_rule.end_candidate; ++i) {
      const Route::Candidate& candidate = narrowed.rest.candidates[i];
      if (of_rule.certain || passes(narrowed.rest, candidate)) matched.push_back(candidate.query);
    }
    if (!matched.empty()) {
      const HitBuilder::Wanted wanted = finish_rule(record, of_rule.rule, sink, &entry.last_offers[at]);
      of_rule.unwanted = of_rule.certain && wanted.interest == HitSink::Interest::never;
    }
    if (begun) warnings[of_rule.rule] += truths.take_warnings();
  }
}

Matcher::Matcher(std::shared_ptr<const CompiledRules> rules) : impl_(std::make_unique<Impl>(std::move(rules))) {}
Matcher::~Matcher() = default;

void Matcher::match(event::Batch& batch, HitSink& sink) {
  impl_->use(batch);
  impl_->satisfied.note_reserved(batch);
  const auto& sources = batch.hot[static_cast<std::size_t>(Hot::event_source)];
  const auto& names = batch.hot[static_cast<std::size_t>(Hot::event_name)];
  const Route* route = nullptr;
  for (std::size_t row = 0; row < batch.size(); ++row) {
    // Neighbours in a log file are often alike.
    if (row == 0 || sources[row] != sources[row - 1] || names[row] != names[row - 1]) {
      route = impl_->router.find(*batch.dictionaries, sources[row], names[row]);
    }
    if (route != nullptr) impl_->route_record(event::Record(batch, row), *route, sink);
  }
}

void Matcher::harvest() { impl_->harvest(); }

std::vector<std::vector<QueryReach>> Matcher::reach() const {
  impl_->harvest();
  auto reach = impl_->reach;
  const auto& rules = impl_->rules->rules();
  for (std::size_t rule = 0; rule < reach.size(); ++rule) {
    for (std::size_t query = 0; query < reach[rule].size(); ++query) {
      auto& conjuncts = reach[rule][query].conjuncts;
      for (std::size_t i = 0; i < conjuncts.size(); ++i) {
        conjuncts[i].satisfied = impl_->satisfied.by_any(rules[rule].queries[query].conjuncts[i].predicate);
      }
    }
  }
  return reach;
}

std::vector<std::uint64_t> Matcher::warnings() const {
  impl_->settle();
  return impl_->warnings;
}
std::vector<std::uint64_t> Matcher::capped_groups() const { return impl_->capped; }

void merge_reach(std::vector<std::vector<QueryReach>>& into, const std::vector<std::vector<QueryReach>>& from) {
  if (into.empty()) {
    into = from;
    return;
  }
  for (std::size_t rule = 0; rule < std::min(into.size(), from.size()); ++rule) {
    for (std::size_t query = 0; query < std::min(into[rule].size(), from[rule].size()); ++query) {
      QueryReach& a = into[rule][query];
      const QueryReach& b = from[rule][query];
      a.candidates += b.candidates;
      a.hits += b.hits;
      a.keyless += b.keyless;
      for (std::size_t i = 0; i < std::min(a.conjuncts.size(), b.conjuncts.size()); ++i) {
        a.conjuncts[i].satisfied = a.conjuncts[i].satisfied || b.conjuncts[i].satisfied;
        a.conjuncts[i].failed_first += b.conjuncts[i].failed_first;
      }
    }
  }
}

void merge_counts(std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& from) {
  into.resize(std::max(into.size(), from.size()));
  for (std::size_t i = 0; i < from.size(); ++i) into[i] += from[i];
}

}  // namespace trailhound::engine
