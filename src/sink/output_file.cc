#include "sink/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>
#include <utility>

namespace trailhound::sink {
namespace {

/// File systems take large pieces in half the time of small ones; larger than this is of no more use.
constexpr std::size_t kBufferSize = 256 * 1024;

std::string error_text(int code) { return std::generic_category().message(code); }

std::string hint_for(int code) {
  if (code == ENOSPC) return "free space on the device, or write elsewhere with --out";
  if (code == EACCES || code == EPERM) return "check the folder's permissions";
  if (code == ENOENT) return "create the folder first";
  return {};
}

/// A pipe or device cannot be replaced by renaming a new file over it.
bool is_special(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& path) {
  if (path == "-") return OutputFile(STDOUT_FILENO, "standard output", {});
  const bool special = is_special(path);
  std::string target = special ? path : path + ".partial";
  const int descriptor = ::open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (special ? 0 : O_TRUNC), 0644);
  if (descriptor < 0) {
    const int code = errno;
    return fail("cannot write: " + error_text(code), path, hint_for(code));
  }
  return OutputFile(descriptor, path, special ? std::string() : std::move(target));
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      buffer_(std::move(other.buffer_)),
      parts_(std::move(other.parts_)),
      waiting_(std::exchange(other.waiting_, 0)),
      error_(other.error_) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  if (this != &other) {
    abandon();
    descriptor_ = std::exchange(other.descriptor_, -1);
    path_ = std::move(other.path_);
    temporary_ = std::move(other.temporary_);
    buffer_ = std::move(other.buffer_);
    parts_ = std::move(other.parts_);
    waiting_ = std::exchange(other.waiting_, 0);
    error_ = other.error_;
  }
  return *this;
}

OutputFile::~OutputFile() { abandon(); }

void OutputFile::abandon() {
  if (descriptor_ < 0) return;
  if (descriptor_ != STDOUT_FILENO) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  descriptor_ = -1;
}

void OutputFile::write(std::string_view text) {
  if (error_ != 0) return;
  if (buffer_.capacity() < kBufferSize) buffer_.reserve(kBufferSize);
  while (!text.empty()) {
    if (buffer_.size() == buffer_.capacity()) flush();
    const std::string_view fitting = text.substr(0, buffer_.capacity() - buffer_.size());
    const std::size_t at = buffer_.size();
    buffer_ += fitting;
    add_part(std::string_view(buffer_).substr(at));
    text.remove_prefix(fitting.size());
  }
}

void OutputFile::write_lasting(std::string_view text) {
  constexpr std::size_t kWorthIt = 256;  // a part of its own costs more than to copy so few
  if (text.size() < kWorthIt) return write(text);
  if (error_ == 0) add_part(text);
}

void OutputFile::add_part(std::string_view text) {
  constexpr std::size_t kMostParts = 512;  // half of what systems take at once
  const bool goes_on =
      !parts_.empty() && static_cast<char*>(parts_.back().iov_base) + parts_.back().iov_len == text.data();
  if (goes_on) {
    parts_.back().iov_len += text.size();
  } else {
    parts_.push_back({const_cast<char*>(text.data()), text.size()});  // it is only read
  }
  waiting_ += text.size();
  if (waiting_ >= kBufferSize || parts_.size() >= kMostParts) flush();
}

void OutputFile::flush() {
  std::span<iovec> rest(parts_);
  while (!rest.empty() && error_ == 0) {
    const ssize_t written = ::writev(descriptor_, rest.data(), static_cast<int>(rest.size()));
    if (written < 0 && errno != EINTR) error_ = errno;
    if (written == 0) error_ = EIO;  // nothing goes on
    for (auto left = static_cast<std::size_t>(std::max<ssize_t>(written, 0)); left > 0;) {
      iovec& first = rest.front();
      const std::size_t taken = std::min(left, first.iov_len);
      first.iov_base = static_cast<char*>(first.iov_base) + taken;
      first.iov_len -= taken;
      left -= taken;
      if (first.iov_len == 0) rest = rest.subspan(1);
    }
  }
  parts_.clear();
  buffer_.clear();
  waiting_ = 0;
}

Status OutputFile::close() {
  flush();
  if (descriptor_ >= 0 && descriptor_ != STDOUT_FILENO) {
    if (::close(descriptor_) != 0 && error_ == 0) error_ = errno;
    if (error_ == 0 && !temporary_.empty() && ::rename(temporary_.c_str(), path_.c_str()) != 0) error_ = errno;
    if (error_ != 0 && !temporary_.empty()) ::unlink(temporary_.c_str());
  }
  descriptor_ = -1;
  if (error_ != 0) return fail("cannot write: " + error_text(error_), path_, hint_for(error_));
  return {};
}

}  // namespace trailhound::sink
