#pragma once
/// Which expression begins at a place of the query: warnings know places, people want to read the expression.
///
///     const auto texts = source_texts(bound);
///     texts.find({1, 29}, 5)->text;             // "a / b"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "lang/esql/bound.h"

namespace trailhound::esql {

struct SourceText {
  std::string text;
  bool is_choice = false;  ///< CASE: what fails is a condition, which counts as false, not as null
};
/// Exact texts of all operations and calls, and of every LOOKUP JOIN.
class SourceTexts {
 public:
  void add(LineColumn at, SourceText text) { texts_.emplace(std::pair(at.line, at.column), std::move(text)); }
  /// Of those that begin there the one of that many bytes, else the one that was added first; null if none begins
  /// there.
  [[nodiscard]] const SourceText* find(LineColumn at, std::uint32_t length) const;

 private:
  std::multimap<std::pair<int, int>, SourceText> texts_;
};
/// Where several expressions begin at one place the innermost, which is the one that fails first, is added first.
[[nodiscard]] SourceTexts source_texts(const BoundQuery& query);

}  // namespace trailhound::esql
