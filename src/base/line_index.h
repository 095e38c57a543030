#pragma once
/// Lines and columns of many places in one text, without counting from its beginning for each.
///
///     const LineIndex lines(query);
///     reporter.error(code, lines.at(token.begin), "...");
///
/// Columns count characters, as Elasticsearch's errors about queries do: bytes that do not go on with one.
///
/// For a place or two, `line_column_of` (base/diagnostics.h) does, in bytes. The text need not outlive the index.

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace trailhound {

class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  /// Line and column, from 1, of the byte at `offset`; beyond the text, of its end.
  [[nodiscard]] LineColumn at(std::size_t offset) const;

 private:
  std::size_t size_;
  std::vector<std::size_t> starts_;         ///< of lines
  std::vector<std::size_t> continuations_;  ///< bytes of characters behind their first
};

}  // namespace trailhound
