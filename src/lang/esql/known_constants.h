#pragma once
/// What expressions are before any row is read: `EVAL count = "3 ", span = CONCAT(count, "days")` makes both columns
/// known, so that `@timestamp - span::date_period` has its time span, and a column may be the pattern of LIKE. Only
/// where the language asks for a constant: elsewhere expressions stay as they are and are evaluated, warnings and all,
/// by the engine.

#include <map>

#include "lang/esql/bound.h"

namespace trailhound::esql {

class KnownConstants {
 public:
  /// Remembers the column if its value is known.
  void define(AttributeId column, const BoundPtr& value);
  /// The value as a constant, a time span, or NOW() moved by time spans, that keeps the place and text of the
  /// expression; null if it is not known: columns of events, most functions, and arithmetic that fails.
  [[nodiscard]] BoundPtr value_of(const BoundPtr& expression) const;

 private:
  [[nodiscard]] BoundPtr arithmetic(const BoundPtr& expression) const;
  [[nodiscard]] BoundPtr comparison(const BoundPtr& expression) const;
  [[nodiscard]] BoundPtr moved_date(const BoundPtr& expression) const;
  [[nodiscard]] BoundPtr concatenation(const BoundPtr& expression) const;
  [[nodiscard]] BoundPtr change_of_case(const BoundPtr& expression) const;
  [[nodiscard]] BoundPtr cast(const BoundPtr& expression) const;

  std::map<AttributeId, BoundPtr> columns_;
};

}  // namespace trailhound::esql
