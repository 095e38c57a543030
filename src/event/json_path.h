#pragma once
/// From JSON to cells: one value as a cell, and dotted paths through a record. Inside src/event only.
///
///     JsonPath path("resources.ARN");
///     Cell cell = path.read(record.root(), arena);      // every ARN of the list: one cell with several values
///
/// A list in the path or at its end is flattened: its elements are looked into one by one and the cell holds the values
/// of all. A key that itself contains dots is tried before its parts: for `a.b.c` the keys "a.b.c", "a.b", "a", in this
/// order, the first one under which something is found. Where an object has a key twice the last one counts.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/json_tape.h"
#include "base/json_value.h"
#include "base/value.h"

namespace trailhound::event {

/// A JSON value as a cell: scalars keep their kind (unsigned integers beyond int64 become doubles), lists are flattened
/// and their nulls left out. A list with nothing but nulls is null, with nothing but objects (and nulls) an object.
[[nodiscard]] Cell cell_of(const json::Value& value, Arena& arena);

class JsonPath {
 public:
  /// Paths with more parts than this are refused by the open namespaces: the bound of the recursion in `read`.
  static constexpr std::size_t kMaxParts = 64;
  /// False for an empty path, an empty part ("a..b") or too many parts.
  [[nodiscard]] static bool is_valid(std::string_view dotted);

  /// `dotted` must be valid.
  explicit JsonPath(std::string_view dotted) : path_(dotted) {}

  /// Which objects at the end of a path count as there.
  enum class Objects { all, with_a_leaf };
  [[nodiscard]] Cell read(const json::Value& root, Arena& arena, Objects objects = Objects::all) const;
  [[nodiscard]] const std::string& text() const { return path_; }

 private:
  std::string path_;
};

}  // namespace trailhound::event
