#include "event/registered_domain.h"

#include <gtest/gtest.h>

namespace trailhound::event {
namespace {

struct Case {
  std::string name;
  const char* registered_domain;  // all three empty: no domain
  const char* top_level_domain;
  const char* subdomain;
};

class RegisteredDomainCases : public testing::TestWithParam<Case> {};

TEST_P(RegisteredDomainCases, AreToldAsElasticsearchDoes) {
  const Case& c = GetParam();
  const auto parts = parse_registered_domain(c.name);
  EXPECT_EQ(parts.has_value(), *c.top_level_domain != '\0') << c.name;
  const RegisteredDomain found = parts.value_or(RegisteredDomain{});
  EXPECT_EQ(found.registered_domain, c.registered_domain) << c.name;
  EXPECT_EQ(found.top_level_domain, c.top_level_domain) << c.name;
  EXPECT_EQ(found.subdomain, c.subdomain) << c.name;
}

INSTANTIATE_TEST_SUITE_P(
    Names, RegisteredDomainCases,
    testing::Values(
        Case{"a.b.example.com", "example.com", "com", "a.b"}, Case{"example.ac.uk", "example.ac.uk", "ac.uk", ""},
        Case{"ac.uk", "", "ac.uk", ""}, Case{"com", "", "com", ""}, Case{"COM", "", "COM", ""},
        // Private suffixes are domains.
        Case{"github.io", "github.io", "io", ""}, Case{"eve.github.io", "github.io", "io", "eve"},
        // Wildcards: of the private part the name under the wildcard is the domain, its parent is a name like others.
        Case{"a.b.compute.amazonaws.com", "b.compute.amazonaws.com", "compute.amazonaws.com", "a"},
        Case{"compute.amazonaws.com", "amazonaws.com", "com", "compute"},
        Case{"www.shop.anything.ck", "shop.anything.ck", "anything.ck", "www"},
        Case{"anything.ck", "", "anything.ck", ""}, Case{"ck", "", "", ""},
        // Exceptions to wildcards.
        Case{"www.ck", "www.ck", "ck", ""}, Case{"a.www.ck", "www.ck", "ck", "a"},
        Case{"x.city.kobe.jp", "city.kobe.jp", "kobe.jp", "x"}, Case{"kobe.jp", "kobe.jp", "jp", ""},
        // Unicode and Punycode; beyond ASCII nothing is folded.
        Case{"www.пример.рф", "пример.рф", "рф", "www"},
        Case{"www.xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai", "xn--p1ai", "www"}, Case{"пример.РФ", "", "", ""},
        Case{"Www.Example.com", "example.com", "com", ""}, Case{"Www.example.com", "example.com", "com", "Www"},
        // Top-level domains that the list does not have.
        Case{"a.example.corp", "", "", ""}, Case{"localhost", "", "", ""}, Case{"ip-10-0-0-1.ec2.internal", "", "", ""},
        Case{"192.0.2.1", "", "", ""}, Case{"2001:db8::1", "", "", ""}, Case{"example.com:443", "", "", ""},
        Case{"example.com/path", "", "", ""}, Case{"", "", "", ""}, Case{" ", "", "", ""},
        // Dots where no label is.
        Case{"example.com.", "", "", ""}, Case{"com.", "", "", ""}, Case{".", "", "", ""}, Case{"..", "", "..", ""},
        Case{".com", "", ".com", ""}, Case{".example.com", "", "", ""}, Case{"a..com", ".com", "com", "a"}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

TEST(RegisteredDomain, LongNamesCostNoMoreThanTheirEnd) {
  std::string name;
  for (int i = 0; i < 500'000; ++i) name += "a.";
  const auto parts = parse_registered_domain(name + "example.co.uk");
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->registered_domain, "example.co.uk");
  EXPECT_EQ(parts->subdomain.size(), name.size() - 1);
  EXPECT_FALSE(parse_registered_domain(name).has_value());
}

}  // namespace
}  // namespace trailhound::event
