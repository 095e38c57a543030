// The order of versions, pair by pair of a list that is in order.

#include "engine/version_order.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace trailhound::engine {
namespace {

TEST(VersionOrder, IsThatOfTheList) {
  const std::string longest(127, '9');
  const std::vector<std::string> sorted = {"0", "1-0", "1-2", "1-10", "1--", "1-a", "1-a+b", "1-a.1", "1-a.b", "1-b",
                                           "1", "1+a", "1+b.0", "1.0", "1.2", "1.2.3", "1.10", "2-1", "2", "10",
                                           longest,
                                           // No versions, by bytes.
                                           "", "-1", ".1", "01", "1-", "1-01", "1-a..b", "1.", "1..2", "1.02", "1.2 ",
                                           "1.2+", "1.2+a_b", "9" + longest, "a", "latest"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_TRUE(order_versions(sorted[i], sorted[j]) == (i <=> j)) << sorted[i] << " and " << sorted[j];
    }
  }
}

TEST(VersionOrder, APartHas32IdentifiersAtMost) {
  std::string numbers = "1";
  for (int i = 1; i < 32; ++i) numbers += ".1";
  EXPECT_TRUE(order_versions(numbers, "9") < 0);
  EXPECT_TRUE(order_versions(numbers + ".1", "9") > 0) << "no version: behind all";
  EXPECT_TRUE(order_versions("1-" + numbers, "1") < 0);
  EXPECT_TRUE(order_versions("1-" + numbers + ".1", "9") > 0);
  EXPECT_TRUE(order_versions("1+" + numbers + ".1", "9") > 0);
}

}  // namespace
}  // namespace trailhound::engine
