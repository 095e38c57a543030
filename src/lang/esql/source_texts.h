#pragma once
/// Which expression begins at a place of the query: warnings know places, people want to read the expression.
///
///     const auto texts = source_texts(bound);
///     texts.at({1, 29}).text;                   // "a / b"

#include <map>
#include <string>
#include <utility>

#include "lang/esql/bound.h"

namespace trailhound::esql {

struct SourceText {
  std::string text;
  bool is_choice = false;  ///< CASE: what fails is a condition, which counts as false, not as null
};
/// Exact texts of all operations and calls by (line, column). Where several begin at one place it is the innermost,
/// which is the one that fails first.
using SourceTexts = std::map<std::pair<int, int>, SourceText>;
[[nodiscard]] SourceTexts source_texts(const BoundQuery& query);

}  // namespace trailhound::esql
