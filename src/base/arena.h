#pragma once
/// Memory for values that live as long as one batch: computed strings and lists of scalars that cells point to.
/// Not thread-safe; a worker has its own. `reset()` invalidates everything handed out and keeps the first blocks.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace trailhound {

class Arena {
 public:
  [[nodiscard]] std::string_view copy(std::string_view text) {
    char* at = static_cast<char*>(allocate(text.size(), 1));
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }
  [[nodiscard]] std::span<const Scalar> copy(std::span<const Scalar> scalars) {
    if (scalars.empty()) return {};
    auto* at = static_cast<Scalar*>(allocate(scalars.size_bytes(), alignof(Scalar)));
    std::uninitialized_copy(scalars.begin(), scalars.end(), at);
    return {at, scalars.size()};
  }
  /// Memory that it holds.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  void reset() {
    current_ = 0;
    used_ = 0;
    if (blocks_.size() > 1) blocks_.resize(1);  // a batch that was unusually wide does not hold its memory for ever
    bytes_ = blocks_.empty() ? 0 : blocks_.front().size;
  }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  void* allocate(std::size_t size, std::size_t align) {
    while (current_ < blocks_.size()) {
      const std::size_t start = (used_ + align - 1) / align * align;
      if (start + size <= blocks_[current_].size) {
        used_ = start + size;
        return blocks_[current_].bytes.get() + start;
      }
      ++current_;
      used_ = 0;
    }
    const std::size_t block = std::max<std::size_t>(size, kBlockSize);
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(block), block});
    bytes_ += block;
    current_ = blocks_.size() - 1;
    used_ = size;
    return blocks_.back().bytes.get();
  }

  static constexpr std::size_t kBlockSize = 64 * 1024;
  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace trailhound
