#include "base/value.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace trailhound {
namespace {

std::string encoded(const Value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}
int sign(int n) { return n < 0 ? -1 : (n > 0 ? 1 : 0); }

std::vector<Value> samples() {
  using Limits = std::numeric_limits<std::int64_t>;
  using Reals = std::numeric_limits<double>;
  std::vector<Value> list{{}, true, false};
  for (const std::int64_t n : {Limits::min(), std::int64_t{-256}, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                               std::int64_t{5}, std::int64_t{255}, std::int64_t{256}, Limits::max()}) {
    list.emplace_back(n);
  }
  for (const double d :
       {-Reals::infinity(), Reals::lowest(), -1.5, -Reals::denorm_min(), -0.0, 0.0, Reals::denorm_min(), 1.5, 5.0,
        Reals::max(), Reals::infinity(), Reals::quiet_NaN(), -Reals::quiet_NaN()}) {
    list.emplace_back(d);
  }
  for (const char* text : {"", "a", "ab", "abc", "b", "null", "5", "é", "\xFF"}) list.emplace_back(std::string(text));
  for (const std::size_t size : {1, 2}) list.emplace_back(std::string(size, '\0'));
  list.emplace_back(std::string("a\0", 2));
  list.emplace_back(std::string("a\0b", 3));
  list.emplace_back(std::string("a\0\xFF", 3));
  list.emplace_back(std::string("a\1", 2));
  for (const char* text : {"10.0.0.1", "10.0.0.2", "::1", "2001:db8::1"}) list.emplace_back(*parse_ip(text));
  return list;
}

TEST(Value, CanonicalBytesSortAsValuesDo) {
  const auto list = samples();
  for (const Value& a : list) {
    for (const Value& b : list) {
      ASSERT_EQ(sign(encoded(a).compare(encoded(b))), sign(compare_values(a, b))) << to_text(a) << " " << to_text(b);
    }
  }
}

TEST(Value, CanonicalBytesReadBackAndLeaveTheRest) {
  for (const Value& value : samples()) {
    const std::string bytes = encoded(value) + "rest";
    std::string_view rest = bytes;
    Value back;
    ASSERT_TRUE(read_canonical(rest, back));
    EXPECT_EQ(rest, "rest");
    EXPECT_EQ(compare_values(back, value), 0);
    rest = bytes;
    ASSERT_TRUE(skip_canonical(rest));
    EXPECT_EQ(rest, "rest");
  }
}

TEST(Value, CanonicalBytesOfListsAreNotConfused) {
  EXPECT_NE(encoded("a") + encoded("b"), encoded("ab"));
  EXPECT_NE(encoded(Value()), encoded("null"));
  EXPECT_NE(encoded(std::int64_t{5}), encoded(5.0));
  EXPECT_EQ(encoded(-0.0), encoded(0.0));
}

TEST(Value, CanonicalBytesArePinned) {  // group keys and ids rest on them: a change breaks every stored signal id
  EXPECT_EQ(encoded(std::string("a\0", 2)), std::string("\x05"
                                                        "a\0\xFF\0\0",
                                                        6));
  EXPECT_EQ(encoded(std::int64_t{-1}), "\x03\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
  EXPECT_EQ(encoded(true), "\x02\x01");
  EXPECT_EQ(encoded(Value()), "\x01");
}

TEST(Value, DamagedCanonicalBytesAreRefused) {
  for (const Value& value : samples()) {
    const std::string bytes = encoded(value);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      std::string_view cut(bytes.data(), size);
      Value back;
      ASSERT_FALSE(read_canonical(cut, back)) << to_text(value) << " cut to " << size;
      ASSERT_FALSE(skip_canonical(cut)) << to_text(value) << " cut to " << size;
      EXPECT_EQ(cut.size(), size);
    }
  }
  for (const char* bytes : {"\x07", "\x02\x02", "\x05\x61"}) {
    std::string_view damaged = bytes;
    Value back;
    EXPECT_FALSE(read_canonical(damaged, back));
    EXPECT_FALSE(skip_canonical(damaged));
  }
}

TEST(Value, TextIsThatOfJson) {
  EXPECT_EQ(to_text(Scalar(true)), "true");
  EXPECT_EQ(to_text(Scalar(std::int64_t{-5})), "-5");
  EXPECT_EQ(to_text(Scalar(0.5)), "0.5");
  EXPECT_EQ(to_text(Scalar(0.1 + 0.2)), "0.30000000000000004");
  EXPECT_EQ(to_text(Scalar(*parse_ip("10.0.0.1"))), "10.0.0.1");
  EXPECT_EQ(to_text(Value()), "");
}

TEST(Value, ScalarsAndValuesConvert) {
  for (const Value& value : samples()) {
    if (is_null(value)) continue;
    EXPECT_EQ(compare_values(to_value(to_scalar(value)), value), 0);
  }
}

}  // namespace
}  // namespace trailhound
