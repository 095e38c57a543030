#include "base/line_index.h"

#include <algorithm>

#include "base/utf8.h"

namespace trailhound {

LineIndex::LineIndex(std::string_view text) : size_(text.size()) {
  starts_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    starts_.push_back(at + 1);
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (continues_character(text[at])) continuations_.push_back(at);
  }
}

LineColumn LineIndex::at(std::size_t offset) const {
  offset = std::min(offset, size_);
  const auto next = std::ranges::upper_bound(starts_, offset);
  const std::size_t start = *(next - 1);
  const auto continuations =
      std::ranges::lower_bound(continuations_, offset) - std::ranges::lower_bound(continuations_, start);
  const auto column = static_cast<int>(offset - start) - static_cast<int>(continuations) + 1;
  return {static_cast<int>(next - starts_.begin()), column};
}

}  // namespace trailhound
