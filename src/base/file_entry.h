#pragma once
/// What became of one file, as the ledger tells it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"

namespace trailhound {

/// What became of a file (or of an entry inside an archive, named "a.zip!b/c.json").
enum class FileOutcome {
  read,       ///< read to its end
  partly,     ///< read, but something in it was damaged or lost: see `damages`
  set_aside,  ///< recognised as something that holds no events: a digest, Config history, a VPC flow log, an empty file
  not_read,   ///< holds events in a form that is not read yet (Parquet): the reason says what to do
  unreadable,  ///< could not be opened or is no form that is known
};
inline constexpr std::size_t kFileOutcomes = 5;
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

/// One object.
void write_json(json::Writer& writer, const FileEntry& file);

}  // namespace trailhound
