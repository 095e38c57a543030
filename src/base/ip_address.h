#pragma once
/// IP addresses as 128-bit values and CIDR blocks. IPv4 is kept as its mapped form ::ffff:a.b.c.d, so that comparison
/// is the 16-byte comparison that Elasticsearch uses, and one block test serves both families.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trailhound {

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const IpAddress&) const = default;
  [[nodiscard]] bool is_v4() const;
  /// Loopback, link-local, private (RFC 1918), unique local, carrier-grade NAT, or unspecified.
  [[nodiscard]] bool is_private() const;
};

/// The whole text must be an IPv4 or IPv6 literal; leading zeros in IPv4 octets are refused, zones too.
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);
/// Canonical text: dotted quad for IPv4, RFC 5952 for IPv6.
[[nodiscard]] std::string format_ip(const IpAddress& address);

struct Cidr {
  IpAddress base;
  int prefix = 128;  ///< in bits of the mapped form: an IPv4 /8 is 104

  auto operator<=>(const Cidr&) const = default;
  [[nodiscard]] bool contains(const IpAddress& address) const;
};

/// "10.0.0.0/8", "2001:db8::/32" or a single address. Host bits below the prefix are cleared.
[[nodiscard]] std::optional<Cidr> parse_cidr(std::string_view text);
[[nodiscard]] std::string format_cidr(const Cidr& block);

}  // namespace trailhound
