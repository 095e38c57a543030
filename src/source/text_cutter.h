#pragma once
/// Files that are not JSON themselves but carry it: log lines with a JSON tail, CSV with a column of JSON. Internal to
/// src/source.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/record_cutter.h"

namespace trailhound::source {

/// What a text seems to be by its first lines.
struct TextForm {
  enum class Kind { prefixed_lines, csv, foreign } kind = Kind::foreign;
  FileOutcome outcome = FileOutcome::unreadable;  ///< if foreign
  std::string form;
  std::string reason;
  std::size_t column = 0;  ///< of a CSV: where the JSON is
};
[[nodiscard]] TextForm recognise_text(std::string_view beginning);

/// Lines such as `2024-01-01T00:00:00.000Z {...}` (CloudWatch Logs export tasks, syslog): what stands before the first
/// brace is blanked. A line without JSON is a damage.
class PrefixedLineCutter {
 public:
  explicit PrefixedLineCutter(CutContext& context) : context_(context), buffer_(context.buffer) {}
  bool run();

 private:
  [[nodiscard]] std::optional<std::size_t> lines_end() const;
  bool lines(std::size_t end);
  CutContext& context_;
  WindowBuffer& buffer_;
};

/// CSV after RFC 4180 with one column that holds whole records as JSON.
class CsvCutter {
 public:
  CsvCutter(CutContext& context, std::size_t column) : context_(context), buffer_(context.buffer), column_(column) {}
  bool run();

 private:
  bool row(const std::vector<std::string>& fields, std::size_t begin);
  bool flush();
  CutContext& context_;
  WindowBuffer& buffer_;
  std::size_t column_;
  std::string joined_ = "[";
  std::uint64_t rows_ = 0;
  std::size_t first_row_ = 0;
};

/// One row of a CSV text from `at` on, which is moved behind it; false if the text ends inside the row.
[[nodiscard]] bool read_csv_row(std::string_view text, bool ended, std::size_t& at, std::vector<std::string>& fields);

}  // namespace trailhound::source
