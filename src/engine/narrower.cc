#include "engine/narrower.h"

namespace trailhound::engine {

std::size_t Narrower::KeyHash::operator()(const Key& key) const {
  const auto codes = std::uint64_t{key.caller} << 32 | key.error;
  return (reinterpret_cast<std::uintptr_t>(key.route) * 0x9E37'79B9'7F4A'7C15u) ^ codes;
}

Narrower::Narrowed* Narrower::find(const Route& route, const event::Record& record) {
  const Key key{&route, record.facet_code(event::Facet::caller), record.facet_code(event::Facet::error)};
  if (key.caller == 0 || key.error == 0) return nullptr;
  if (last_narrowed_ != nullptr && key == last_) return last_narrowed_;
  const auto [place, is_new] = narrowed_.try_emplace(key);
  if (is_new) return nullptr;
  if (place->second == nullptr) place->second = narrow(route, record);
  last_ = key;
  last_narrowed_ = place->second.get();
  return last_narrowed_;
}

std::unique_ptr<Narrower::Narrowed> Narrower::narrow(const Route& route, const event::Record& record) {
  ++built_;
  truths_.begin(record);
  auto narrowed = std::make_unique<Narrowed>();
  for (const Route::Candidate& candidate : route.candidates) {
    add(*narrowed, route, candidate);
    if (const std::uint64_t warnings = truths_.take_warnings(); warnings != 0) {
      narrowed->warnings.push_back({candidate.rule, warnings});
    }
  }
  return narrowed;
}

// Narrow predicates are asked first anyway (CompiledRules::keeps_facets), so what is left out here fails by the same
// conjunct as without narrowing.
void Narrower::add(Narrowed& narrowed, const Route& route, const Route::Candidate& candidate) {
  Route& rest = narrowed.rest;
  const auto first = static_cast<std::uint32_t>(rest.checks.size());
  for (std::uint32_t i = candidate.first_check; i < candidate.end_check; ++i) {
    const Route::Check check = route.checks[i];
    if (!rules_.predicates()[check.predicate].is_narrow()) {
      rest.checks.push_back(check);
    } else if (truths_.of(check.predicate) != Truth::yes) {
      rest.checks.resize(first);
      narrowed.failures.push_back({candidate.rule, candidate.query, check.conjunct});
      return;
    }
  }
  const auto end = static_cast<std::uint32_t>(rest.checks.size());
  rest.candidates.push_back({candidate.rule, candidate.query, first, end});
}

void Narrower::settle(const std::function<void(const Narrowed&)>& count) {
  for (const auto& [key, narrowed] : narrowed_) {
    if (narrowed == nullptr || narrowed->uses == 0) continue;
    count(*narrowed);
    narrowed->uses = 0;
  }
}

void Narrower::reset() {
  narrowed_.clear();
  built_ = 0;
  last_narrowed_ = nullptr;
}

}  // namespace trailhound::engine
