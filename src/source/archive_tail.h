#pragma once
/// What the last bytes of an archive tell about the rest of it. Internal to src/source.
///
/// Archives are read as they come, entry by entry, and a damaged header is passed over without a word. A zip ends with
/// a count of its entries, a tar with a block of zeros: whoever compares knows whether something is missing.
///
///     ArchiveTail tail(below);                    // the archive is read through it
///     std::string loss = tail.loss_of_zip(3);     // three entries were found; "" if that is all of them
///
/// Zip: APPNOTE.TXT 4.3.14 to 4.3.16 (end of central directory, with its 64-bit forms). Tar: POSIX.1-2017, pax,
/// "ustar Interchange Format".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "source/byte_reader.h"

namespace trailhound::source {

class ArchiveTail : public ByteReader {
 public:
  explicit ArchiveTail(ByteReader& below) : below_(below) {}
  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override { return below_.problem(); }

  /// Why entries of a zip are missing, of which so many were found. Reads what is left.
  [[nodiscard]] std::string loss_of_zip(std::uint64_t found);
  /// Why entries of a tar may be missing. Reads what is left.
  [[nodiscard]] std::string loss_of_tar();

 private:
  /// What the end of a zip says of it.
  struct Directory {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;   ///< of the directory
    std::uint64_t offset = 0;  ///< where it begins
    std::size_t ends_at = 0;   ///< in tail_
  };
  void keep(std::string_view bytes);
  void read_rest();
  [[nodiscard]] std::optional<Directory> find_directory() const;
  [[nodiscard]] Directory read_directory(std::size_t at) const;
  [[nodiscard]] std::uint64_t number(std::size_t at, std::size_t bytes) const;

  ByteReader& below_;
  std::string tail_;
  std::uint64_t passed_ = 0;  ///< bytes of the archive so far
};

}  // namespace trailhound::source
