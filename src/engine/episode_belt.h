#pragma once
/// Carries what threads prepare of episodes, piece by piece of the stream, to the one thread that takes it in order.
///
///     belt.push(piece, std::move(chunk));     // any thread; each piece is filled by one
///     belt.end(piece);
///     while (auto chunk = belt.pop()) ...     // of the front piece, until it has ended
///     belt.next_piece();
///
/// Holds about so many bytes: a thread that is ahead waits. Some pieces give many episodes and others, as dear, give
/// few, so the bound is wide. The piece in front may always have kMostChunks, so that it goes on. Pieces must be begun
/// in order, so that the one in front is always filled by somebody. Inside src/engine only.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/state.h"

namespace trailhound::engine {

class EpisodeBelt {
 public:
  using Chunk = std::vector<std::unique_ptr<EpisodeTaker::Prepared>>;

  EpisodeBelt(std::size_t pieces, std::size_t bytes) : most_(bytes), pieces_(pieces) {}

  /// False once the belt is closed.
  bool push(std::size_t piece, Chunk&& chunk);
  void end(std::size_t piece);
  /// Waits for a chunk of the front piece. Nothing once the piece has ended and is empty, or the belt is closed.
  std::optional<Chunk> pop();
  void next_piece();
  /// Whoever waits goes on; nothing is carried any more.
  void close();

 private:
  static constexpr std::size_t kMostChunks = 32;
  struct Piece {
    std::deque<Chunk> chunks;
    bool ended = false;
  };

  const std::size_t most_;
  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::vector<Piece> pieces_;
  std::size_t front_ = 0;
  std::size_t held_ = 0;  // bytes in all pieces
  bool closed_ = false;
};

}  // namespace trailhound::engine
