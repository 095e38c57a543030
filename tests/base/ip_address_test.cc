#include "base/ip_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>

namespace trailhound {
namespace {

std::string reformatted(std::string_view text) {
  const auto address = parse_ip(text);
  return address ? format_ip(*address) : "none";
}
std::string block(std::string_view text) {
  const auto cidr = parse_cidr(text);
  return cidr ? format_cidr(*cidr) : "none";
}

TEST(IpAddress, ReadsAndWritesCanonicalText) {
  EXPECT_EQ(reformatted("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(reformatted("255.255.255.255"), "255.255.255.255");
  EXPECT_EQ(reformatted("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(reformatted("2001:0DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(reformatted("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(reformatted("::"), "::");
  EXPECT_EQ(reformatted("::1"), "::1");
  EXPECT_EQ(reformatted("1::"), "1::");
}

TEST(IpAddress, RefusesWhatIsNoLiteral) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv, "10.0.0"sv, "10.0.0.1.2"sv, "10.0.0.256"sv, "010.0.0.1"sv, "10.0.0.01"sv, "10..0.1"sv,
                          " 10.0.0.1"sv, "10.0.0.1 "sv, "10.0.0.1\0"sv, "fe80::1%eth0"sv, "1:2:3:4:5:6:7"sv, ":::"sv,
                          "12345::"sv, "::1\0"sv, "AWS Internal"sv, "cloudtrail.amazonaws.com"sv, "0x7f.1"sv}) {
    EXPECT_FALSE(parse_ip(text)) << text;
  }
}

TEST(IpAddress, AgreesWithTheSystemOnRandomAddresses) {
  std::mt19937 random(3);
  for (int i = 0; i < 50'000; ++i) {
    IpAddress address;
    for (auto& byte : address.bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    address.bytes[0] = 0x20;  // the system writes addresses that begin with zeros in another way
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
    ASSERT_EQ(format_ip(address), text);
    ASSERT_EQ(parse_ip(text), address);
  }
}

TEST(IpAddress, KnowsPrivateRanges) {
  for (const char* text : {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "127.0.0.1", "169.254.169.254",
                           "100.64.0.1", "0.0.0.0", "::1", "::", "fe80::1", "fd00::1", "fc00::1"}) {
    EXPECT_TRUE(parse_ip(text)->is_private()) << text;
  }
  for (const char* text : {"9.255.255.255", "11.0.0.0", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.0.1",
                           "100.128.0.1", "0.0.0.1", "8.8.8.8", "2001:db8::1", "fec0::1", "::2"}) {
    EXPECT_FALSE(parse_ip(text)->is_private()) << text;
  }
}

TEST(Cidr, ReadsBlocksAndClearsHostBits) {
  EXPECT_EQ(block("10.1.2.3/8"), "10.0.0.0/8");
  EXPECT_EQ(block("10.1.2.3"), "10.1.2.3/32");
  EXPECT_EQ(block("10.255.255.255/13"), "10.248.0.0/13");
  EXPECT_EQ(block("2001:db8:ffff::/33"), "2001:db8:8000::/33");
  EXPECT_EQ(block("0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(block("::/0"), "::/0");
  EXPECT_EQ(block("::1"), "::1/128");
  EXPECT_EQ(parse_cidr("10.0.0.0/8")->prefix, 104);
  for (const char* text :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8x", "::/129", "/8", "x/8"}) {
    EXPECT_FALSE(parse_cidr(text)) << text;
  }
}

TEST(Cidr, ContainsWhatSharesItsPrefixBits) {
  std::mt19937 random(4);
  const auto bit = [](const IpAddress& a, int i) {
    return a.bytes[static_cast<std::size_t>(i / 8)] >> (7 - i % 8) & 1;
  };
  int inside = 0;
  for (int round = 0; round < 50'000; ++round) {
    Cidr cidr;
    for (auto& byte : cidr.base.bytes) byte = static_cast<std::uint8_t>(random());
    cidr.prefix = static_cast<int>(random() % 129);
    IpAddress address = cidr.base;
    const int flipped = static_cast<int>(random() % 128);
    address.bytes[static_cast<std::size_t>(flipped / 8)] ^= static_cast<std::uint8_t>(0x80 >> flipped % 8);
    bool expected = true;
    for (int i = 0; i < cidr.prefix; ++i) expected = expected && bit(address, i) == bit(cidr.base, i);
    ASSERT_EQ(cidr.contains(address), expected);
    inside += expected ? 1 : 0;
  }
  EXPECT_GT(inside, 10'000);
  EXPECT_FALSE(parse_cidr("0.0.0.0/0")->contains(*parse_ip("2001:db8::1")));
  EXPECT_TRUE(parse_cidr("::/0")->contains(*parse_ip("10.0.0.1")));  // as Elasticsearch compares
}

}  // namespace
}  // namespace trailhound
