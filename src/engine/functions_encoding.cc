// Base64 and digests of texts.

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "engine/function_kernels.h"
#include "plan/digest.h"
#include "source/base64.h"

namespace trailhound::engine::kernels {
namespace {

std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) out += i <= count ? kDigits[bits >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

/// Java's basic decoder: the standard alphabet; padding may be left out but must be right if it is there.
std::optional<std::string> decode_strictly(std::string_view text) {
  const std::size_t digits_end = std::min(text.find('='), text.size());
  const std::string_view padding = text.substr(digits_end);
  const std::size_t rest = digits_end % 4;
  if (!padding.empty() &&
      (padding.size() > 2 || rest + padding.size() != 4 || padding.find_first_not_of('=') != std::string_view::npos)) {
    return std::nullopt;
  }
  if (rest == 1 || text.find_first_of("-_\r\n") != std::string_view::npos) return std::nullopt;
  return source::decode_base64(text.substr(0, digits_end));
}

/// Bytes that are no UTF-8 become U+FFFD.
std::string as_utf8(std::string&& bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = utf8_sequence_size(bytes, at);
    if (size == 0) {
      out += "\xEF\xBF\xBD";
      ++at;
    } else {
      out.append(bytes, at, size);
      at += size;
    }
  }
  return out;
}

const EVP_MD* algorithm_named(std::string_view name) {
  const auto known = plan::digest_named(name);
  if (!known) return nullptr;
  static constexpr std::array<const EVP_MD* (*)(), 12> kDigests = {
      EVP_md5,        EVP_sha1,       EVP_sha224,   EVP_sha256,   EVP_sha384,   EVP_sha512,
      EVP_sha512_224, EVP_sha512_256, EVP_sha3_224, EVP_sha3_256, EVP_sha3_384, EVP_sha3_512};
  return kDigests.at(static_cast<std::size_t>(*known))();
}

Cell digest(const FunctionCall& call, const EVP_MD* algorithm, std::size_t index) {
  const auto text = call.text(index);
  if (!text) return Cell::null();
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (EVP_Digest(text->data(), text->size(), bytes.data(), &size, algorithm, nullptr) != 1) {
    return call.fail(Failure::argument, "the algorithm is not available on this machine");
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
  return call.text_result(out);
}

}  // namespace

Cell to_base64(const FunctionCall& call) {
  const auto text = call.text(0);
  return text ? call.text_result(encode_base64(*text)) : Cell::null();
}

Cell from_base64(const FunctionCall& call) {
  const auto text = call.text(0);
  if (!text) return Cell::null();
  auto bytes = decode_strictly(*text);
  return bytes ? call.text_result(as_utf8(*std::move(bytes))) : call.fail(Failure::conversion, "Illegal base64 text");
}

Cell md5(const FunctionCall& call) { return digest(call, EVP_md5(), 0); }
Cell sha1(const FunctionCall& call) { return digest(call, EVP_sha1(), 0); }
Cell sha256(const FunctionCall& call) { return digest(call, EVP_sha256(), 0); }

Cell hash(const FunctionCall& call) {
  const auto name = call.text(0);
  if (!name) return Cell::null();
  const EVP_MD* algorithm = algorithm_named(*name);
  if (algorithm == nullptr) {
    return call.fail(Failure::argument, std::string(*name) + " MessageDigest not available");
  }
  return digest(call, algorithm, 1);
}

}  // namespace trailhound::engine::kernels
