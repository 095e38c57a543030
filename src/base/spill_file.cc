#include "base/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

namespace trailhound {

namespace {

constexpr std::size_t kWriteBuffer = 256 * 1024;
constexpr std::size_t kHeader = 2 * sizeof(std::uint32_t);
constexpr const char* kSpaceHint = "sorting needs room for temporary files: free some, or set TMPDIR to a larger disk";

std::unexpected<Error> failed(const std::string& what, const std::string& folder, int error) {
  return std::unexpected(Error{.what = what + ": " + std::generic_category().message(error),
                               .where = folder,
                               .hint = kSpaceHint,
                               .of_machine = true});
}

// Not every file system knows O_TMPFILE; there the name is removed at once.
int open_unnamed(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return descriptor;
  std::string name = folder + "/trailhound-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Result<std::shared_ptr<SpillFile>> SpillFile::create(const std::string& folder) {
  std::string place = folder;
  if (place.empty()) {
    std::error_code error;
    place = std::filesystem::temp_directory_path(error).string();
    if (error) return failed("cannot find a folder for temporary files", "", error.value());
  }
  const int descriptor = open_unnamed(place);
  if (descriptor < 0) return failed("cannot create a temporary file", place, errno);
  return std::shared_ptr<SpillFile>(new SpillFile(descriptor, std::move(place)));
}

SpillFile::~SpillFile() { ::close(descriptor_); }

Status SpillFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("cannot write a temporary file", folder_, written < 0 ? errno : ENOSPC);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return {};
}

Status SpillFile::read(std::uint64_t offset, char* into, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = ::pread(descriptor_, into, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return failed("cannot read a temporary file back", folder_, got < 0 ? errno : EIO);
    into += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

SpillRunWriter::SpillRunWriter(std::shared_ptr<SpillFile> file) : file_(std::move(file)), start_(file_->size()) {
  buffer_.reserve(kWriteBuffer);
}

Status SpillRunWriter::add(std::string_view key, std::string_view payload) {
  const std::uint32_t lengths[2] = {static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(payload.size())};
  if (buffer_.size() + kHeader + key.size() + payload.size() > kWriteBuffer) {
    TRY_VOID(file_->append(buffer_));
    buffer_.clear();
  }
  if (buffer_.empty()) marks_.push_back({std::string(key), file_->size()});
  buffer_.append(reinterpret_cast<const char*>(lengths), kHeader).append(key).append(payload);
  return {};
}

Result<SpillRun> SpillRunWriter::finish() {
  TRY_VOID(file_->append(buffer_));
  buffer_.clear();
  return SpillRun{.file = file_, .start = start_, .end = file_->size(), .marks = std::move(marks_)};
}

SpillRunReader::SpillRunReader(const SpillRun& run, std::size_t buffer_size, KeyRange range)
    : file_(run.file),
      start_(run.start),
      end_(run.end),
      buffer_size_(std::max<std::size_t>(buffer_size, kHeader)),
      range_(std::move(range)) {
  owner = run.owner;
  const auto first_from = [&](const std::string& bound) {
    return std::ranges::lower_bound(run.marks, bound, {}, &SpillRun::Mark::key);
  };
  // Records before the first mark in the range may be in it too.
  if (const auto mark = first_from(range_.from); mark != run.marks.begin()) start_ = std::prev(mark)->offset;
  if (!range_.until) return;
  if (const auto mark = first_from(*range_.until); mark != run.marks.end()) end_ = mark->offset;
  start_ = std::min(start_, end_);
}

Status SpillRunReader::need(std::size_t size) {
  if (held_ - at_ >= size) return {};
  if (buffer_.empty()) buffer_.resize(buffer_size_);
  std::memmove(buffer_.data(), buffer_.data() + at_, held_ - at_);
  held_ -= at_;
  at_ = 0;
  if (buffer_.size() < size) buffer_.resize(size);
  const auto wanted = std::min<std::uint64_t>(buffer_.size() - held_, end_ - start_);
  if (held_ + wanted < size) return fail("a temporary file ends early");
  TRY_VOID(file_->read(start_, buffer_.data() + held_, wanted));
  start_ += wanted;
  held_ += wanted;
  return {};
}

Result<bool> SpillRunReader::next_record() {
  if (at_ == held_ && start_ == end_) return false;
  std::uint32_t lengths[2];
  TRY_VOID(need(kHeader));
  std::memcpy(lengths, buffer_.data() + at_, kHeader);
  const std::size_t size = kHeader + lengths[0] + lengths[1];
  TRY_VOID(need(size));
  key = {buffer_.data() + at_ + kHeader, lengths[0]};
  payload = {key.data() + key.size(), lengths[1]};
  at_ += size;
  return true;
}

Result<bool> SpillRunReader::advance() {
  while (true) {
    TRY(const bool any, next_record());
    if (!any) return false;
    in_range_ = in_range_ || key >= range_.from;
    if (in_range_) return !range_.until || key < *range_.until;
  }
}

}  // namespace trailhound
