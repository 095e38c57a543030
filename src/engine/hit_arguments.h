#pragma once
/// Reading and joining hits of one event. Inside src/engine only.

#include <cstdint>
#include <span>

#include "base/value.h"
#include "engine/episodes.h"
#include "engine/stored_hit.h"
#include "plan/plan.h"

namespace trailhound::engine {

[[nodiscard]] inline bool matched(const StoredHit& hit, std::size_t query) {
  return query < 64 && ((hit.queries >> query) & 1) != 0;
}

/// The argument cells of one query; empty unless the hit matched it.
[[nodiscard]] std::span<const Values> arguments_of(const plan::Plan& plan, const StoredHit& hit, std::size_t query);

/// The argument cells of all queries that the hit matched, by name, as people read them.
[[nodiscard]] NamedValues argument_values(const plan::Plan& plan, const StoredHit& hit);

/// Orders cells by their values, for choices that must not depend on arrival.
[[nodiscard]] int compare_cells(const Values& a, const Values& b);

/// Joins two records of one event and group (a redelivered event) into one hit: every query that either matched; per
/// query the smaller arguments; evidence, profile and attributes of the record that lies first by (path, offset).
/// Joining a set of hits in order of their byte form gives one result, however often each was delivered.
void merge_duplicate(const plan::Plan& plan, StoredHit& into, const StoredHit& other);

}  // namespace trailhound::engine
