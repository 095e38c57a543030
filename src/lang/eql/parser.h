#pragma once
/// EQL text → syntax tree.
///
///     auto statement = eql::parse(text, reporter);   // none if an error was reported
///
/// The first error ends the reading. Never throws; bounded in length, depth and number of terms.

#include <optional>
#include <string_view>

#include "lang/eql/syntax.h"
#include "lang/reporter.h"

namespace trailhound::eql {

[[nodiscard]] std::optional<Statement> parse(std::string_view text, lang::Reporter& reporter);

}  // namespace trailhound::eql
