#include "engine/episode_belt.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace trailhound::engine {
namespace {

struct Numbered : EpisodeTaker::Prepared {
  explicit Numbered(int given) : number(given) {}
  int number;
};

EpisodeBelt::Chunk chunk_of(int first, int count) {
  EpisodeBelt::Chunk chunk;
  for (int i = 0; i < count; ++i) chunk.push_back(std::make_unique<Numbered>(first + i));
  return chunk;
}

// Pieces are filled by several threads, each with far more than the belt holds, and come out in order.
TEST(EpisodeBelt, KeepsTheOrderHoweverFarThreadsAreAhead) {
  constexpr int kPieces = 6, kChunks = 200, kInChunk = 20;
  EpisodeBelt belt(kPieces, 500'000);
  std::atomic<int> next{0};
  const auto fill = [&] {
    for (int piece = next++; piece < kPieces; piece = next++) {
      for (int c = 0; c < kChunks; ++c) {
        const int first = (piece * kChunks + c) * kInChunk;
        EXPECT_TRUE(belt.push(static_cast<std::size_t>(piece), chunk_of(first, kInChunk)));
      }
      belt.end(static_cast<std::size_t>(piece));
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(fill);
  int expected = 0;
  for (int piece = 0; piece < kPieces; ++piece) {
    while (const auto chunk = belt.pop()) {
      for (const auto& prepared : *chunk) ASSERT_EQ(static_cast<const Numbered&>(*prepared).number, expected++);
    }
    belt.next_piece();
  }
  EXPECT_EQ(expected, kPieces * kChunks * kInChunk);
}

// Nobody takes: the thread must not fill memory with the piece in front, and close() must set it free.
TEST(EpisodeBelt, WhatIsAheadWaitsUntilTheBeltIsClosed) {
  for (const std::size_t piece : {std::size_t{0}, std::size_t{1}}) {
    EpisodeBelt own(2, 1'000'000);
    std::atomic<int> pushed{0};
    auto filling = std::async(std::launch::async, [&] {
      while (pushed < 10'000 && own.push(piece, chunk_of(0, 32))) ++pushed;
    });
    EXPECT_EQ(filling.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
    EXPECT_GT(pushed, 0);
    EXPECT_LT(pushed, 200);
    own.close();
    filling.get();
    EXPECT_LT(pushed, 200);
    EXPECT_FALSE(own.pop());
  }
}

}  // namespace
}  // namespace trailhound::engine
