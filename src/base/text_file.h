#pragma once
/// Small files that are read whole: rules, queries, lists, tables. Logs are read by src/source.
///
///     TRY(const std::string text, read_text_file(path, 10u << 20));

#include <cstddef>
#include <string>

#include "base/result.h"

namespace trailhound {

/// The bytes of a file, or of a pipe until it ends. An Error, with `path` as its place, if it cannot be opened or read
/// to its end, is a folder, or holds more than `most` bytes.
[[nodiscard]] Result<std::string> read_text_file(const std::string& path, std::size_t most);

}  // namespace trailhound
