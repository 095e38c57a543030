#include "plan/digest.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ascii.h"

namespace trailhound::plan {

std::optional<Digest> digest_named(std::string_view name) {
  static constexpr auto kNames = std::to_array<std::pair<std::string_view, Digest>>({
      {"md5", Digest::md5},
      {"sha", Digest::sha1},
      {"sha1", Digest::sha1},
      {"sha-1", Digest::sha1},
      {"sha224", Digest::sha224},
      {"sha-224", Digest::sha224},
      {"sha256", Digest::sha256},
      {"sha-256", Digest::sha256},
      {"sha384", Digest::sha384},
      {"sha-384", Digest::sha384},
      {"sha512", Digest::sha512},
      {"sha-512", Digest::sha512},
      {"sha512/224", Digest::sha512_224},
      {"sha-512/224", Digest::sha512_224},
      {"sha512/256", Digest::sha512_256},
      {"sha-512/256", Digest::sha512_256},
      {"sha3-224", Digest::sha3_224},
      {"sha3-256", Digest::sha3_256},
      {"sha3-384", Digest::sha3_384},
      {"sha3-512", Digest::sha3_512},
  });
  const std::string lower = lower_ascii(name);
  const auto* known = std::ranges::find(kNames, lower, &std::pair<std::string_view, Digest>::first);
  return known == kNames.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace trailhound::plan
