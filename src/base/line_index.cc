#include "base/line_index.h"

#include <algorithm>

namespace trailhound {

LineIndex::LineIndex(std::string_view text) : size_(text.size()) {
  starts_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    starts_.push_back(at + 1);
  }
}

LineColumn LineIndex::at(std::size_t offset) const {
  offset = std::min(offset, size_);
  const auto next = std::ranges::upper_bound(starts_, offset);
  return {static_cast<int>(next - starts_.begin()), static_cast<int>(offset - *(next - 1)) + 1};
}

}  // namespace trailhound
