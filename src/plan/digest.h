#pragma once
/// The algorithms of HASH by their names in Java, in any case: "SHA-256", "sha256", "SHA3-512", "SHA-512/256".

#include <cstdint>
#include <optional>
#include <string_view>

namespace trailhound::plan {

enum class Digest : std::uint8_t {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  sha512_224,
  sha512_256,
  sha3_224,
  sha3_256,
  sha3_384,
  sha3_512,
};

/// Nothing for names that Java does not know, and for MD2.
[[nodiscard]] std::optional<Digest> digest_named(std::string_view name);

}  // namespace trailhound::plan
