#pragma once
/// The one buffer in which a file is read, cut and handed out. Internal to src/source.
///
///     | '[' | content: begin() .. end() | padding |
///
/// `fill` reads on until the content has the wanted size; what was taken is dropped. `emit` hands a stretch of the
/// content out as a window in place, putting brackets around it. Growth for a giant record is given back afterwards.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "source/byte_reader.h"
#include "source/record_source.h"

namespace trailhound::source {

class WindowBuffer {
 public:
  explicit WindowBuffer(const Limits& limits) : limits_(limits) {}

  /// Starts with a new stream.
  void reset(ByteReader& reader, WindowConsumer& consumer);

  /// Reads on until the content has the wanted size (a window, or more after `grow`) or the stream ends.
  void fill();
  /// Wants twice as much content at the next fill; false if a record may not be larger.
  bool grow();

  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] bool ended() const { return ended_; }  ///< nothing will follow the content
  /// Positions of begin() and end() are positions in this text; what lies before begin() is gone.
  [[nodiscard]] std::string_view text() const { return {storage_.data(), end_}; }
  [[nodiscard]] std::string_view content() const { return text().substr(begin_); }
  [[nodiscard]] char* data() { return storage_.data(); }
  /// Where the byte at `position` lies in the stream.
  [[nodiscard]] std::uint64_t offset_of(std::size_t position) const { return start_offset_ + position - kFront; }
  [[nodiscard]] std::uint64_t bytes_read() const { return offset_of(end_); }

  /// Drops the content before `position`.
  void take(std::size_t position);

  /// Hands out [from, to) of the content as a window; false if the consumer stops. Blank stretches are not handed out.
  bool emit(std::size_t from, std::size_t to);
  /// The same for a stretch whose end is a guess.
  WindowAnswer emit_unproven(std::size_t from, std::size_t to);
  /// The same for a text made from the content at [from, ...): see RecordWindow.
  bool emit_text(std::string& array_text, std::size_t from, bool literal, std::size_t inserted);

 private:
  static constexpr std::size_t kFront = 1;
  WindowAnswer hand_out(std::size_t from, std::size_t to, bool proven);
  void reserve(std::size_t content_size);

  const Limits& limits_;
  ByteReader* reader_ = nullptr;
  WindowConsumer* consumer_ = nullptr;
  std::vector<char> storage_;
  std::size_t begin_ = kFront;
  std::size_t end_ = kFront;
  std::size_t wanted_ = 0;
  std::uint64_t start_offset_ = 0;
  bool ended_ = false;
};

}  // namespace trailhound::source
