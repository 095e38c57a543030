#pragma once
/// Hashes: XXH3 for tables and ids. `Hash128` is stable across machines and versions: signal ids rest on it.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace trailhound {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Hash128&) const = default;
};

[[nodiscard]] std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
[[nodiscard]] Hash128 hash128(std::string_view bytes);
/// 32 lower-case hex digits.
[[nodiscard]] std::string to_hex(const Hash128& hash);

}  // namespace trailhound
