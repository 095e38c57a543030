// Scalars that no table of JSON values can hold.

#include "engine/scalar_kernels.h"

#include <gtest/gtest.h>

#include <limits>

namespace trailhound::engine {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ScalarKernels, NaNComparesWithNothing) {
  for (const Scalar& other : {Scalar{kNaN}, Scalar{1.0}, Scalar{std::int64_t{1}}}) {
    EXPECT_EQ(compare(plan::ComparisonOp::not_equal, plan::Domain::native, kNaN, other), Truth::unknown);
    EXPECT_EQ(compare(plan::ComparisonOp::equal, plan::Domain::native, other, kNaN), Truth::unknown);
  }
  EXPECT_EQ(order(std::int64_t{0}, kNaN), std::partial_ordering::unordered);
}

TEST(ScalarKernels, InfinitiesAreBeyondAllIntegers) {
  EXPECT_EQ(order(std::numeric_limits<std::int64_t>::max(), kInfinity), std::partial_ordering::less);
  EXPECT_EQ(order(std::numeric_limits<std::int64_t>::min(), -kInfinity), std::partial_ordering::greater);
}

TEST(ScalarKernels, ANullAmongTheValuesMakesNoMatchUnknown) {
  const plan::OneOf list{nullptr, plan::Domain::native, {Value{}, std::string("a")}, false};
  EXPECT_EQ(one_of(list, std::string_view("a")), Truth::yes);
  EXPECT_EQ(one_of(list, std::string_view("b")), Truth::unknown);
}

}  // namespace
}  // namespace trailhound::engine
