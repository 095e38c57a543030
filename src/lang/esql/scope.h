#pragma once
/// The columns in sight at one place of a pipeline, in order, and the commands that only move them about.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/esql/bound.h"
#include "lang/esql/syntax.h"

namespace trailhound::esql {

/// More columns at one place are refused.
inline constexpr std::size_t kMaxColumns = 5000;

class Scope {
 public:
  [[nodiscard]] const std::vector<Attribute>& columns() const { return columns_; }
  [[nodiscard]] const Attribute* find(std::string_view name) const;
  /// Removes a column of that name and appends the attribute (EVAL's order).
  void define(Attribute attribute);
  /// Puts the attribute in the place of the column of its name.
  void replace(const Attribute& attribute);
  void append(Attribute attribute) { columns_.push_back(std::move(attribute)); }
  void remove(std::string_view name);
  /// Gives a column another name where it stands; a column that had that name disappears.
  void rename(std::string_view from, std::string_view to);
  /// KEEP: the columns that `patterns` name, in the order of the list; where several name one column, an exact name
  /// beats a partial wildcard beats `*`, and among equals the rightmost wins.
  void keep(const std::vector<NamePattern>& patterns);
  void drop(const NamePattern& pattern);
  /// Whether the pattern names any column.
  [[nodiscard]] bool matches_any(const NamePattern& pattern) const;
  void clear() { columns_.clear(); }
  /// The nearest known name, or "".
  [[nodiscard]] std::string nearest(std::string_view name) const;

 private:
  std::vector<Attribute> columns_;
};

}  // namespace trailhound::esql
