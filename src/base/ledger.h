#pragma once
/// The account of what was seen and what became of it. Nothing is dropped without an entry, and the sums add up:
///
///     records_seen == evaluated + duplicate + out_of_range + malformed
///
/// (`evaluated` are the distinct records in range that every rule saw.) A worker fills a Ledger of its own; `merge`
/// joins them in any order with the same result. Details are capped, the damages of a file and the files of which there
/// is something to tell; the counts are exact.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_entry.h"
#include "base/file_listing.h"
#include "base/result.h"

namespace trailhound {

/// What a rule could do on these data.
enum class RuleOutcome {
  fired,        ///< at least one signal
  could_fire,   ///< the data hold what it needs; it did not
  cannot_fire,  ///< the data lack what it needs: `reason` says what, `nearest` the nearest miss
  refused,      ///< the rule could not be loaded
};
[[nodiscard]] std::string_view name_of(RuleOutcome outcome);

struct RuleEntry {
  std::string id;
  std::string name;
  std::string path;
  RuleOutcome outcome = RuleOutcome::could_fire;
  std::string reason;   ///< "learns 24 h, longest group seen for 55 min"
  std::string nearest;  ///< "1 of 4 regions"
  std::uint64_t hits = 0;
  std::uint64_t signals = 0;
};

/// Of all files that were booked.
struct FileCounts {
  std::array<std::uint64_t, kFileOutcomes> by_outcome{};
  std::uint64_t left_unread = 0;
  std::uint64_t damages = 0;
  /// Those that were set aside, by the reason: as many reasons as there are kinds of files. Beyond kReasons of them,
  /// "".
  std::map<std::string, std::uint64_t> set_aside;
  static constexpr std::size_t kReasons = 100;

  [[nodiscard]] std::uint64_t of(FileOutcome outcome) const { return by_outcome[static_cast<std::size_t>(outcome)]; }
  [[nodiscard]] std::uint64_t all() const;
  /// Not read, or not wholly.
  [[nodiscard]] std::uint64_t lost() const { return all() - of(FileOutcome::read) - of(FileOutcome::set_aside); }
  void add(const FileEntry& file);
  void add(const FileCounts& other);

 private:
  void add_set_aside(const std::string& reason, std::uint64_t count);
};

struct Ledger {
  FileCounts file_counts;
  /// Those of which there is something to tell, in no order: at most kFilesTold, those with the greatest loss first
  /// (what was never looked at, what cannot be read, what was read in part, what was set aside), then by path.
  std::vector<FileEntry> files;
  static constexpr std::size_t kFilesTold = 1'000;
  /// Where every file is listed, whole ones too; null if nobody asks for a list. Ledgers that are merged share it.
  std::shared_ptr<FileListing> listing;
  std::uint64_t records_seen = 0;
  std::uint64_t evaluated = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t out_of_range = 0;
  std::uint64_t malformed = 0;
  std::vector<RuleEntry> rules;
  /// Anything else a reader must know: "2 windows still open at the end", "interrupted", "evidence capped". Key is a
  /// stable word, value the sentence.
  std::map<std::string, std::string> notes;
  bool interrupted = false;
  bool unfinished_rules = false;  ///< some rule was not evaluated everywhere: `notes` tell

  /// Takes a file of which is known what became of it.
  void book(FileEntry&& file);

  /// Counts add up; rules are joined by (id, path), notes of one key sentence by sentence.
  void merge(Ledger other);
  /// False if the reading was interrupted, or a file holds, or may hold, events that nobody looked at, or not with
  /// every rule: exit status 1.
  [[nodiscard]] bool is_complete() const;
  /// True if anything was lost, be it one record: --strict turns that into exit status 1.
  [[nodiscard]] bool has_losses() const;
  /// `files`, the greatest loss first, then by path.
  [[nodiscard]] std::vector<const FileEntry*> files_in_order() const;

 private:
  void tell(FileEntry&& file);
};

/// The whole ledger as one JSON object, piece by piece: rules sorted by id. The list of files is that of its
/// listing, by path, which is given out once, or, without one, what there is to tell. An Error is that of the listing's
/// disk.
[[nodiscard]] Status write_json(const Ledger& ledger, const std::function<void(std::string_view)>& give);

}  // namespace trailhound
