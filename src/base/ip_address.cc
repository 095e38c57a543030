#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/ascii.h"

namespace trailhound {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int kMappedBits = 96;

std::optional<IpAddress> parse_v4(std::string_view text) {
  IpAddress address;
  std::ranges::copy(kMappedPrefix, address.bytes.begin());
  std::size_t at = 0;
  for (std::size_t octet = 0; octet < 4; ++octet) {
    if (octet > 0 && (at >= text.size() || text[at++] != '.')) return std::nullopt;
    const std::size_t start = at;
    unsigned number = 0;
    while (at < text.size() && at - start < 3 && is_digit(text[at])) {
      number = number * 10 + static_cast<unsigned>(text[at++] - '0');
    }
    const bool leading_zero = at - start > 1 && text[start] == '0';
    if (at == start || leading_zero || number > 255) return std::nullopt;
    address.bytes[12 + octet] = static_cast<std::uint8_t>(number);
  }
  if (at != text.size()) return std::nullopt;
  return address;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> terminated{};  // inet_pton wants a C string
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(terminated.data(), text.data(), text.size());
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.data(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

// True if the first `bits` bits are equal.
bool same_prefix(const IpAddress& a, const IpAddress& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.bytes.begin(), a.bytes.begin() + whole, b.bytes.begin())) return false;
  const int rest = bits % 8;
  return rest == 0 || ((a.bytes[whole] ^ b.bytes[whole]) >> (8 - rest)) == 0;
}

void clear_host_bits(IpAddress& address, int prefix) {
  for (int byte = 0; byte < 16; ++byte) {
    const int kept = std::clamp(prefix - byte * 8, 0, 8);
    address.bytes[static_cast<std::size_t>(byte)] &= static_cast<std::uint8_t>(0xFF00 >> kept);
  }
}

struct ZeroRun {
  std::size_t start = 8;
  std::size_t size = 0;
};

// The first of the longest runs of zero groups; RFC 5952 does not shorten a single group.
ZeroRun longest_zero_run(const std::array<unsigned, 8>& groups) {
  ZeroRun best;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > best.size && end - i > 1) best = {i, end - i};
    i = end + 1;
  }
  return best;
}

std::string format_v6(const IpAddress& address) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = (address.bytes[2 * i] << 8u) | address.bytes[2 * i + 1];
  const ZeroRun zeros = longest_zero_run(groups);
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == zeros.start) {
      out += "::";
      i += zeros.size - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
    out.append(digits.data(), end);
  }
  return out;
}

}  // namespace

bool IpAddress::is_v4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

bool IpAddress::is_private() const {
  if (is_v4()) {
    const unsigned a = bytes[12];
    const unsigned b = bytes[13];
    const bool unspecified = a == 0 && b == 0 && bytes[14] == 0 && bytes[15] == 0;
    return unspecified || a == 127 || a == 10 || (a == 169 && b == 254) || (a == 172 && b / 16 == 1) ||
           (a == 192 && b == 168) || (a == 100 && b / 64 == 1);
  }
  const bool unique_local = (bytes[0] & 0xFEu) == 0xFC;
  const bool link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0u) == 0x80;
  const bool first_15_zero = std::all_of(bytes.begin(), bytes.begin() + 15, [](std::uint8_t b) { return b == 0; });
  return unique_local || link_local || (first_15_zero && bytes[15] <= 1);  // :: and ::1
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  return parse_v4(text);
}

std::string format_ip(const IpAddress& address) {
  if (!address.is_v4()) return format_v6(address);
  std::string out;
  for (std::size_t i = 12; i < 16; ++i) {
    if (i > 12) out += '.';
    out += std::to_string(address.bytes[i]);
  }
  return out;
}

bool Cidr::contains(const IpAddress& address) const { return same_prefix(base, address, prefix); }

std::optional<Cidr> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Cidr{*address, 128};

  const std::string_view digits = text.substr(slash + 1);
  int prefix = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool leading_zero = digits.size() > 1 && digits[0] == '0';
  if (error != std::errc() || end != digits.data() + digits.size() || leading_zero || digits[0] == '-') {
    return std::nullopt;
  }
  const bool v6_text = text.find(':') != std::string_view::npos;
  if (prefix > (v6_text ? 128 : 32)) return std::nullopt;
  Cidr block{*address, v6_text ? prefix : prefix + kMappedBits};
  clear_host_bits(block.base, block.prefix);
  return block;
}

std::string format_cidr(const Cidr& block) {
  const bool v4 = block.base.is_v4() && block.prefix >= kMappedBits;
  return (v4 ? format_ip(block.base) : format_v6(block.base)) + "/" +
         std::to_string(v4 ? block.prefix - kMappedBits : block.prefix);
}

}  // namespace trailhound
