#pragma once
/// Counts brackets outside of strings: how deep is this place of a JSON text? Internal to src/source.
///
///     StructureState state;                       // depth 0, outside of a string
///     scan_structure(text, size, state);          // state.depth, state.in_string at the end
///
/// This proves the boundaries of windows in files where guessing them failed, so it looks at 64 bytes at a time where
/// the machine can (AVX2 and carry-less multiplication, chosen at run time). It does not check the grammar: brackets
/// are counted, not matched.

#include <cstddef>
#include <cstdint>

namespace trailhound::source {

struct StructureState {
  std::int64_t depth = 0;
  bool in_string = false;
  bool escaped = false;  ///< the last byte was a backslash that escapes the next

  [[nodiscard]] bool at_top() const { return depth == 0 && !in_string; }
};

/// Scans up to and including the first closing bracket that takes the depth below zero, and returns its position with
/// the state behind it; otherwise scans everything and returns `size`.
std::size_t scan_structure(const char* text, std::size_t size, StructureState& state);

/// The same byte by byte: for other machines, for short texts, and to test the fast one against.
std::size_t scan_structure_bytewise(const char* text, std::size_t size, StructureState& state);

}  // namespace trailhound::source
