#pragma once
/// Helpers of the tests of src/event: texts in, batches out.

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/json_value.h"
#include "base/ledger.h"
#include "event/batch_reader.h"
#include "source/record_source.h"

namespace trailhound::event {

/// A record with what the record test asks for and, before it, `members` ("\"eventID\":\"a\",").
inline std::string record_with(std::string_view members) {
  return "{" + std::string(members) +
         R"("eventVersion":"1.08","eventTime":"2024-03-01T12:00:00Z","eventName":"ListUsers"})";
}

/// "[a,b,c]"
inline std::string array_of(const std::vector<std::string>& elements) {
  std::string text = "[";
  for (std::size_t i = 0; i < elements.size(); ++i) text += (i > 0 ? "," : "") + elements[i];
  return text + "]";
}

/// Reads one window that lies at `offset` in the file.
inline FileEntry read_window(BatchReader& reader, std::string_view array, const std::function<void(Batch&)>& consume,
                             std::uint64_t offset = 1) {
  std::string text(array);
  text.append(json::Document::kPadding, ' ');
  FileEntry file;
  file.path = "a.json";
  source::RecordWindow window;
  window.text = text.data();
  window.size = array.size();
  window.offset = offset;
  static_cast<void>(reader.read(window, file, consume));
  return file;
}

/// Reads a file's bytes as a scan would and hands on every batch.
class BatchSource : public source::WindowConsumer {
 public:
  explicit BatchSource(std::function<void(Batch&)> consume) : consume_(std::move(consume)) {}

  void begin_file(FileEntry& file) override { file_ = &file; }
  source::WindowAnswer window(const source::RecordWindow& window) override {
    return reader.read(window, *file_, consume_);
  }
  void end_file(FileEntry&& file) override { files.push_back(std::move(file)); }

  BatchReader reader;
  std::vector<FileEntry> files;

 private:
  std::function<void(Batch&)> consume_;
  FileEntry* file_ = nullptr;
};

/// The text of a cell for comparisons: "absent", "null", "[]", "{}", "a", "5", "a|b".
inline std::string show(const Cell& cell) {
  switch (cell.state()) {
    case Cell::State::absent:
      return "absent";
    case Cell::State::null:
      return "null";
    case Cell::State::empty:
      return "[]";
    case Cell::State::object:
      return "{}";
    case Cell::State::values:
      break;
  }
  std::string text;
  for (const Scalar& scalar : cell.values()) {
    if (!text.empty()) text += '|';
    text += std::holds_alternative<std::string_view>(scalar) ? to_text(scalar) : "#" + to_text(scalar);
  }
  return text;
}

}  // namespace trailhound::event
