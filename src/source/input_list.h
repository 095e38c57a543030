#pragma once
/// Inputs in the order of their paths, as many as there are. A bucket holds millions of files: what is more than a few
/// megabytes of paths lies on disk.
///
///     InputList inputs;
///     TRY_VOID(inputs.add({"a.json", 512, true}));
///     TRY(const Input first, inputs.at(0));
///
/// Whoever adds gives them in order. `at` may be called by several threads at once, as long as nobody adds; to go
/// through all of them with it is cheap. An Error is that of the temporary disk.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/spill_file.h"
#include "source/input.h"

namespace trailhound::source {

class InputList {
 public:
  InputList() = default;
  /// `in_memory`: bytes that are kept before anything is written.
  explicit InputList(std::size_t in_memory) : in_memory_(in_memory) {}

  [[nodiscard]] Status add(const Input& input);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Result<Input> at(std::size_t index) const;
  /// Of all of them.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Whether all of them can be read a second time.
  [[nodiscard]] bool rereadable() const { return rereadable_; }

 private:
  [[nodiscard]] std::uint64_t on_disk() const { return file_ ? file_->size() : 0; }
  /// The bytes of a block, out of memory or, into `buffer`, from disk.
  [[nodiscard]] Result<std::string_view> block(std::size_t number, std::string& buffer) const;

  std::size_t in_memory_ = 2u << 20;
  std::size_t size_ = 0;
  std::uint64_t bytes_ = 0;
  bool rereadable_ = true;
  std::vector<std::uint64_t> blocks_;  ///< where each begins
  std::shared_ptr<SpillFile> file_;    ///< null as long as all fit into memory
  std::string newest_;                 ///< whole blocks, and the last one, behind those of the file
};

}  // namespace trailhound::source
