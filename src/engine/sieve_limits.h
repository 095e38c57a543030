#pragma once
/// How much a worker's sieve (sieve.h) notes at most. More memory, fewer hits that are made for nothing.

#include <cstddef>

namespace trailhound::engine {

struct SieveLimits {
  std::size_t notes = 4096;        ///< times, of each condition
  std::size_t chains = 1u << 16;   ///< groups of new terms, in all
  std::size_t entries = 1u << 19;  ///< values and buckets, of each anomaly job
};

}  // namespace trailhound::engine
