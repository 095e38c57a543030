#pragma once
/// ES|QL text in, syntax tree out. The grammar is in syntax.h.
///
///     Reporter reporter(text, origin, diagnostics);
///     Query query = parse(text, reporter);
///     if (reporter.errors() == 0) { ... }
///
/// A syntax error ends its command; reading goes on behind the next `|`, so several are found in one pass. With errors
/// the tree holds what was understood and must not be used further. Bounds: kMaxText bytes, kMaxDepth levels.

#include <cstddef>
#include <optional>
#include <string_view>

#include "lang/esql/parameters.h"
#include "lang/esql/syntax.h"
#include "lang/reporter.h"

namespace trailhound::esql {

inline constexpr std::size_t kMaxText = 256 * 1024;

/// A time span given as text: "3 days". Nothing if it is none.
[[nodiscard]] std::optional<TimeSpan> parse_span(std::string_view text);

/// `parameters`: what `?name` and `??name` stand for; null: the query may have none (a rule).
[[nodiscard]] Query parse(std::string_view text, Reporter& reporter, const Parameters* parameters = nullptr);

}  // namespace trailhound::esql
