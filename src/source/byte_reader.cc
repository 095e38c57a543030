#include "source/byte_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace trailhound::source {
namespace {

std::string text_of_errno(int code) { return std::generic_category().message(code); }

}  // namespace

Result<FileReader> FileReader::open(const std::string& path, std::atomic<std::uint64_t>& consumed, Stopped stopped) {
  // Opening a pipe would wait for its writer if O_NONBLOCK did not say otherwise; other files do not care.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return fail("cannot open: " + text_of_errno(errno), path);
  struct stat info{};
  const bool known = ::fstat(descriptor, &info) == 0;
  if (known && S_ISDIR(info.st_mode)) {
    ::close(descriptor);
    return fail("is a folder", path);
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return FileReader(descriptor, true, !known || !S_ISREG(info.st_mode), consumed, std::move(stopped));
}

FileReader FileReader::standard_input(std::atomic<std::uint64_t>& consumed, Stopped stopped) {
  struct stat info{};
  const bool waits = ::fstat(STDIN_FILENO, &info) != 0 || !S_ISREG(info.st_mode);
  return {STDIN_FILENO, false, waits, consumed, std::move(stopped)};
}

FileReader::FileReader(FileReader&& other) noexcept
    : descriptor_(other.descriptor_),
      owned_(std::exchange(other.owned_, false)),
      waits_(other.waits_),
      stopped_(std::move(other.stopped_)),
      consumed_(other.consumed_),
      problem_(std::move(other.problem_)) {}

FileReader::~FileReader() {
  if (owned_) ::close(descriptor_);
}

/// Until there are bytes, or the end; false if asked to stop. A pipe without a writer waits for its first one.
bool FileReader::wait_for_bytes() {
  constexpr int kMilliseconds = 100;
  for (;;) {
    if (stopped_()) return false;
    pollfd waited{descriptor_, POLLIN, 0};
    const int ready = ::poll(&waited, 1, kMilliseconds);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;  // read() tells what is wrong
  }
}

std::size_t FileReader::read(char* out, std::size_t size) {
  if (size == 0 || !problem_.empty()) return 0;
  for (;;) {
    if (waits_ && !wait_for_bytes()) {
      problem_ = "interrupted";
      return 0;
    }
    const ssize_t got = ::read(descriptor_, out, size);
    if (got >= 0) {
      consumed_->fetch_add(static_cast<std::uint64_t>(got), std::memory_order_relaxed);
      return static_cast<std::size_t>(got);
    }
    if (errno == EINTR || (waits_ && errno == EAGAIN)) continue;
    problem_ = "cannot read on: " + text_of_errno(errno);
    return 0;
  }
}

std::size_t MemoryReader::read(char* out, std::size_t size) {
  const std::size_t count = std::min(size, rest_.size());
  if (count == 0) return 0;
  std::memcpy(out, rest_.data(), count);
  rest_.remove_prefix(count);
  consumed_->fetch_add(count, std::memory_order_relaxed);
  return count;
}

std::string_view PeekReader::peek(std::size_t size) {
  while (head_.size() < size) {
    const std::size_t had = head_.size();
    head_.resize(size);
    const std::size_t got = below_->read(head_.data() + had, size - had);
    head_.resize(had + got);
    if (got == 0) break;
  }
  return std::string_view(head_).substr(0, size);
}

void PeekReader::skip(std::size_t size) { position_ = std::min(head_.size(), position_ + size); }

std::size_t PeekReader::read(char* out, std::size_t size) {
  if (position_ == head_.size()) return below_->read(out, size);
  const std::size_t count = std::min(size, head_.size() - position_);
  std::memcpy(out, head_.data() + position_, count);
  position_ += count;
  return count;
}

bool InflationBudget::spend(std::uint64_t bytes, std::string& problem) {
  inflated_ += bytes;
  if (inflated_ > limits_.max_inflated) {
    problem = "inflates to more than " + std::to_string(limits_.max_inflated) + " bytes";
    return false;
  }
  const std::uint64_t read = std::max<std::uint64_t>(1, consumed_->load(std::memory_order_relaxed));
  if (inflated_ > limits_.ratio_floor && inflated_ / read > limits_.max_ratio) {
    problem = "inflates to more than " + std::to_string(limits_.max_ratio) + " times its size";
    return false;
  }
  return true;
}

}  // namespace trailhound::source
