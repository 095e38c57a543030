#pragma once
/// Rows on their way into another order: sorted by a byte key, in memory while they fit, on disk beyond; or only the
/// first `limit` of them, which are always held in memory. Inside src/engine, and for query workers.
///
///     OrderedRows rows({.limit = 10, .memory = ..., .folder = ...});
///     rows.add(key, row);                                     // keys must be distinct for a defined order
///     for_each(merge({rows...}), [](Row&& row) { ... });

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/spill_sorter.h"
#include "engine/table/table.h"

namespace trailhound::engine {

class OrderedRows {
 public:
  struct Options {
    std::optional<std::uint64_t> limit;
    std::size_t memory = 64u << 20;
    std::string folder;
  };
  explicit OrderedRows(const Options& options);

  [[nodiscard]] Status add(std::string_view key, const Row& row);
  /// False if a row with this key cannot come among the first `limit`: its row need not be made.
  [[nodiscard]] bool may_keep(std::string_view key) const;

  /// The rows of all in ascending order of the keys, at most `limit` of the first one's options; ends early when `give`
  /// gives an error or `go_on` false.
  [[nodiscard]] static Status give_out(std::vector<OrderedRows> parts, const std::function<Status(Row&&)>& give,
                                       const std::function<bool()>& go_on);

 private:
  using Entry = std::pair<std::string, std::string>;
  void drop_last();

  Options options_;
  SpillSorter sorter_;
  std::vector<Entry> first_;  ///< a heap with the greatest key in front; with a limit only
  std::size_t bytes_ = 0;     ///< of first_
  std::string buffer_;
};

}  // namespace trailhound::engine
