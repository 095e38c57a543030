#pragma once
/// The one buffer in which a file is read, cut and handed out. Internal to src/source.
///
///     | '[' | content: begin() .. end() | read ahead | padding |
///
/// `fill` reads on until the content has the wanted size; what was taken is dropped. `emit` hands a stretch of the
/// content out as a window in place, putting brackets around it. What was read beyond a window becomes content a window
/// at a time, so that millions of tiny values behind a giant one do not get into one window; the room that a giant
/// needed is given back.

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/free_memory.h"
#include "source/byte_reader.h"
#include "source/record_source.h"

namespace trailhound::source {

/// Held while a giant is parsed; what that took is given back at its end.
class GiantTurn {
 public:
  GiantTurn() = default;
  explicit GiantTurn(std::mutex& giants) : lock_(giants) {}
  GiantTurn(GiantTurn&&) = default;
  GiantTurn& operator=(GiantTurn&&) = delete;
  ~GiantTurn() {
    if (lock_) give_free_memory_back();
  }
  explicit operator bool() const { return lock_.owns_lock(); }

 private:
  std::unique_lock<std::mutex> lock_;
};

class WindowBuffer {
 public:
  explicit WindowBuffer(const Limits& limits) : limits_(limits) {}

  /// Starts with a new stream.
  void reset(ByteReader& reader, WindowConsumer& consumer);

  /// Ends the stream, and gives back what a giant needed.
  void end_stream();

  /// To be held while `size` bytes are parsed: giants are parsed one at a time (see Limits::giants). Never while bytes
  /// are waited for: whoever sends them may be waiting for another reader.
  [[nodiscard]] GiantTurn turn_for(std::size_t size) const;

  /// Reads on until the content has the wanted size or the stream ends: a window, though half of one will do, or what
  /// `grow` asked for.
  void fill();
  /// Wants twice as much content at the next fill; false if a record may not be larger.
  bool grow();

  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] bool ended() const { return ended_ && end_ == filled_; }  ///< nothing will follow the content
  /// The content has more than a window: only what reaches up to `window_end`, or is one giant, is to be handed out.
  [[nodiscard]] bool is_grown() const { return end_ > window_end(); }
  [[nodiscard]] std::size_t window_end() const { return begin_ + limits_.window_size; }
  /// Positions of begin() and end() are positions in this text; what lies before begin() is gone.
  [[nodiscard]] std::string_view text() const { return {storage_.data(), end_}; }
  [[nodiscard]] std::string_view content() const { return text().substr(begin_); }
  [[nodiscard]] char* data() { return storage_.data(); }
  /// Where the byte at `position` lies in the stream.
  [[nodiscard]] std::uint64_t offset_of(std::size_t position) const { return start_offset_ + position - kFront; }
  [[nodiscard]] std::uint64_t bytes_read() const { return offset_of(filled_); }

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
  /// Windows that are read at one go: isa-l copies 64 KB at every call.
  static constexpr std::size_t kReadAhead = 4;
  WindowAnswer hand_out(std::size_t from, std::size_t to, bool proven);
  [[nodiscard]] WindowAnswer deliver(const RecordWindow& window) const;
  void read_on();
  void reserve(std::size_t content_size);

  const Limits& limits_;
  ByteReader* reader_ = nullptr;
  WindowConsumer* consumer_ = nullptr;
  std::vector<char> storage_;
  std::size_t begin_ = kFront;
  std::size_t end_ = kFront;
  std::size_t filled_ = kFront;  ///< end of what was read: not before end_
  std::size_t wanted_ = 0;
  std::uint64_t start_offset_ = 0;
  bool ended_ = false;
  bool asked_for_more_ = false;  ///< since something was taken
};

}  // namespace trailhound::source
