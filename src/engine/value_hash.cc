#include "engine/value_hash.h"

#include <array>
#include <bit>
#include <cmath>
#include <string_view>
#include <variant>

#include "base/hash.h"
#include "base/overloaded.h"

namespace trailhound::engine {
namespace {

/// What tells kinds apart: 1 is not 1.0.
enum Kind : std::uint64_t { kNull = 1, kBoolean, kInteger, kReal, kText, kAddress };

std::uint64_t hash_of_bytes(std::string_view bytes, Kind kind) { return hash64(bytes) ^ kind * 0x9E37'79B9'7F4A'7C15u; }

std::uint64_t hash_of_bits(std::uint64_t bits, Kind kind) {
  const auto bytes = std::bit_cast<std::array<char, sizeof(bits)>>(bits);
  return hash_of_bytes({bytes.data(), bytes.size()}, kind);
}

/// Zero and minus zero are equal, and so are all that are no numbers.
std::uint64_t bits_of(double real) {
  if (std::isnan(real)) return ~std::uint64_t{0};
  return std::bit_cast<std::uint64_t>(real == 0 ? 0.0 : real);
}

}  // namespace

std::uint64_t hash_of_value(const Scalar& value) {
  return std::visit(
      Overloaded{[](bool truth) { return hash_of_bits(truth ? 1 : 0, kBoolean); },
                 [](std::int64_t number) { return hash_of_bits(static_cast<std::uint64_t>(number), kInteger); },
                 [](double real) { return hash_of_bits(bits_of(real), kReal); },
                 [](std::string_view text) { return hash_of_bytes(text, kText); },
                 [](const IpAddress& address) {
                   return hash_of_bytes({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()},
                                        kAddress);
                 }},
      value);
}

std::uint64_t hash_of_group(const std::vector<Value>& group) {
  std::uint64_t hash = group.size();
  for (const Value& part : group) {
    const std::uint64_t of_part = is_null(part) ? std::uint64_t{kNull} : hash_of_value(to_scalar(part));
    hash = (std::rotl(hash, 23) ^ of_part) * 0x9E37'79B9'7F4A'7C15u;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace trailhound::engine
