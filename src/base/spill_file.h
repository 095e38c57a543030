#pragma once
/// Sorted runs of (key, payload) records in a temporary file that has no name: the disk half of `SpillSorter`.
///
/// One file holds any number of runs, one behind the other. A record is two 32-bit lengths and the bytes; the file is
/// never read by another process, so lengths are in the machine's byte order.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound {

/// An unlinked file, open for reading and writing; gone when closed.
class SpillFile {
 public:
  /// In `folder`, or the system's temporary folder if that is empty.
  [[nodiscard]] static Result<std::shared_ptr<SpillFile>> create(const std::string& folder);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  [[nodiscard]] Status append(std::string_view bytes);
  /// Fills `into` from `offset` on; reading less is an error.
  [[nodiscard]] Status read(std::uint64_t offset, char* into, std::size_t size) const;
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  SpillFile(int descriptor, std::string folder) : descriptor_(descriptor), folder_(std::move(folder)) {}

  int descriptor_;
  std::string folder_;
  std::uint64_t size_ = 0;
};

struct SpillRun {
  std::shared_ptr<SpillFile> file;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  /// Places to begin reading at, some hundred kilobytes apart, each with the key of the record there. Ascending.
  struct Mark {
    std::string key;
    std::uint64_t offset = 0;
  };
  std::vector<Mark> marks;
  std::size_t owner = 0;  ///< told of its records; whoever keeps several runs gives it
};

/// Keys from `from` to before `until`; without an end if that is nothing.
struct KeyRange {
  std::string from;
  std::optional<std::string> until;
};

/// Appends one run to a file through a buffer.
class SpillRunWriter {
 public:
  explicit SpillRunWriter(std::shared_ptr<SpillFile> file);
  [[nodiscard]] Status add(std::string_view key, std::string_view payload);
  [[nodiscard]] Result<SpillRun> finish();

 private:
  std::shared_ptr<SpillFile> file_;
  std::uint64_t start_;
  std::string buffer_;
  std::vector<SpillRun::Mark> marks_;
};

/// Something that delivers records in ascending order.
class SortedSource {
 public:
  virtual ~SortedSource() = default;
  /// Moves to the next record; false at the end. The views are valid until the next call.
  [[nodiscard]] virtual Result<bool> advance() = 0;

  std::string_view key;
  std::string_view payload;
  std::size_t owner = 0;  ///< of all records
};

/// Reads a run back, or the records of it with keys in a range, through a buffer, which is made when reading begins and
/// grows only for a record that is larger.
class SpillRunReader : public SortedSource {
 public:
  SpillRunReader(const SpillRun& run, std::size_t buffer_size, KeyRange range = {});
  [[nodiscard]] Result<bool> advance() override;

 private:
  /// Makes `size` bytes available at `at_`.
  [[nodiscard]] Status need(std::size_t size);
  [[nodiscard]] Result<bool> next_record();

  std::shared_ptr<SpillFile> file_;
  std::uint64_t start_;  // of what is not in the buffer yet
  std::uint64_t end_;
  std::size_t buffer_size_;
  KeyRange range_;
  bool in_range_ = false;  // past range_.from
  std::vector<char> buffer_;
  std::size_t at_ = 0;    ///< of the next record in buffer_
  std::size_t held_ = 0;  ///< bytes in buffer_
};

}  // namespace trailhound
