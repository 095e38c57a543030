#pragma once
/// Something to read: mostly a file.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trailhound::source {

struct Input {
  std::string path;         ///< as shown to the user; "-" for standard input
  std::uint64_t bytes = 0;  ///< size on disk, 0 if unknown; for progress only
  bool rereadable = false;  ///< can be read a second time, as standard input and pipes cannot
  /// What it holds, if it is no file but a text in memory, which must outlive the reading.
  std::optional<std::string_view> text = {};
};

}  // namespace trailhound::source
