#pragma once
/// Streams of bytes, and the chain they form: file → gzip → tar entry → gzip → ... Internal to src/source.
///
/// A reader never fails loudly: it delivers what it can, then says in `problem()` why it stopped early. So all complete
/// records before a damage are read. Readers do not own the reader below them.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "source/record_source.h"

namespace trailhound::source {

class ByteReader {
 public:
  virtual ~ByteReader() = default;
  /// Up to `size` bytes; 0 only at the end (or at the damage that ends it).
  virtual std::size_t read(char* out, std::size_t size) = 0;
  /// Why the stream ended early or is not to be trusted; empty if all is well. Includes the readers below.
  [[nodiscard]] virtual std::string problem() const = 0;
};

/// An open file descriptor. Counts what it reads in `consumed`. Where bytes may be long in coming (pipes, terminals) it
/// asks `stopped` now and then while it waits, and ends with a problem once that is true.
class FileReader : public ByteReader {
 public:
  using Stopped = std::function<bool()>;
  static Result<FileReader> open(const std::string& path, std::atomic<std::uint64_t>& consumed, Stopped stopped);
  static FileReader standard_input(std::atomic<std::uint64_t>& consumed, Stopped stopped);
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader() override;

  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override { return problem_; }

 private:
  FileReader(int descriptor, bool owned, bool waits, std::atomic<std::uint64_t>& consumed, Stopped stopped)
      : descriptor_(descriptor), owned_(owned), waits_(waits), stopped_(std::move(stopped)), consumed_(&consumed) {}
  bool wait_for_bytes();

  int descriptor_;
  bool owned_;
  bool waits_;  ///< a read may wait for somebody else
  Stopped stopped_;
  std::atomic<std::uint64_t>* consumed_;
  std::string problem_;
};

class MemoryReader : public ByteReader {
 public:
  MemoryReader(std::string_view bytes, std::atomic<std::uint64_t>& consumed) : rest_(bytes), consumed_(&consumed) {}

  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override { return {}; }

 private:
  std::string_view rest_;
  std::atomic<std::uint64_t>* consumed_;
};

/// Lets the first bytes be looked at before they are read.
class PeekReader : public ByteReader {
 public:
  explicit PeekReader(ByteReader& below) : below_(&below) {}

  /// The first `size` bytes, fewer if the stream is shorter. Before the first read only.
  std::string_view peek(std::size_t size);
  void skip(std::size_t size);

  std::size_t read(char* out, std::size_t size) override;
  [[nodiscard]] std::string problem() const override { return below_->problem(); }

 private:
  ByteReader* below_;
  std::string head_;
  std::size_t position_ = 0;
};

/// Keeps hostile archives within bounds: everything inflated out of one input, at whatever depth, is counted here.
class InflationBudget {
 public:
  InflationBudget(const Limits& limits, const std::atomic<std::uint64_t>& consumed)
      : limits_(limits), consumed_(&consumed) {}

  /// Counts `bytes` more; false, with the reason in `problem`, once a bound is passed.
  bool spend(std::uint64_t bytes, std::string& problem);

 private:
  const Limits& limits_;
  const std::atomic<std::uint64_t>* consumed_;
  std::uint64_t inflated_ = 0;
};

}  // namespace trailhound::source
