#include "source/structure_scanner.h"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#define TRAILHOUND_AVX2 __attribute__((target("avx2,pclmul,bmi,popcnt")))
#endif

namespace trailhound::source {

std::size_t scan_structure_bytewise(const char* text, std::size_t size, StructureState& state) {
  for (std::size_t i = 0; i < size; ++i) {
    const char c = text[i];
    const bool escaped = state.escaped;
    state.escaped = false;
    if (c == '\\') {
      state.escaped = !escaped;
    } else if (c == '"') {
      if (!escaped) state.in_string = !state.in_string;
    } else if (state.in_string) {
      continue;
    } else if (c == '{' || c == '[') {
      ++state.depth;
    } else if (c == '}' || c == ']') {
      if (--state.depth < 0) return i;
    }
  }
  return size;
}

#if defined(__x86_64__)
namespace {

struct BlockMasks {
  std::uint64_t quotes, backslashes, opens, closes;
};

TRAILHOUND_AVX2 inline std::uint64_t equal_mask(__m256i low, __m256i high, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  const auto a = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
  const auto b = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
  return a | static_cast<std::uint64_t>(b) << 32;
}

TRAILHOUND_AVX2 inline BlockMasks masks_of(const char* block) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32));
  // Setting bit 5 turns '[' into '{' and ']' into '}', and nothing else into either.
  const __m256i bit5 = _mm256_set1_epi8(0x20);
  const __m256i low_folded = _mm256_or_si256(low, bit5);
  const __m256i high_folded = _mm256_or_si256(high, bit5);
  return {equal_mask(low, high, '"'), equal_mask(low, high, '\\'), equal_mask(low_folded, high_folded, '{'),
          equal_mask(low_folded, high_folded, '}')};
}

/// The bytes that a backslash escapes. Every run of backslashes escapes the byte behind it if its length is odd.
inline std::uint64_t escaped_bytes(std::uint64_t backslashes, bool& carry) {
  std::uint64_t escaped = 0;
  if (carry) {
    escaped = 1;
    backslashes &= ~std::uint64_t{1};
    carry = false;
  }
  while (backslashes != 0) {
    const int start = std::countr_zero(backslashes);
    const int length = std::countr_one(backslashes >> start);
    const int behind = start + length;
    if (length % 2 == 1) {
      if (behind == 64) {
        carry = true;
      } else {
        escaped |= std::uint64_t{1} << behind;
      }
    }
    if (behind == 64) break;
    backslashes &= ~std::uint64_t{0} << behind;  // NOLINT(clang-analyzer-core.BitwiseShift): below 64
  }
  return escaped;
}

/// Bit i is set if an odd number of quotes lies at or before i.
TRAILHOUND_AVX2 inline std::uint64_t inside_of(std::uint64_t quotes) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(quotes)), _mm_set1_epi8('\xff'), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

/// The first bracket of a block that takes the depth below zero, or 64.
inline int first_below_zero(std::uint64_t opens, std::uint64_t closes, std::int64_t depth) {
  for (std::uint64_t brackets = opens | closes; brackets != 0; brackets &= brackets - 1) {
    const int at = std::countr_zero(brackets);
    depth += (opens >> at & 1) != 0 ? 1 : -1;
    if (depth < 0) return at;
  }
  return 64;
}

TRAILHOUND_AVX2 std::size_t scan_avx2(const char* text, std::size_t size, StructureState& state) {
  std::uint64_t in_string = state.in_string ? ~std::uint64_t{0} : 0;
  std::size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    const BlockMasks masks = masks_of(text + i);
    std::uint64_t quotes = masks.quotes;
    if (masks.backslashes != 0 || state.escaped) quotes &= ~escaped_bytes(masks.backslashes, state.escaped);
    const std::uint64_t inside = inside_of(quotes) ^ in_string;
    const std::uint64_t opens = masks.opens & ~inside;
    const std::uint64_t closes = masks.closes & ~inside;
    in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
    const std::int64_t closing = std::popcount(closes);
    if (state.depth < closing) {
      const int stop = first_below_zero(opens, closes, state.depth);
      if (stop < 64) {
        state = {-1, false, false};
        return i + static_cast<std::size_t>(stop);
      }
    }
    state.depth += std::popcount(opens) - closing;
  }
  state.in_string = in_string != 0;
  return i + scan_structure_bytewise(text + i, size - i, state);
}

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
                          __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  return has;
}

}  // namespace
#endif

std::size_t scan_structure(const char* text, std::size_t size, StructureState& state) {
#if defined(__x86_64__)
  if (has_avx2()) return scan_avx2(text, size, state);
#endif
  return scan_structure_bytewise(text, size, state);
}

}  // namespace trailhound::source
