#pragma once
/// A list of files with what became of each, in any number: what is more than a few megabytes lies on disk.
///
///     FileListing listing;
///     listing.add(file);                                             // by any thread, in any order
///     TRY_VOID(listing.give_out([&](std::string_view json) { ... })) // by path; once
///
/// What cannot be kept because the temporary disk failed is missing, which `status` says. Thread-safe until it is given
/// out.

#include <functional>
#include <mutex>
#include <string_view>

#include "base/file_entry.h"
#include "base/result.h"
#include "base/spill_sorter.h"

namespace trailhound {

class FileListing {
 public:
  void add(const FileEntry& file);
  /// Whether all that was added is there.
  [[nodiscard]] Status status();
  /// Each as a JSON object.
  [[nodiscard]] Status give_out(const std::function<void(std::string_view json)>& give);

 private:
  std::mutex mutex_;
  SpillSorter by_path_{{.budget = 8u << 20, .folder = {}}};
  Status added_;
};

}  // namespace trailhound
