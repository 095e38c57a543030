#include "source/input_list.h"

#include <cstring>

namespace trailhound::source {
namespace {

/// What is read from disk at once, for one of them.
constexpr std::size_t kInBlock = 32;

/// In front of each path.
struct Head {
  std::uint64_t bytes = 0;
  std::uint32_t path_size = 0;
  std::uint32_t rereadable = 0;
};

Head head_at(std::string_view block, std::size_t at) {
  Head head;
  std::memcpy(&head, block.data() + at, sizeof(head));
  return head;
}

}  // namespace

Status InputList::add(const Input& input) {
  const bool begins_block = size_ % kInBlock == 0;
  if (begins_block && newest_.size() > in_memory_) {
    if (!file_) {
      TRY(file_, SpillFile::create({}));
    }
    TRY_VOID(file_->append(newest_));
    newest_.clear();
  }
  if (begins_block) blocks_.push_back(on_disk() + newest_.size());
  const Head head{input.bytes, static_cast<std::uint32_t>(input.path.size()), input.rereadable ? 1u : 0u};
  newest_.append(reinterpret_cast<const char*>(&head), sizeof(head)).append(input.path);
  ++size_;
  bytes_ += input.bytes;
  rereadable_ = rereadable_ && input.rereadable;
  return {};
}

Result<std::string_view> InputList::block(std::size_t number, std::string& buffer) const {
  const std::uint64_t begin = blocks_[number];
  const std::uint64_t end = number + 1 < blocks_.size() ? blocks_[number + 1] : on_disk() + newest_.size();
  if (begin >= on_disk()) return std::string_view(newest_).substr(begin - on_disk(), end - begin);
  buffer.resize(end - begin);
  TRY_VOID(file_->read(begin, buffer.data(), buffer.size()));
  return std::string_view(buffer);
}

Result<Input> InputList::at(std::size_t index) const {
  std::string buffer;
  TRY(const std::string_view bytes, block(index / kInBlock, buffer));
  std::size_t at = 0;
  for (std::size_t skipped = index % kInBlock; skipped > 0; --skipped) {
    at += sizeof(Head) + head_at(bytes, at).path_size;
  }
  const Head head = head_at(bytes, at);
  return Input{std::string(bytes.substr(at + sizeof(Head), head.path_size)), head.bytes, head.rereadable != 0, {}};
}

}  // namespace trailhound::source
