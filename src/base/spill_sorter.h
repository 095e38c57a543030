#pragma once
/// Sorts any number of byte records within a byte budget: in memory while they fit, in sorted runs on disk beyond.
///
///     SpillSorter sorter({.budget = 64 << 20, .folder = temp});
///     sorter.add(key, payload);                    // any order, keys may repeat
///     TRY(auto merged, sorter.finish());
///     while (auto item = merged.next()) ...        // ascending by memcmp(key), then by memcmp(payload)
///
/// Equal (key, payload) pairs are all delivered, adjacent. Files are created unlinked in `folder` (the system's
/// temporary folder if empty) and vanish with the object, also after a crash. A full disk is an Error of
/// add/finish/next. One thread at a time; several sorters may be merged into one stream with `merge`.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound {

class SpillSorter {
 public:
  struct Options {
    std::size_t budget = 64u << 20;  ///< bytes held in memory before a run is written
    std::string folder;
  };
  struct Item {
    std::string_view key;  ///< valid until the next call of next()
    std::string_view payload;
    std::size_t sorter = 0;  ///< which of those that were merged it was added to
  };
  class Merged {
   public:
    Merged(Merged&&) noexcept;
    Merged& operator=(Merged&&) noexcept;
    ~Merged();
    /// The next item, nothing at the end, or the error that reading back met.
    [[nodiscard]] Result<std::optional<Item>> next();

   private:
    friend class SpillSorter;
    struct Impl;
    explicit Merged(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };

  explicit SpillSorter(Options options);
  SpillSorter(SpillSorter&&) noexcept;
  SpillSorter& operator=(SpillSorter&&) noexcept;
  ~SpillSorter();

  [[nodiscard]] Status add(std::string_view key, std::string_view payload);
  /// When all are added: sorts what is in memory, and writes it if it is much and others were written before. A merge
  /// need not then; several sorters can do so at the same time. Whether the disk failed says the merge.
  void sort();
  [[nodiscard]] std::uint64_t size() const;           ///< items added
  [[nodiscard]] std::uint64_t bytes_spilled() const;  ///< written to disk so far

  /// Ends the adding. The stream owns what it needs; the sorter is empty afterwards.
  [[nodiscard]] Result<Merged> finish();
  /// One ascending stream over several sorters (the workers' ones).
  [[nodiscard]] static Result<Merged> merge(std::vector<SpillSorter> sorters);
  /// The same stream in at most `pieces` pieces of about the same length, each of which may be read by another thread;
  /// one after the other they are the whole. Keys with the same `head` stay together: it gives the beginning of a key,
  /// the same one for all keys that begin with it. What was spilled is read by each piece for itself.
  [[nodiscard]] static Result<std::vector<Merged>> merge_in_pieces(
      std::vector<SpillSorter> sorters, std::size_t pieces,
      const std::function<std::string_view(std::string_view key)>& head);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trailhound
