#include "engine/narrower.h"

namespace trailhound::engine {

std::size_t Narrower::KeyHash::operator()(const Key& key) const {
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15u;
  std::uint64_t hash = (key.call ^ (key.caller * kOdd)) * kOdd;
  hash = (hash ^ hash >> 32 ^ key.classes) * kOdd;
  return hash ^ hash >> 32;
}

void Narrower::use(const event::Batch& batch) {
  if (!batch.facets[static_cast<std::size_t>(event::Facet::caller)].empty()) classes_.use(batch);
}

Narrower::Narrowed* Narrower::find(const Route& route, const event::Record& record) {
  const auto pair = [](std::uint32_t a, std::uint32_t b) { return std::uint64_t{a} << 32 | b; };
  const std::uint32_t caller = record.facet_code(event::Facet::caller);
  const std::uint32_t error = record.facet_code(event::Facet::error);
  if (caller == 0 || error == 0) return nullptr;
  const Key key{pair(record.hot_code(event::Hot::event_source), record.hot_code(event::Hot::event_name)),
                pair(caller, error), classes_.of(record)};
  if (last_narrowed_ != nullptr && key == last_) return last_narrowed_;
  const auto [place, is_new] = narrowed_.try_emplace(key);
  if (is_new) return nullptr;
  if (place->second == nullptr) place->second = narrow(route, record, key.classes);
  last_ = key;
  last_narrowed_ = place->second.get();
  return last_narrowed_;
}

std::unique_ptr<Narrower::Narrowed> Narrower::narrow(const Route& route, const event::Record& record,
                                                     std::uint64_t classes) {
  ++built_;
  classes_key_ = classes;
  truths_.begin(record);
  auto narrowed = std::make_unique<Narrowed>();
  for (const Route::Candidate& candidate : route.candidates) {
    std::uint64_t warnings = 0;
    add(*narrowed, route, candidate, warnings);
    if (warnings != 0) narrowed->warnings.push_back({candidate.rule, warnings});
  }
  return narrowed;
}

// Asked is what comes before the first conjunct that is not known: it fails by the same conjunct, and gives the same
// warnings, as without narrowing. Of the conjuncts behind it only those are left out that change neither.
void Narrower::add(Narrowed& narrowed, const Route& route, const Route::Candidate& candidate, std::uint64_t& warnings) {
  Route& rest = narrowed.rest;
  const auto first = static_cast<std::uint32_t>(rest.checks.size());
  for (std::uint32_t i = candidate.first_check; i < candidate.end_check; ++i) {
    const Route::Check check = route.checks[i];
    const bool known = is_known(check.predicate);
    static_cast<void>(truths_.take_warnings());  // finding out what is known asks more than the record would be asked
    const bool all_before_known = rest.checks.size() == first;
    if (!known) {
      rest.checks.push_back(check);
      continue;
    }
    const bool holds = truths_.of(check.predicate) == Truth::yes;
    const std::uint64_t given = truths_.take_warnings();
    if (!all_before_known) {
      if (!holds || given != 0) rest.checks.push_back(check);
      continue;
    }
    warnings += given;
    if (!holds) {
      narrowed.failures.push_back({candidate.rule, candidate.query, check.conjunct});
      return;
    }
  }
  const auto end = static_cast<std::uint32_t>(rest.checks.size());
  rest.candidates.push_back({candidate.rule, candidate.query, first, end});
  add_to_rules(narrowed, rest.candidates.back());
}

void Narrower::add_to_rules(Narrowed& narrowed, const Route::Candidate& candidate) {
  const auto count = static_cast<std::uint32_t>(narrowed.rest.candidates.size());
  if (narrowed.rules.empty() || narrowed.rules.back().rule != candidate.rule) {
    narrowed.rules.push_back({.rule = candidate.rule, .first_candidate = count - 1, .certain = true, .last_offer = {}});
  }
  Narrowed::OfRule& of_rule = narrowed.rules.back();
  of_rule.end_candidate = count;
  of_rule.certain = of_rule.certain && candidate.first_check == candidate.end_check;
}

/// Whether the truth of a predicate is the same for all records of the key: where it asks several others, of all that
/// it would ask of this one.
bool Narrower::is_known(PredicateId id) {
  const Predicate& predicate = rules_.predicates()[id];
  if (predicate.is_narrow()) return true;
  const auto ask_until = [&](Truth end) {
    for (const PredicateId operand : predicate.operands) {
      if (!is_known(operand)) return false;
      if (truths_.of(operand) == end) return true;
    }
    return true;
  };
  switch (predicate.kind) {
    case Predicate::Kind::hot:
      return classes_.tells(classes_key_, predicate.hot);
    case Predicate::Kind::all:
      return ask_until(Truth::no);
    case Predicate::Kind::any:
      return ask_until(Truth::yes);
    case Predicate::Kind::negation:
    case Predicate::Kind::is_true:
      return is_known(predicate.operands[0]);
    case Predicate::Kind::record:
      return predicate.below && !classes_.may_have(classes_key_, *predicate.below);
    default:
      return false;
  }
}

void Narrower::settle(const std::function<void(const Narrowed&)>& count) {
  for (const auto& [key, narrowed] : narrowed_) {
    if (narrowed == nullptr || narrowed->uses == 0) continue;
    count(*narrowed);
    narrowed->uses = 0;
  }
}

void Narrower::reset(std::uint32_t hot_columns) {
  narrowed_.clear();
  built_ = 0;
  last_narrowed_ = nullptr;
  classes_.forget(hot_columns);
}

}  // namespace trailhound::engine
