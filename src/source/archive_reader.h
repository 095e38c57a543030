#pragma once
/// bzip2, xz, zip and tar through libarchive, streaming. Internal to src/source.

#include <memory>
#include <string>

#include "source/byte_reader.h"

namespace trailhound::source {

/// bzip2 or xz: one stream of bytes.
class FilterReader : public ByteReader {
 public:
  FilterReader(ByteReader& below, InflationBudget& budget);
  ~FilterReader() override;
  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override;

 private:
  struct State;
  InflationBudget& budget_;
  std::unique_ptr<State> state_;
};

/// The entries of a zip or tar, one after the other; reads the bytes of the current entry.
class ArchiveReader : public ByteReader {
 public:
  ArchiveReader(ByteReader& below, InflationBudget& budget);
  ~ArchiveReader() override;

  /// Goes to the next regular file; false at the end or if the archive is damaged (then `problem` is set).
  bool next_entry();
  [[nodiscard]] const std::string& entry_name() const;
  [[nodiscard]] bool entry_encrypted() const;

  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override;

 private:
  struct State;
  InflationBudget& budget_;
  std::unique_ptr<State> state_;
};

}  // namespace trailhound::source
