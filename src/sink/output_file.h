#pragma once
/// A file that is being written, or standard output ("-"). Errors are kept and reported by `close`; writing after one
/// is harmless. A file is written beside its name and renamed at `close`, so that a report is whole or not there; one
/// given up without `close` leaves nothing.

#include <sys/uio.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound::sink {

class OutputFile {
 public:
  [[nodiscard]] static Result<OutputFile> open(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  void write(std::string_view text);
  /// The same for a text that stays where it is until the file is closed: it is not copied.
  void write_lasting(std::string_view text);
  [[nodiscard]] Status close();
  /// The first error so far, to stop early.
  [[nodiscard]] bool failed() const { return error_ != 0; }

 private:
  OutputFile(int descriptor, std::string path, std::string temporary)
      : descriptor_(descriptor), path_(std::move(path)), temporary_(std::move(temporary)) {}
  void add_part(std::string_view text);
  void flush();
  void abandon();

  int descriptor_ = -1;
  std::string path_;
  std::string temporary_;     ///< empty: written in place (standard output, a device, a pipe)
  std::string buffer_;        ///< never larger than it was made: parts lie in it
  std::vector<iovec> parts_;  ///< to be written, in order: in the buffer, or elsewhere
  std::size_t waiting_ = 0;   ///< bytes in them
  int error_ = 0;
};

}  // namespace trailhound::sink
