#include "source/structure_scanner.h"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#define TRAILHOUND_AVX2 __attribute__((target("avx2,pclmul,bmi,popcnt")))
#define TRAILHOUND_AVX512 __attribute__((target("avx2,pclmul,bmi,popcnt,avx512f,avx512bw")))
#endif

namespace trailhound::source {

namespace {

/// What a scan does at the brackets of the top: nothing, or noting elements. Chosen at compile time, as the plain scan
/// proves every window.
struct Ignore {
  static constexpr bool kWatches = false;
  void open(std::size_t) {}
  void close(std::size_t) {}
};
struct Note {
  static constexpr bool kWatches = true;
  std::vector<Element>& elements;
  void open(std::size_t at) { elements.push_back({at, 0}); }
  void close(std::size_t at) { elements.back().size = at + 1 - elements.back().begin; }
};

/// `offset` is added to the positions that are noted.
template <class Watcher>
std::size_t scan_bytewise(const char* text, std::size_t size, StructureState& state, std::size_t offset,
                          Watcher watcher) {
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
      if (state.depth++ == 0) watcher.open(offset + i);
    } else if (c == '}' || c == ']') {
      if (--state.depth < 0) return i;
      if (state.depth == 0) watcher.close(offset + i);
    }
  }
  return size;
}

}  // namespace

std::size_t scan_structure_bytewise(const char* text, std::size_t size, StructureState& state) {
  return scan_bytewise(text, size, state, 0, Ignore{});
}

std::size_t scan_elements_bytewise(const char* text, std::size_t size, StructureState& state,
                                   std::vector<Element>& elements) {
  return scan_bytewise(text, size, state, 0, Note{elements});
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

TRAILHOUND_AVX2 inline BlockMasks masks_of_avx2(const char* block) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32));
  // Setting bit 5 turns '[' into '{' and ']' into '}', and nothing else into either.
  const __m256i bit5 = _mm256_set1_epi8(0x20);
  const __m256i low_folded = _mm256_or_si256(low, bit5);
  const __m256i high_folded = _mm256_or_si256(high, bit5);
  return {equal_mask(low, high, '"'), equal_mask(low, high, '\\'), equal_mask(low_folded, high_folded, '{'),
          equal_mask(low_folded, high_folded, '}')};
}

TRAILHOUND_AVX512 inline BlockMasks masks_of_avx512(const char* block) {
  const __m512i bytes = _mm512_loadu_si512(block);
  const __m512i folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
  return {_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')), _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\')),
          _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{')), _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}'))};
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

/// Takes the brackets of one block one by one. The first that takes the depth below zero, or 64.
template <class Watcher>
inline int step_through(std::uint64_t opens, std::uint64_t closes, std::size_t block, std::int64_t& depth,
                        Watcher& watcher) {
  for (std::uint64_t brackets = opens | closes; brackets != 0; brackets &= brackets - 1) {
    const int at = std::countr_zero(brackets);
    if ((opens >> at & 1) != 0) {
      if (depth++ == 0) watcher.open(block + static_cast<std::size_t>(at));
    } else {
      if (--depth < 0) return at;
      if (depth == 0) watcher.close(block + static_cast<std::size_t>(at));
    }
  }
  return 64;
}

/// Carries a scan from block to block. The same whatever computes the masks, and inlined into either loop.
template <class Watcher>
struct BlockScan {
  std::int64_t depth;
  std::uint64_t in_string;
  bool escaped;
  Watcher watcher;

  BlockScan(const StructureState& state, Watcher watching)
      : depth(state.depth),
        in_string(state.in_string ? ~std::uint64_t{0} : 0),
        escaped(state.escaped),
        watcher(watching) {}

  /// The first bracket that takes the depth below zero, or 64.
  [[gnu::always_inline]] TRAILHOUND_AVX2 int take(const BlockMasks& masks, std::size_t block) {
    std::uint64_t quotes = masks.quotes;
    if (masks.backslashes != 0 || escaped) quotes &= ~escaped_bytes(masks.backslashes, escaped);
    const std::uint64_t inside = inside_of(quotes) ^ in_string;
    const std::uint64_t opens = masks.opens & ~inside;
    const std::uint64_t closes = masks.closes & ~inside;
    in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
    const std::int64_t closing = std::popcount(closes);
    // Might the block go below zero, or (if somebody watches) to zero?
    if (depth < closing + (Watcher::kWatches ? 1 : 0)) return step_through(opens, closes, block, depth, watcher);
    depth += std::popcount(opens) - closing;
    return 64;
  }
};

/// The end of either loop, which stopped at `stop` of the block at `i`, or before the last, unfinished block.
template <class Watcher>
std::size_t finish_scan(const char* text, std::size_t size, std::size_t i, int stop, BlockScan<Watcher>& scan,
                        StructureState& state) {
  if (stop < 64) {
    state = {-1, false, false};
    return i + static_cast<std::size_t>(stop);
  }
  state = {scan.depth, scan.in_string != 0, scan.escaped};
  return i + scan_bytewise(text + i, size - i, state, i, scan.watcher);
}

template <class Watcher>
TRAILHOUND_AVX2 std::size_t scan_avx2(const char* text, std::size_t size, StructureState& state, Watcher watcher) {
  BlockScan<Watcher> scan(state, watcher);
  std::size_t i = 0;
  int stop = 64;
  for (; i + 64 <= size && (stop = scan.take(masks_of_avx2(text + i), i)) == 64; i += 64) {
  }
  return finish_scan(text, size, i, stop, scan, state);
}

template <class Watcher>
TRAILHOUND_AVX512 std::size_t scan_avx512(const char* text, std::size_t size, StructureState& state, Watcher watcher) {
  BlockScan<Watcher> scan(state, watcher);
  std::size_t i = 0;
  int stop = 64;
  for (; i + 64 <= size && (stop = scan.take(masks_of_avx512(text + i), i)) == 64; i += 64) {
  }
  return finish_scan(text, size, i, stop, scan, state);
}

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
                          __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  return has;
}

bool has_avx512() {
  static const bool has = has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  return has;
}

template <class Watcher>
std::size_t scan(const char* text, std::size_t size, StructureState& state, Watcher watcher) {
  if (has_avx512()) return scan_avx512(text, size, state, watcher);
  if (has_avx2()) return scan_avx2(text, size, state, watcher);
  return scan_bytewise(text, size, state, 0, watcher);
}

}  // namespace
#else
namespace {

template <class Watcher>
std::size_t scan(const char* text, std::size_t size, StructureState& state, Watcher watcher) {
  return scan_bytewise(text, size, state, 0, watcher);
}

}  // namespace
#endif

std::size_t scan_structure(const char* text, std::size_t size, StructureState& state) {
  return scan(text, size, state, Ignore{});
}

std::size_t scan_elements(const char* text, std::size_t size, StructureState& state, std::vector<Element>& elements) {
  return scan(text, size, state, Note{elements});
}

}  // namespace trailhound::source
