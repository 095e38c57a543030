#pragma once
/// What the first bytes of a content say. Internal to src/source.

#include <string>
#include <string_view>

namespace trailhound::source {

enum class Magic { none, gzip, zstd, filtered, archive, parquet, refused };

struct Sniffed {
  Magic magic = Magic::none;
  std::string form;    ///< of what is refused
  std::string reason;  ///< why, and what would help
};

/// Bytes that `sniff` wants to see.
inline constexpr std::size_t kSniffSize = 512;
[[nodiscard]] Sniffed sniff(std::string_view head);

}  // namespace trailhound::source
