#pragma once
/// Sets of code points, as ranges. A byte that belongs to no well-formed sequence counts as one character of its own,
/// outside of Unicode's range, so that `.` and `[^a]` match it and no literal does.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trailhound::plan {

using CodePoint = std::uint32_t;
inline constexpr CodePoint kLastUnicode = 0x10FFFF;
/// Stray byte b is kStrayByte + b.
inline constexpr CodePoint kStrayByte = 0x110000;
inline constexpr CodePoint kLastCodePoint = kStrayByte + 0xFF;

/// The character at `at` (< text.size()); advances `at` behind it.
[[nodiscard]] CodePoint next_code_point(std::string_view text, std::size_t& at);
void append_code_point(std::string& out, CodePoint code);

class CodePointSet {
 public:
  struct Range {
    CodePoint first = 0;
    CodePoint last = 0;
    bool operator==(const Range&) const = default;
    auto operator<=>(const Range&) const = default;
  };

  CodePointSet() = default;
  CodePointSet(CodePoint first, CodePoint last) : ranges_{{first, last}} {}
  [[nodiscard]] static CodePointSet all() { return {0, kLastCodePoint}; }

  void add(CodePoint first, CodePoint last);
  void add(const CodePointSet& other);
  [[nodiscard]] CodePointSet complement() const;
  [[nodiscard]] bool contains(CodePoint code) const;
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  /// Sorted; neither overlapping nor touching.
  [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }
  bool operator==(const CodePointSet&) const = default;
  auto operator<=>(const CodePointSet&) const = default;

 private:
  std::vector<Range> ranges_;
};

}  // namespace trailhound::plan
