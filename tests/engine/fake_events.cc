#include "fake_events.h"

#include <utility>

namespace trailhound::engine::test {
namespace {

template <std::size_t... I>
std::array<event::CellDictionary, event::kHotCount> make_dictionaries(std::size_t max_entries,
                                                                      std::index_sequence<I...>) {
  return {{(static_cast<void>(I), event::CellDictionary(max_entries))...}};
}

event::Column named(event::View view, std::string name) {
  event::Column column;
  column.view = view;
  column.name = std::move(name);
  return column;
}

}  // namespace

FakeBatch::FakeBatch(std::size_t max_entries)
    : dictionaries(make_dictionaries(max_entries, std::make_index_sequence<event::kHotCount>{})) {
  batch.dictionaries = &dictionaries;
}

void FakeBatch::clear() {
  rows.clear();
  batch.times.clear();
  batch.ids.clear();
  for (auto& codes : batch.hot) codes.clear();
  batch.roots.clear();
  batch.identities.clear();
  batch.event_ids.clear();
  for (auto& codes : batch.facets) codes.clear();
  batch.arena.reset();
}

void FakeBatch::add(const Row& row) {
  Arena arena;
  const std::size_t number = rows.size();
  rows.push_back(row);
  batch.times.push_back(Instant::from_seconds(static_cast<std::int64_t>(number)));
  batch.ids.push_back({0, number});
  for (std::size_t i = 0; i < event::kHotCount; ++i) {
    batch.hot[i].push_back(dictionaries[i].code_of(row.hot[i].view(arena)));
  }
  for (std::size_t i = 0; i < event::kFacetCount; ++i) batch.facets[i].push_back(row.facets[i]);
  batch.roots.emplace_back();
  batch.identities.emplace_back();
  batch.event_ids.push_back(batch.arena.copy(std::string_view("id-" + std::to_string(number))));
}

bool FakeBatch::any_full() const {
  for (const auto& dictionary : dictionaries) {
    if (dictionary.full()) return true;
  }
  return false;
}

void FakeBatch::reset_full() {
  for (auto& dictionary : dictionaries) {
    if (dictionary.full()) dictionary.reset();
  }
}

event::ColumnRef FakeBatch::hot_column(event::Hot hot) {
  event::Column column = named(event::View::raw, "hot" + std::to_string(static_cast<int>(hot)));
  column.depends_on = hot;
  column.from_hot = [](const Cell& cell, Arena&) { return cell; };
  column.read = [hot](const event::Record& record, Arena&) { return record.hot(hot); };
  return std::make_shared<const event::Column>(std::move(column));
}

event::ColumnRef FakeBatch::lengths_of_hot_column(event::Hot hot) {
  event::Column column = named(event::View::datadog, "@length" + std::to_string(static_cast<int>(hot)));
  column.depends_on = hot;
  column.from_hot = [](const Cell& cell, Arena& arena) {
    if (!cell.has_values()) return cell;
    std::vector<Scalar> lengths;
    for (const Scalar& scalar : cell.values()) lengths.emplace_back(static_cast<std::int64_t>(to_text(scalar).size()));
    return Cell::several(arena.copy(std::span<const Scalar>(lengths)));
  };
  column.read = [from_hot = column.from_hot, hot](const event::Record& record, Arena& arena) {
    return from_hot(record.hot(hot), arena);
  };
  return std::make_shared<const event::Column>(std::move(column));
}

event::ColumnRef FakeBatch::cold_column(std::size_t index) const {
  event::Column column = named(event::View::raw, "cold" + std::to_string(index));
  column.read = [this, index](const event::Record& record, Arena& arena) {
    return rows[record.row()].cold[index].view(arena);
  };
  return std::make_shared<const event::Column>(std::move(column));
}

event::ColumnRef FakeBatch::facet_column(event::Facet facet) const {
  const auto index = static_cast<std::size_t>(facet);
  event::Column column = named(event::View::raw, "facet" + std::to_string(index));
  column.read = [this, index](const event::Record& record, Arena& arena) {
    return rows[record.row()].of_facet[index].view(arena);
  };
  column.facet = facet;
  return std::make_shared<const event::Column>(std::move(column));
}

event::ColumnRef FakeBatch::caller_and_column() const {
  constexpr auto kCaller = static_cast<std::size_t>(event::Facet::caller);
  constexpr auto kHot = event::Hot::recipient_account;
  const auto is_text = [](const Cell& hot) {
    return hot.is_single() && std::holds_alternative<std::string_view>(hot.values()[0]);
  };
  event::Column column = named(event::View::raw, "caller_and");
  column.read = [this, is_text](const event::Record& record, Arena& arena) {
    const Row& row = rows[record.row()];
    if (const Cell of_caller = row.of_facet[kCaller].view(arena); of_caller.has_values()) return of_caller;
    return is_text(record.hot(kHot)) ? record.hot(kHot) : row.cold[0].view(arena);
  };
  column.caller_and = {kHot, is_text};
  return std::make_shared<const event::Column>(std::move(column));
}

}  // namespace trailhound::engine::test
