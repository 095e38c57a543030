#pragma once
/// What the first bytes of a content say. Internal to src/source.

#include <string>
#include <string_view>

#include "base/ledger.h"

namespace trailhound::source {

enum class Magic { none, gzip, zstd, filtered, archive, refused };

struct Sniffed {
  Magic magic = Magic::none;
  FileOutcome outcome = FileOutcome::read;  ///< of what is refused
  std::string form;
  std::string reason;  ///< why, and what would help
};

/// Bytes that `sniff` wants to see.
inline constexpr std::size_t kSniffSize = 512;
[[nodiscard]] Sniffed sniff(std::string_view head);

}  // namespace trailhound::source
