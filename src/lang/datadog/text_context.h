#pragma once
/// Where a query or condition stands in its rule file, so that a finding about its third word names a line and column
/// of the file.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"

namespace trailhound::lang::datadog {

struct TextContext {
  Place place;                 ///< file, rule and key; `at` is the text's own place, used if `in_file` knows nothing
  std::string_view file_text;  ///< for snippets; may be empty
  /// Position in the file of a position inside the text; empty, or giving line 0, where the two cannot be mapped.
  std::function<LineColumn(LineColumn)> in_file;
};

/// Position in the file of byte `offset` of `text`; line 0 if unknown.
[[nodiscard]] LineColumn file_position(const TextContext& context, std::string_view text, std::size_t offset);

/// A finding about byte `offset` of `text`. The snippet shows the file's line or, if the position in the file is
/// unknown, the line of the text itself.
Diagnostic& report(Diagnostics& diagnostics, Diagnostic::Severity severity, std::string_view code,
                   const TextContext& context, std::string_view text, std::size_t offset, std::string message,
                   std::string hint = {});

}  // namespace trailhound::lang::datadog
