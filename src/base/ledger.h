#pragma once
/// The account of what was seen and what became of it. Nothing is dropped without an entry, and the sums add up:
///
///     records_seen == evaluated + duplicate + out_of_range + malformed
///
/// (`evaluated` are the distinct records in range that every rule saw.) A worker fills a Ledger of its own; `merge`
/// joins them in any order with the same result. Details (damages) are capped a file and in all; the counts are exact.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"

namespace trailhound {

/// What became of a file (or of an entry inside an archive, named "a.zip!b/c.json").
enum class FileOutcome {
  read,       ///< read to its end
  partly,     ///< read, but something in it was damaged or lost: see `damages`
  set_aside,  ///< recognised as something that holds no events: a digest, Config history, a VPC flow log, an empty file
  not_read,   ///< holds events in a form that is not read yet (Parquet): the reason says what to do
  unreadable,  ///< could not be opened or is no form that is known
};
[[nodiscard]] std::string_view name_of(FileOutcome outcome);

struct Damage {
  std::uint64_t offset = 0;  ///< in bytes of the inflated content
  std::string reason;
};

struct FileEntry {
  std::string path;
  std::string form;  ///< "cloudtrail records", "json lines", "digest", ...; empty if unknown
  FileOutcome outcome = FileOutcome::read;
  std::string reason;       ///< for every outcome but `read`
  std::uint64_t bytes = 0;  ///< inflated bytes read
  std::uint64_t records = 0;
  std::uint64_t malformed = 0;
  /// Bytes that may hold events were never looked at: the file could not be opened, reading it failed, it ends too
  /// early, or it needs unpacking first. Other damage costs a record, this costs all that would have followed.
  bool left_unread = false;
  std::uint64_t damage_count = 0;
  std::vector<Damage> damages;  ///< the first ones, see kDamagesKept

  static constexpr std::size_t kDamagesKept = 20;
  void damage(std::uint64_t offset, std::string why);
  /// Read to its end, and nothing in it was lost.
  [[nodiscard]] bool is_whole() const {
    return outcome == FileOutcome::read && malformed == 0 && damage_count == 0 && !left_unread;
  }
};

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

struct Ledger {
  std::vector<FileEntry> files;
  std::uint64_t unlisted = 0;  ///< whole files that nobody wants to see a list of: only counted
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

  /// Takes a file that was read. Whole ones may be many: they are only counted unless they are to be listed.
  void book(FileEntry&& file, bool list_whole);
  [[nodiscard]] std::uint64_t file_count() const { return files.size() + unlisted; }

  /// Counts add up; rules are joined by (id, path), notes of one key sentence by sentence.
  void merge(Ledger other);
  /// False if the reading was interrupted, or a file holds, or may hold, events that nobody looked at, or not with
  /// every rule: exit status 1.
  [[nodiscard]] bool is_complete() const;
  /// True if anything was lost, be it one record: --strict turns that into exit status 1.
  [[nodiscard]] bool has_losses() const;
};

/// The whole ledger as one JSON object, files sorted by path, rules by id; at most 10,000 damages are listed.
[[nodiscard]] std::string to_json(const Ledger& ledger);
/// The same, piece by piece.
void write_json(const Ledger& ledger, const std::function<void(std::string_view)>& give);

}  // namespace trailhound
