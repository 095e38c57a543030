#pragma once
/// The groups of a STATS with their aggregates. Inside src/engine, and for query workers.
///
///     GroupTable groups(command, memory);
///     groups.add(row, position);                  // any order; `position` is what rows are ordered by otherwise
///     groups.merge(std::move(of_another_worker));
///     groups.give_out(warnings, [](Row&& row) { ... });      // by first appearance, that is least position
///
/// Groups cannot go to disk: state beyond the memory budget is an Error.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/table/aggregate.h"

namespace trailhound::engine {

class GroupTable {
 public:
  GroupTable(const plan::AggregateRows& command, std::size_t memory) : command_(&command), memory_(memory) {}

  [[nodiscard]] Status add(const Row& row, std::string_view position);
  [[nodiscard]] Status merge(GroupTable&& other);
  /// Result rows: measures, then keys. Without keys exactly one.
  [[nodiscard]] Status give_out(TableWarnings* warnings, const std::function<Status(Row&&)>& give,
                                const std::function<bool()>& go_on);
  /// The values of the measures for the groups that the row belongs to, in order of their keys: one list of cells a
  /// group. Groups that do not exist are left out.
  [[nodiscard]] std::vector<Row> measures_for(const Row& row, TableWarnings* warnings);

 private:
  struct Group {
    std::string position;
    std::vector<TableAggregate> aggregates;
  };
  using Groups = std::unordered_map<std::string, Group>;

  template <class Visit>
  Status for_each_key(const Row& row, Visit visit);
  [[nodiscard]] Group make_group(std::string_view position) const;
  [[nodiscard]] Status check_memory() const;
  [[nodiscard]] std::size_t bytes_of_group(std::string_view key, std::string_view position) const;
  [[nodiscard]] Status add_empty_groups();
  [[nodiscard]] Status fill(Values& values);
  [[nodiscard]] Result<Values> values_of(std::string_view key) const;

  const plan::AggregateRows* command_;
  std::size_t memory_;
  std::size_t bytes_ = 0;
  Groups groups_;
  std::unordered_map<const Group*, Row> measured_;  ///< of measures_for
  std::string key_;
};

}  // namespace trailhound::engine
