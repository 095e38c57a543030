#include "sink/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
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
      error_(other.error_) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  if (this != &other) {
    abandon();
    descriptor_ = std::exchange(other.descriptor_, -1);
    path_ = std::move(other.path_);
    temporary_ = std::move(other.temporary_);
    buffer_ = std::move(other.buffer_);
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
  buffer_ += text;
  if (buffer_.size() >= kBufferSize) flush();
}

void OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && error_ == 0) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written > 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno != EINTR) {
      error_ = errno;
    }
  }
  buffer_.clear();
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
