#include "engine/narrower.h"

namespace trailhound::engine {
namespace {

// What one takes besides its lists: itself, its place in the table and what the allocator adds.
constexpr std::size_t kEntryBytes = 128;
constexpr std::size_t kDistinctBytes = 256;

}  // namespace

std::size_t Narrower::KeyHash::operator()(const Key& key) const {
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15u;
  std::uint64_t hash = (key.call ^ (key.caller * kOdd)) * kOdd;
  hash = (hash ^ hash >> 32 ^ key.classes) * kOdd;
  return hash ^ hash >> 32;
}

void Narrower::use(const event::Batch& batch) {
  if (!batch.facets[static_cast<std::size_t>(event::Facet::caller)].empty()) classes_.use(batch);
}

Narrower::Entry* Narrower::find(const Route& route, const event::Record& record, bool& begun) {
  const auto pair = [](std::uint32_t a, std::uint32_t b) { return std::uint64_t{a} << 32 | b; };
  const std::uint32_t caller = record.facet_code(event::Facet::caller);
  const std::uint32_t error = record.facet_code(event::Facet::error);
  if (caller == 0 || error == 0) return nullptr;
  const Key key{pair(record.hot_code(event::Hot::event_source), record.hot_code(event::Hot::event_name)),
                pair(caller, error), classes_.of(record)};
  if (last_entry_ != nullptr && key == last_) return last_entry_;
  std::unique_ptr<Entry>& entry = entries_[key];
  if (entry == nullptr) {
    truths_.begin(record);
    begun = true;
    classes_key_ = key.classes;
    entry = std::make_unique<Entry>(Entry{narrow(route), {}});
    entry->last_offers.resize(entry->narrowed->rules.size());
    held_ += kEntryBytes + entry->last_offers.size() * sizeof(OfferMemo::Last);
  }
  last_ = key;
  last_entry_ = entry.get();
  return last_entry_;
}

/// For the record that `truths_` has begun.
Narrower::Narrowed* Narrower::narrow(const Route& route) {
  making_.rest.candidates.clear();
  making_.rest.checks.clear();
  making_.rules.clear();
  making_.failures.clear();
  making_.warnings.clear();
  for (const Route::Candidate& candidate : route.candidates) {
    std::uint64_t warnings = 0;
    add(route, candidate, warnings);
    if (warnings != 0) making_.warnings.push_back({candidate.rule, warnings});
  }
  return share();
}

Narrower::Narrowed* Narrower::share() {
  content_.clear();
  append_bytes(content_, std::vector<std::size_t>{making_.rest.candidates.size(), making_.rest.checks.size(),
                                                  making_.failures.size()});
  append_bytes(content_, making_.rest.candidates);
  append_bytes(content_, making_.rest.checks);
  append_bytes(content_, making_.failures);
  append_bytes(content_, making_.warnings);
  const auto found = distinct_.find(content_);
  if (found != distinct_.end()) return found->second.get();
  held_ += kDistinctBytes + 2 * content_.size() + making_.rules.size() * sizeof(Narrowed::OfRule);
  return distinct_.emplace(content_, std::make_unique<Narrowed>(making_)).first->second.get();
}

// Asked is what comes before the first conjunct that is not known: it fails by the same conjunct, and gives the same
// warnings, as without narrowing. Of the conjuncts behind it only those are left out that change neither.
void Narrower::add(const Route& route, const Route::Candidate& candidate, std::uint64_t& warnings) {
  Route& rest = making_.rest;
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
      making_.failures.push_back({candidate.rule, candidate.query, check.conjunct});
      return;
    }
  }
  const auto end = static_cast<std::uint32_t>(rest.checks.size());
  rest.candidates.push_back({candidate.rule, candidate.query, first, end});
  add_to_rules(rest.candidates.back());
}

void Narrower::add_to_rules(const Route::Candidate& candidate) {
  const auto count = static_cast<std::uint32_t>(making_.rest.candidates.size());
  if (making_.rules.empty() || making_.rules.back().rule != candidate.rule) {
    making_.rules.push_back({.rule = candidate.rule, .first_candidate = count - 1, .certain = true});
  }
  Narrowed::OfRule& of_rule = making_.rules.back();
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
  for (const auto& [content, narrowed] : distinct_) {
    if (narrowed->uses == 0) continue;
    count(*narrowed);
    narrowed->uses = 0;
  }
}

void Narrower::reset(std::uint32_t hot_columns) {
  entries_.clear();
  distinct_.clear();
  held_ = 0;
  last_entry_ = nullptr;
  classes_.forget(hot_columns);
}

}  // namespace trailhound::engine
