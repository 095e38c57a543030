#pragma once
/// Decompressing readers. Internal to src/source.

#include <memory>
#include <string>
#include <vector>

#include "source/byte_reader.h"

namespace trailhound::source {

/// gzip through isa-l: checksums verified, concatenated members read as one stream, zero padding behind the last member
/// tolerated, anything else behind it reported.
class GzipReader : public ByteReader {
 public:
  GzipReader(ByteReader& below, InflationBudget& budget);
  ~GzipReader() override;

  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override;

 private:
  struct State;
  bool refill();
  bool start_next_member();

  ByteReader& below_;
  InflationBudget& budget_;
  std::unique_ptr<State> state_;
  bool below_ended_ = false;
  bool ended_ = false;
  std::string problem_;
};

/// zstd, all frames.
class ZstdReader : public ByteReader {
 public:
  ZstdReader(ByteReader& below, InflationBudget& budget);
  ~ZstdReader() override;

  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override;

 private:
  struct State;
  ByteReader& below_;
  InflationBudget& budget_;
  std::unique_ptr<State> state_;
  bool ended_ = false;
  std::string problem_;
};

/// gzip (or plain text) in memory, as in a base64 field: nothing if damaged or larger than `max_size`.
[[nodiscard]] bool inflate_memory(std::string_view bytes, std::size_t max_size, std::string& out);

}  // namespace trailhound::source
