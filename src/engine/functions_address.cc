// IP addresses.

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

/// The address with only its first `bits` bits of 128.
IpAddress masked(IpAddress address, int bits) {
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    auto& byte = address.bytes[static_cast<std::size_t>(i)];
    byte = static_cast<std::uint8_t>(byte & (0xFF00U >> kept));
  }
  return address;
}

constexpr int kMappedBits = 96;  // in front of an IPv4 address

/// Networks that have a name, in the terms of the ingest processor of the same kind.
constexpr auto kNamedNetworks = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"loopback", "127.0.0.0/8"},
    {"loopback", "::1/128"},
    {"private", "10.0.0.0/8"},
    {"private", "172.16.0.0/12"},
    {"private", "192.168.0.0/16"},
    {"private", "fc00::/7"},
    {"link_local_unicast", "169.254.0.0/16"},
    {"link_local_unicast", "fe80::/10"},
    {"multicast", "224.0.0.0/4"},
    {"multicast", "ff00::/8"},
    {"link_local_multicast", "224.0.0.0/24"},
    {"link_local_multicast", "ff02::/16"},
    {"interface_local_multicast", "ff01::/16"},
    {"unspecified", "0.0.0.0/32"},
    {"unspecified", "::/128"},
});

bool is_in_named(std::string_view name, const IpAddress& address) {
  return std::ranges::any_of(kNamedNetworks, [&](const auto& network) {
    return network.first == name && parse_cidr(network.second)->contains(address);
  });
}

/// Nothing if the text names no network.
std::optional<bool> is_in_network(std::string_view network, const IpAddress& address) {
  if (const auto block = parse_cidr(network)) return block->contains(address);
  const auto in = [&](std::string_view name) { return is_in_named(name, address); };
  if (std::ranges::any_of(kNamedNetworks, [&](const auto& known) { return known.first == network; }))
    return in(network);
  if (network == "public") {
    return !in("private") && !in("loopback") && !in("unspecified") && !in("link_local_unicast") &&
           !in("link_local_multicast") && !in("interface_local_multicast");
  }
  if (network == "unicast" || network == "global_unicast") {
    return !in("unspecified") && !in("loopback") && !in("multicast") && !in("link_local_unicast") &&
           address != *parse_ip("255.255.255.255");
  }
  return std::nullopt;
}

}  // namespace

Cell cidr_match(const FunctionCall& call) {
  const auto address = call.get<IpAddress>(0);
  if (!address) return Cell::null();
  for (std::size_t i = 1; i < call.size(); ++i) {
    const auto text = call.text(i);
    if (!text) return Cell::null();
    const auto block = parse_cidr(*text);
    if (!block) return call.fail(Failure::argument, "'" + std::string(*text) + "' is not an IP string literal.");
    if (block->contains(*address)) return Cell::one(true);
  }
  return Cell::one(false);
}

Cell ip_prefix(const FunctionCall& call) {
  const auto address = call.get<IpAddress>(0);
  const auto bits4 = call.whole(1);
  const auto bits6 = call.whole(2);
  if (!address || !bits4 || !bits6) return Cell::null();
  if (*bits4 < 0 || *bits4 > 32) {
    return call.fail(Failure::argument, "Prefix length v4 must be in range [0, 32], found " + std::to_string(*bits4));
  }
  if (*bits6 < 0 || *bits6 > 128) {
    return call.fail(Failure::argument, "Prefix length v6 must be in range [0, 128], found " + std::to_string(*bits6));
  }
  const auto bits = static_cast<int>(address->is_v4() ? *bits4 + kMappedBits : *bits6);
  return Cell::one(masked(*address, bits));
}

Cell network_direction(const FunctionCall& call) {
  const auto source = call.get<IpAddress>(0);
  const auto destination = call.get<IpAddress>(1);
  if (call.cell(0).size() > 1 || call.cell(1).size() > 1) return call.fail(Failure::several_values);
  if (!source || !destination || !call.cell(2).has_values()) return Cell::null();
  bool source_inside = false;
  bool destination_inside = false;
  for (const Scalar& value : call.values(2)) {
    const auto* network = std::get_if<std::string_view>(&value);
    if (network == nullptr) return Cell::null();
    const auto holds_source = is_in_network(*network, *source);
    if (!holds_source) return call.fail(Failure::argument, "'" + std::string(*network) + "' is no network");
    source_inside |= *holds_source;
    destination_inside |= *is_in_network(*network, *destination);
  }
  if (source_inside && destination_inside) return Cell::one(std::string_view("internal"));
  if (source_inside) return Cell::one(std::string_view("outbound"));
  return Cell::one(std::string_view(destination_inside ? "inbound" : "external"));
}

}  // namespace trailhound::engine::kernels
