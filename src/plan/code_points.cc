#include "plan/code_points.h"

#include <algorithm>

#include "base/utf8.h"

namespace trailhound::plan {

CodePoint next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<CodePoint>(static_cast<unsigned char>(text[i])); };
  const std::size_t from = at;
  if (byte(from) < 0x80) {
    ++at;
    return byte(from);
  }
  const std::size_t size = utf8_sequence_size(text, from);
  at += size == 0 ? 1 : size;
  switch (size) {
    case 2:
      return (byte(from) & 0x1F) << 6 | (byte(from + 1) & 0x3F);
    case 3:
      return (byte(from) & 0x0F) << 12 | (byte(from + 1) & 0x3F) << 6 | (byte(from + 2) & 0x3F);
    case 4:
      return (byte(from) & 0x07) << 18 | (byte(from + 1) & 0x3F) << 12 | (byte(from + 2) & 0x3F) << 6 |
             (byte(from + 3) & 0x3F);
    default:
      return kStrayByte + byte(from);
  }
}

void append_code_point(std::string& out, CodePoint code) {
  if (code >= kStrayByte) {
    out += static_cast<char>(static_cast<unsigned char>(code - kStrayByte));
  } else {
    append_utf8(out, code);
  }
}

void CodePointSet::add(CodePoint first, CodePoint last) {
  // What overlaps or touches the new range becomes part of it.
  auto from = std::ranges::lower_bound(ranges_, first, {}, [](const Range& range) { return range.last + 1; });
  auto to = from;
  for (; to != ranges_.end() && to->first <= last + 1; ++to) {
    first = std::min(first, to->first);
    last = std::max(last, to->last);
  }
  from = ranges_.erase(from, to);
  ranges_.insert(from, {first, last});
}

void CodePointSet::add(const CodePointSet& other) {
  for (const Range& range : other.ranges_) add(range.first, range.last);
}

CodePointSet CodePointSet::complement() const {
  CodePointSet out;
  CodePoint next = 0;
  for (const Range& range : ranges_) {
    if (range.first > next) out.ranges_.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kLastCodePoint) out.ranges_.push_back({next, kLastCodePoint});
  return out;
}

bool CodePointSet::contains(CodePoint code) const {
  const auto at = std::ranges::lower_bound(ranges_, code, {}, &Range::last);
  return at != ranges_.end() && at->first <= code;
}

}  // namespace trailhound::plan
