#include "engine/offer_memo.h"

#include <algorithm>
#include <memory>

#include "plan/expression.h"

namespace trailhound::engine {

OfferMemo::OfferMemo(const CompiledRules& rules) {
  for (const CompiledRule& rule : rules.rules()) sources_.push_back(sources_of(rule));
}

OfferMemo::Sources OfferMemo::sources_of(const CompiledRule& rule) {
  const std::vector<plan::Query>& queries = rule.rule->plan.queries;
  if (queries.size() != 1) return {};
  std::vector<event::ColumnRef> columns;
  for (const plan::NamedExpr& part : queries[0].key) plan::collect_columns(part.expression, columns);
  for (const plan::NamedExpr& argument : queries[0].arguments) plan::collect_columns(argument.expression, columns);
  Sources sources;
  for (const event::ColumnRef& column : columns) {
    if (column->is_settled()) continue;
    if (column->depends_on) {
      sources.add({.hot = *column->depends_on});
    } else if (column->facet) {
      sources.add({.is_facet = true, .facet = *column->facet});
    } else if (column->caller_and) {
      sources.add({.is_facet = true, .facet = event::Facet::caller});
      sources.add({.hot = column->caller_and->hot});
      sources.if_decided.push_back(*column->caller_and);
    } else {
      return {};
    }
  }
  sources.decide = sources.codes.size() <= kMostCodes;
  sources.is_narrow =
      sources.decide && std::ranges::all_of(sources.codes, [](const Source& source) {
        return source.is_facet || source.hot == event::Hot::event_source || source.hot == event::Hot::event_name;
      });
  return sources;
}

void OfferMemo::Sources::add(const Source& source) {
  if (std::ranges::find(codes, source) == codes.end()) codes.push_back(source);
}

bool OfferMemo::Sources::decide_for(const event::Record& record) const {
  return std::ranges::all_of(if_decided, [&](const auto& other) { return other.decides(record.hot(other.hot)); });
}

std::size_t OfferMemo::KeyHash::operator()(const Key& key) const {
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15u;
  const std::uint64_t first = std::uint64_t{key.rule} << 32 | key.codes[0];
  const std::uint64_t second = std::uint64_t{key.codes[1]} << 32 | key.codes[2];
  const std::uint64_t hash = ((first * kOdd) ^ (first * kOdd >> 29) ^ second) * kOdd;
  return hash ^ hash >> 32;
}

OfferMemo::Entry* OfferMemo::find(std::uint32_t rule, const event::Record& record, Last* last) {
  const Sources& sources = sources_[rule];
  if (!sources.decide) return nullptr;
  Key key{.rule = rule};
  for (std::size_t i = 0; i < sources.codes.size(); ++i) {
    const Source& source = sources.codes[i];
    key.codes[i] = source.is_facet ? record.facet_code(source.facet) : record.hot_code(source.hot);
    if (source.is_facet && key.codes[i] == 0) return nullptr;
  }
  if (last != nullptr && last->generation == generation_ && last->codes == key.codes) return last->entry;
  if (entries_.size() >= kMostEntries) reset();
  Entry*& entry = places_[key];
  if (entry == nullptr) {
    entry = &entries_.emplace_back();
    if (!sources.decide_for(record)) entry->state = State::several;
  }
  if (last != nullptr) *last = {key.codes, generation_, sources.is_narrow, entry};
  return entry;
}

std::span<const ValueHashes> OfferMemo::keep(std::span<const ValueHashes> arguments) {
  std::pmr::polymorphic_allocator<> allocator(&hashes_);
  auto* const lists = allocator.allocate_object<ValueHashes>(arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    auto* const hashes = allocator.allocate_object<std::uint64_t>(arguments[i].size());
    std::ranges::copy(arguments[i], hashes);
    std::construct_at(lists + i, hashes, arguments[i].size());
  }
  return {lists, arguments.size()};
}

void OfferMemo::reset() {
  places_.clear();
  entries_.clear();
  hashes_.release();
  ++generation_;
}

}  // namespace trailhound::engine
