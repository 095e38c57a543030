#include "engine/record_classes.h"

#include <algorithm>

namespace trailhound::engine {

RecordClasses::RecordClasses(const CompiledRules& rules, PredicateTruths& truths) : truths_(truths) {
  const auto& predicates = rules.predicates();
  for (PredicateId id = 0; id < predicates.size(); ++id) {
    const Predicate& predicate = predicates[id];
    if (predicate.below && std::ranges::find(members_, *predicate.below) == members_.end()) {
      members_.push_back(*predicate.below);
    }
    if (predicate.kind != Predicate::Kind::hot || predicate.is_narrow()) continue;
    auto watched = std::ranges::find(watched_, predicate.hot, &Watched::column);
    if (watched == watched_.end()) {
      if (watched_.size() == kMostColumns) continue;  // nothing is said of it
      watched_.push_back({.column = predicate.hot, .predicates = {}, .by_code = {}, .by_truths = {}});
      watched = std::prev(watched_.end());
    }
    watched->predicates.push_back(id);
  }
}

void RecordClasses::forget(std::uint32_t columns) {
  for (Watched& watched : watched_) {
    if ((columns >> static_cast<unsigned>(watched.column) & 1u) != 0) watched.by_code.clear();
  }
}

void RecordClasses::use(const event::Batch& batch) {
  std::uint8_t asked = 0;
  for (const event::Member member : members_)
    asked = static_cast<std::uint8_t>(asked | 1u << static_cast<unsigned>(member));
  const bool told = batch.members.size() == batch.size();
  may_have_.assign(batch.size(), told ? static_cast<std::uint8_t>(~asked) : std::uint8_t{0xFF});
  for (std::size_t row = 0; told && row < batch.size(); ++row) {
    unsigned has = 0;
    for (std::size_t i = 0; i < event::kMemberCount; ++i) has |= (batch.members[row][i] != 0 ? 1u : 0u) << i;
    may_have_[row] = static_cast<std::uint8_t>(may_have_[row] | (has & asked));
  }
}

bool RecordClasses::tells(std::uint64_t key, event::Hot column) const {
  for (auto watched = watched_.rbegin(); watched != watched_.rend(); ++watched, key >>= 8) {
    if (watched->column == column) return (key & 0xFFu) != kUntold;
  }
  return false;
}

std::uint8_t RecordClasses::classify(Watched& watched, std::uint32_t code) {
  std::string truths;
  for (const PredicateId id : watched.predicates) truths.push_back(truths_.told_by_code(id, code));
  std::uint8_t found = kUntold;
  if (const auto known = watched.by_truths.find(truths); known != watched.by_truths.end()) {
    found = known->second;
  } else if (watched.by_truths.size() < kMostClasses) {
    found = static_cast<std::uint8_t>(kFirst + watched.by_truths.size());
    watched.by_truths.emplace(std::move(truths), found);
  }
  if (code >= watched.by_code.size()) {
    watched.by_code.resize(std::max<std::size_t>(code + 1, watched.by_code.size() * 2), kNotYet);
  }
  watched.by_code[code] = found;
  return found;
}

}  // namespace trailhound::engine
