#include "engine/hit_arguments.h"

#include <algorithm>
#include <tuple>

#include "engine/display_values.h"

namespace trailhound::engine {

std::span<const Values> arguments_of(const plan::Plan& plan, const StoredHit& hit, std::size_t query) {
  if (!matched(hit, query) || query >= plan.queries.size()) return {};
  std::size_t first = 0;
  for (std::size_t earlier = 0; earlier < query; ++earlier) {
    if (matched(hit, earlier)) first += plan.queries[earlier].arguments.size();
  }
  const std::span<const Values> all(hit.arguments);
  if (first >= all.size()) return {};
  return all.subspan(first, std::min(plan.queries[query].arguments.size(), all.size() - first));
}

NamedValues argument_values(const plan::Plan& plan, const StoredHit& hit) {
  NamedValues values;
  for (std::size_t query = 0; query < plan.queries.size(); ++query) {
    const auto cells = arguments_of(plan, hit, query);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const plan::NamedExpr& argument = plan.queries[query].arguments[i];
      values.emplace_back(argument.name, display_values(cells[i], type_of(argument.expression)));
    }
  }
  return values;
}

int compare_cells(const Values& a, const Values& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int order = compare_values(a[i], b[i]); order != 0) return order;
  }
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

namespace {

int compare_arguments(std::span<const Values> a, std::span<const Values> b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int order = compare_cells(a[i], b[i]); order != 0) return order;
  }
  if (a.size() == b.size()) return 0;
  return a.size() < b.size() ? -1 : 1;
}

}  // namespace

void merge_duplicate(const plan::Plan& plan, StoredHit& into, const StoredHit& other) {
  if (into.texts == other.texts && into.payload == other.payload) return;
  if (into.queries != other.queries || into.arguments != other.arguments) {
    std::vector<Values> merged;
    for (std::size_t query = 0; query < plan.queries.size(); ++query) {
      const auto mine = arguments_of(plan, into, query);
      const auto theirs = arguments_of(plan, other, query);
      const bool take_theirs = !matched(into, query) || (matched(other, query) && compare_arguments(theirs, mine) < 0);
      const auto chosen = take_theirs ? theirs : mine;
      merged.insert(merged.end(), chosen.begin(), chosen.end());
    }
    into.queries |= other.queries;
    into.arguments = std::move(merged);
  }
  Description told = read_description(into.event_key, into.description());
  Description others = read_description(other.event_key, other.description());
  if (std::tie(others.path, others.offset) < std::tie(told.path, told.offset)) {
    told = std::move(others);
    into.outcome = other.outcome;
  }
  write_payload(into, told);
}

}  // namespace trailhound::engine
