#include "engine/table/group_table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "plan/plan.h"

namespace trailhound::engine {
namespace {

/// Bytes of a group besides its texts and what its aggregates report.
constexpr std::size_t kGroupOverhead = 128;

/// The distinct values of a key cell; null stands for none.
Values distinct_parts(const Values& cell) {
  if (cell.empty()) return {Value()};
  if (cell.size() == 1) return cell;
  Values parts = cell;
  sort_distinct(parts);
  return parts;
}

}  // namespace

/// Calls `visit` with the bytes of each combination of key values, in order.
template <class Visit>
Status GroupTable::for_each_key(const Row& row, Visit visit) {
  const auto& keys = command_->keys;
  const bool simple = std::ranges::all_of(keys, [&](std::uint32_t column) { return row[column].size() < 2; });
  if (simple) {
    key_.clear();
    for (const std::uint32_t column : keys) append_canonical(key_, row[column].empty() ? Value() : row[column][0]);
    return visit(key_);
  }
  std::vector<Values> parts;
  for (const std::uint32_t column : keys) parts.push_back(distinct_parts(row[column]));
  std::vector<std::size_t> at(parts.size(), 0);
  for (std::size_t made = 0;; ++made) {
    if (made == plan::kMaxGroupsPerEvent * 100) return fail("a row belongs to more than 100000 groups of a STATS");
    key_.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) append_canonical(key_, parts[i][at[i]]);
    TRY_VOID(visit(key_));
    std::size_t digit = parts.size();
    while (digit > 0 && ++at[digit - 1] == parts[digit - 1].size()) at[--digit] = 0;
    if (digit == 0) return {};
  }
}

std::size_t GroupTable::bytes_of_group(std::string_view key, std::string_view position) const {
  return key.size() + position.size() + kGroupOverhead + command_->measures.size() * sizeof(TableAggregate);
}

GroupTable::Group GroupTable::make_group(std::string_view position) const {
  Group group;
  group.position = position;
  group.aggregates.reserve(command_->measures.size());
  for (const auto& measure : command_->measures) group.aggregates.emplace_back(measure);
  return group;
}

Status GroupTable::check_memory() const {
  if (bytes_ <= memory_) return {};
  return fail("the groups of STATS need more than the memory budget", {},
              "raise --memory, or aggregate over fewer groups");
}

Status GroupTable::add(const Row& row, std::string_view position) {
  return for_each_key(row, [&](const std::string& key) -> Status {
    auto found = groups_.find(key);
    if (found == groups_.end()) {
      found = groups_.emplace(key, make_group(position)).first;
      bytes_ += bytes_of_group(key, position);
    }
    Group& group = found->second;
    if (position < group.position) group.position = position;
    for (TableAggregate& aggregate : group.aggregates) bytes_ += aggregate.add(row, position);
    return check_memory();
  });
}

Status GroupTable::merge(GroupTable&& other) {
  for (auto& [key, theirs] : other.groups_) {
    const auto [found, is_new] = groups_.try_emplace(key);
    if (is_new) {
      found->second = std::move(theirs);
      continue;
    }
    Group& group = found->second;
    group.position = std::min(group.position, theirs.position);
    for (std::size_t i = 0; i < group.aggregates.size(); ++i) {
      (void)group.aggregates[i].merge(std::move(theirs.aggregates[i]));
    }
  }
  bytes_ += other.bytes_;  // an upper bound; the parts were within the budget of their workers
  other.groups_.clear();
  return {};
}

Result<Values> GroupTable::values_of(std::string_view key) const {
  Values values(command_->keys.size());
  for (Value& value : values) {
    if (!read_canonical(key, value)) return fail("a group key cannot be read back");
  }
  return values;
}

/// The groups without rows that the command asks for.
Status GroupTable::add_empty_groups() {
  const auto& fillings = command_->fillings;
  if (fillings.empty()) return {};
  // The combinations of the other keys: with nothing in place of those that are filled.
  std::set<std::string> combinations;
  std::vector<Values> others;
  const auto remember = [&](Values&& values) {
    for (const auto& filling : fillings) values[filling.key] = Value();
    std::string key;
    for (const Value& value : values) append_canonical(key, value);
    if (combinations.insert(std::move(key)).second) others.push_back(std::move(values));
  };
  for (const auto& group : groups_) {
    TRY(Values values, values_of(group.first));
    remember(std::move(values));
  }
  if (groups_.empty() && fillings.size() == command_->keys.size()) remember(Values(command_->keys.size()));
  const bool some = std::ranges::none_of(fillings, [](const auto& filling) { return filling.values.empty(); });
  if (!some) return {};
  for (Values& values : others) TRY_VOID(fill(values));
  return {};
}

/// Adds the groups that lack of all combinations of the fillings' values, with the other keys as they are.
Status GroupTable::fill(Values& values) {
  const auto& fillings = command_->fillings;
  std::vector<std::size_t> at(fillings.size(), 0);
  for (bool more = true; more;) {
    for (std::size_t i = 0; i < fillings.size(); ++i) values[fillings[i].key] = fillings[i].values[at[i]];
    key_.clear();
    for (const Value& value : values) append_canonical(key_, value);
    if (!groups_.contains(key_)) {
      groups_.emplace(key_, make_group({}));
      bytes_ += bytes_of_group(key_, {});
      TRY_VOID(check_memory());
    }
    std::size_t digit = fillings.size();
    while (digit > 0 && ++at[digit - 1] == fillings[digit - 1].values.size()) at[--digit] = 0;
    more = digit > 0;
  }
  return {};
}

Status GroupTable::give_out(TableWarnings* warnings, const std::function<Status(Row&&)>& give,
                            const std::function<bool()>& go_on) {
  if (groups_.empty() && command_->keys.empty()) groups_.emplace(std::string(), make_group({}));
  TRY_VOID(add_empty_groups());
  std::vector<const Groups::value_type*> ordered;
  ordered.reserve(groups_.size());
  for (const auto& group : groups_) ordered.push_back(&group);
  std::ranges::sort(ordered, [](const auto* a, const auto* b) {
    return std::tie(a->second.position, a->first) < std::tie(b->second.position, b->first);
  });
  for (const auto* group : ordered) {
    if (!go_on()) break;
    Row row;
    row.reserve(command_->measures.size() + command_->keys.size());
    for (const TableAggregate& aggregate : group->second.aggregates) row.push_back(aggregate.value(warnings));
    std::string_view key = group->first;
    for (std::size_t i = 0; i < command_->keys.size(); ++i) {
      Value part;
      if (!read_canonical(key, part)) return fail("a group key cannot be read back");
      row.push_back(is_null(part) ? Values() : Values{std::move(part)});
    }
    TRY_VOID(give(std::move(row)));
  }
  return {};
}

std::vector<Row> GroupTable::measures_for(const Row& row, TableWarnings* warnings) {
  std::vector<Row> found;
  // The same rows went through `add`, which has refused what belongs to too many groups.
  [[maybe_unused]] const Status status = for_each_key(row, [&](const std::string& key) -> Status {
    const auto group = groups_.find(key);
    if (group == groups_.end()) return {};
    const auto [measured, is_new] = measured_.try_emplace(&group->second);
    if (is_new) {
      for (const TableAggregate& aggregate : group->second.aggregates) {
        measured->second.push_back(aggregate.value(warnings));
      }
    }
    found.push_back(measured->second);
    return {};
  });
  return found;
}

}  // namespace trailhound::engine
