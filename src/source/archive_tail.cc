#include "source/archive_tail.h"

#include <algorithm>
#include <string_view>

namespace trailhound::source {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kEnd = "PK\x05\x06"sv, kEnd64 = "PK\x06\x06"sv, kLocator64 = "PK\x06\x07"sv;
constexpr std::size_t kEndBytes = 22, kEnd64Bytes = 56, kLocator64Bytes = 20, kLongestComment = 0xFFFF;
constexpr std::size_t kKept = kEnd64Bytes + kLocator64Bytes + kEndBytes + kLongestComment;
constexpr std::uint64_t kElsewhere = 0xFFFF'FFFF;  // said by the 64-bit form
constexpr std::size_t kTarBlock = 512;

}  // namespace

std::size_t ArchiveTail::read(char* out, std::size_t size) {
  const std::size_t got = below_.read(out, size);
  keep({out, got});
  return got;
}

void ArchiveTail::keep(std::string_view bytes) {
  passed_ += bytes.size();
  tail_.append(bytes);
  if (tail_.size() > 4 * kKept) tail_.erase(0, tail_.size() - kKept);
}

void ArchiveTail::read_rest() {
  std::string piece(64 * 1024, '\0');
  while (read(piece.data(), piece.size()) > 0) {
  }
}

/// Little-endian. REQUIRES: within the tail.
std::uint64_t ArchiveTail::number(std::size_t at, std::size_t bytes) const {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(tail_[at + i]);
  return value;
}

ArchiveTail::Directory ArchiveTail::read_directory(std::size_t at) const {
  const std::string_view tail = tail_;
  if (at >= kLocator64Bytes + kEnd64Bytes) {
    const std::size_t wide = at - kLocator64Bytes - kEnd64Bytes;
    if (tail.substr(at - kLocator64Bytes).starts_with(kLocator64)) {
      if (!tail.substr(wide).starts_with(kEnd64)) return {.offset = kElsewhere};
      return {number(wide + 32, 8), number(wide + 40, 8), number(wide + 48, 8), wide};
    }
  }
  return {number(at + 10, 2), number(at + 12, 4), number(at + 16, 4), at};
}

std::optional<ArchiveTail::Directory> ArchiveTail::find_directory() const {
  std::string_view before = tail_;
  while (true) {
    const std::size_t at = before.rfind(kEnd);
    if (at == std::string_view::npos) return std::nullopt;
    if (at + kEndBytes <= tail_.size() && at + kEndBytes + number(at + 20, 2) <= tail_.size())
      return read_directory(at);
    before = before.substr(0, at + kEnd.size() - 1);  // bytes of a comment that look like one
  }
}

std::string ArchiveTail::loss_of_zip(std::uint64_t found) {
  read_rest();
  const auto directory = find_directory();
  if (!directory) return "the zip ends without its directory: entries may be missing";
  const std::uint64_t ends_at = passed_ - tail_.size() + directory->ends_at;
  if (directory->offset == kElsewhere || directory->bytes == kElsewhere) return {};  // a form that is not known here
  // Some writers count in 32 bits whatever the size.
  if (static_cast<std::uint32_t>(ends_at - directory->bytes) != static_cast<std::uint32_t>(directory->offset)) {
    return "several zips lie one behind the other, or bytes are missing between the entries: only those of the first "
           "were read";
  }
  // There may be more: entries that were replaced stay where they are, and writers without the 64-bit form count in 16
  // bits.
  if (found >= directory->entries) return {};
  return "the zip's directory names " + std::to_string(directory->entries) + " entries, " + std::to_string(found) +
         " were found: the header of an entry is damaged";
}

std::string ArchiveTail::loss_of_tar() {
  read_rest();
  const std::string_view last = std::string_view(tail_).substr(tail_.size() - std::min(tail_.size(), kTarBlock));
  if (last.size() == kTarBlock && last.find_first_not_of('\0') == std::string_view::npos) return {};
  return "the tar ends without its end mark: entries may be missing";
}

}  // namespace trailhound::source
