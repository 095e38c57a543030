#include "engine/episode_belt.h"

#include <numeric>
#include <utility>

namespace trailhound::engine {

namespace {

std::size_t bytes_of(const EpisodeBelt::Chunk& chunk) {
  return std::accumulate(chunk.begin(), chunk.end(), std::size_t{0},
                         [](std::size_t sum, const auto& prepared) { return sum + prepared->bytes; });
}

}  // namespace

bool EpisodeBelt::push(std::size_t piece, Chunk&& chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const bool room = piece == front_ ? pieces_[piece].chunks.size() < kMostChunks : held_ < most_;
    return closed_ || room;
  });
  if (closed_) return false;
  held_ += bytes_of(chunk);
  pieces_[piece].chunks.push_back(std::move(chunk));
  if (piece == front_) changed_.notify_all();
  return true;
}

void EpisodeBelt::end(std::size_t piece) {
  const std::lock_guard lock(mutex_);
  pieces_[piece].ended = true;
  changed_.notify_all();
}

std::optional<EpisodeBelt::Chunk> EpisodeBelt::pop() {
  std::unique_lock lock(mutex_);
  Piece& piece = pieces_[front_];
  changed_.wait(lock, [&] { return closed_ || piece.ended || !piece.chunks.empty(); });
  if (closed_ || piece.chunks.empty()) return std::nullopt;
  Chunk chunk = std::move(piece.chunks.front());
  piece.chunks.pop_front();
  const std::size_t bytes = bytes_of(chunk);
  held_ -= bytes;
  const bool room_behind = held_ < most_ && held_ + bytes >= most_;
  if (room_behind || piece.chunks.size() + 1 == kMostChunks) changed_.notify_all();
  return chunk;
}

void EpisodeBelt::next_piece() {
  const std::lock_guard lock(mutex_);
  ++front_;
  changed_.notify_all();
}

void EpisodeBelt::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace trailhound::engine
