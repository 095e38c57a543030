#include "source/window_buffer.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "source/element_scanner.h"

namespace trailhound::source {

void WindowBuffer::reset(ByteReader& reader, WindowConsumer& consumer) {
  reader_ = &reader;
  consumer_ = &consumer;
  begin_ = end_ = filled_ = kFront;
  start_offset_ = 0;
  ended_ = asked_for_more_ = false;
  wanted_ = limits_.window_size;
  reserve(kReadAhead * limits_.window_size);
}

void WindowBuffer::end_stream() {
  begin_ = end_ = filled_ = kFront;
  ended_ = true;
  reserve(kReadAhead * limits_.window_size);
}

GiantTurn WindowBuffer::turn_for(std::size_t size) const {
  if (size <= kGiantSize || limits_.giants == nullptr) return {};
  return GiantTurn(*limits_.giants);
}

/// Room for the content, a bracket on either side and the parser's padding. Gives memory back when far too large.
void WindowBuffer::reserve(std::size_t content_size) {
  const std::size_t size = kFront + content_size + 1 + json::Document::kPadding;
  if (storage_.size() >= size && storage_.size() <= 4 * size) return;
  const std::size_t needed = std::max(size, filled_ + 1 + json::Document::kPadding);
  if (storage_.size() > needed) {
    storage_.resize(needed);
    storage_.shrink_to_fit();
  } else {
    storage_.resize(needed);
  }
}

void WindowBuffer::take(std::size_t position) {
  begin_ = position;
  asked_for_more_ = false;
  wanted_ = limits_.window_size;
}

void WindowBuffer::fill() {
  // A stretch of tiny values is not moved and read on for each of them.
  const std::size_t enough = asked_for_more_ ? wanted_ - 1 : wanted_ / 2;
  if (!ended_ && filled_ - begin_ <= enough) read_on();
  end_ = std::min(filled_, begin_ + wanted_);
}

void WindowBuffer::read_on() {
  if (begin_ > kFront) {
    std::memmove(storage_.data() + kFront, storage_.data() + begin_, filled_ - begin_);
    start_offset_ += begin_ - kFront;
    filled_ -= begin_ - kFront;
    begin_ = kFront;
  }
  const std::size_t most = std::max(wanted_, kReadAhead * limits_.window_size);
  reserve(most);
  while (filled_ < kFront + wanted_) {
    const std::size_t got = reader_->read(storage_.data() + filled_, kFront + most - filled_);
    if (got == 0) {
      ended_ = true;
      break;
    }
    filled_ += got;
  }
}

bool WindowBuffer::grow() {
  const std::size_t most = std::max(limits_.max_record, limits_.window_size);
  if (end_ - begin_ >= most) return false;
  wanted_ = std::min(most, 2 * std::max(wanted_, end_ - begin_));
  asked_for_more_ = true;
  return true;
}

bool WindowBuffer::emit(std::size_t from, std::size_t to) { return hand_out(from, to, true) != WindowAnswer::stop; }

WindowAnswer WindowBuffer::emit_unproven(std::size_t from, std::size_t to) { return hand_out(from, to, false); }

WindowAnswer WindowBuffer::hand_out(std::size_t from, std::size_t to, bool proven) {
  from = skip_space(text().substr(0, to), from);
  while (to > from && is_blank(storage_[to - 1])) --to;
  if (from >= to) return WindowAnswer::next;
  const char behind = std::exchange(storage_[to], ']');
  const char before = std::exchange(storage_[from - 1], '[');
  const RecordWindow window{storage_.data() + from - 1, to - from + 2, offset_of(from), true, 0, proven};
  const WindowAnswer answer = deliver(window);
  storage_[to] = behind;
  storage_[from - 1] = before;
  return answer;
}

bool WindowBuffer::emit_text(std::string& array_text, std::size_t from, bool literal, std::size_t inserted) {
  const std::size_t size = array_text.size();
  array_text.append(json::Document::kPadding, ' ');
  const RecordWindow window{array_text.data(), size, offset_of(from), literal, inserted, true};
  return deliver(window) != WindowAnswer::stop;
}

WindowAnswer WindowBuffer::deliver(const RecordWindow& window) const {
  const auto turn = turn_for(window.size);
  const bool stopped = turn && consumer_->stopped();  // meanwhile
  return stopped ? WindowAnswer::stop : consumer_->window(window);
}

}  // namespace trailhound::source
