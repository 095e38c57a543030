#include "plan/eql_text.h"

#include <gtest/gtest.h>

namespace trailhound::plan::eql_text {
namespace {

using std::nullopt;

TEST(EqlText, LengthCountsUtf16Units) {
  EXPECT_EQ(length(""), 0);
  EXPECT_EQ(length("abc"), 3);
  EXPECT_EQ(length("äß€"), 3);
  EXPECT_EQ(length("😀"), 2);
  EXPECT_EQ(length("\xFFx"), 2);
}

TEST(EqlText, IndexOfStartsWhereItIsTold) {
  EXPECT_EQ(index_of("abcabc", "c", 0, false), 2);
  EXPECT_EQ(index_of("abcabc", "c", 3, false), 5);
  EXPECT_EQ(index_of("abcabc", "c", 6, false), nullopt);
  EXPECT_EQ(index_of("abcabc", "c", 99, false), nullopt);
  EXPECT_EQ(index_of("abcabc", "a", -5, false), 0);
  EXPECT_EQ(index_of("abc", "", 2, false), 2);
  EXPECT_EQ(index_of("😀b", "b", 0, false), 2);
  EXPECT_EQ(index_of("xABC", "abc", 0, false), nullopt);
  EXPECT_EQ(index_of("xABC", "abc", 0, true), 1);
  EXPECT_EQ(index_of("ÄX", "x", 0, true), 1);
}

TEST(EqlText, SliceIsPythons) {
  EXPECT_EQ(slice("abcdef", 1, 3), "bc");
  EXPECT_EQ(slice("abcdef", -2, nullopt), "ef");
  EXPECT_EQ(slice("abcdef", 0, -1), "abcde");
  EXPECT_EQ(slice("abcdef", -99, 2), "ab");
  EXPECT_EQ(slice("abcdef", 4, 99), "ef");
  EXPECT_EQ(slice("abcdef", 4, 2), "");
  EXPECT_EQ(slice("", 0, 1), "");
  EXPECT_EQ(slice("aäb", 1, 2), "ä");
  EXPECT_EQ(slice("😀b", 2, 3), "b");
  EXPECT_EQ(slice("😀", 0, 1), "\xEF\xBF\xBD") << "half a character";
}

TEST(EqlText, BetweenTakesTheNextOrTheLastMark) {
  EXPECT_EQ(between("a<b>c>d", "<", ">", false, false), "b");
  EXPECT_EQ(between("a<b>c>d", "<", ">", true, false), "b>c");
  EXPECT_EQ(between("ab", "<", ">", false, false), "");
  EXPECT_EQ(between("a<b", "<", ">", false, false), "");
  EXPECT_EQ(between("abc", "", ">", false, false), "abc");
  EXPECT_EQ(between("", "<", ">", false, false), "");
  EXPECT_EQ(between("xABmidCDx", "ab", "cd", false, true), "mid");
  EXPECT_EQ(between("abab", "bab", "a", true, false), nullopt) << "the last mark ends before the first one does";
}

TEST(EqlText, NumbersComeInBases) {
  EXPECT_EQ(number("12", nullopt), Value(std::int64_t{12}));
  EXPECT_EQ(number("-12", nullopt), Value(std::int64_t{-12}));
  EXPECT_EQ(number("+12", nullopt), Value(std::int64_t{12}));
  EXPECT_EQ(number("+-12", nullopt), nullopt);
  EXPECT_EQ(number("12.5", nullopt), Value(12.5));
  EXPECT_EQ(number(" 12.5 ", nullopt), Value(12.5));
  EXPECT_EQ(number("1e3", nullopt), Value(1000.0));
  EXPECT_EQ(number("0x1f", nullopt), Value(std::int64_t{31}));
  EXPECT_EQ(number("0x1f", 16), Value(std::int64_t{31}));
  EXPECT_EQ(number("0x1f", 10), nullopt);
  EXPECT_EQ(number("777", 8), Value(std::int64_t{511}));
  EXPECT_EQ(number("8", 8), nullopt);
  EXPECT_EQ(number("12.5", 16), nullopt);
  EXPECT_EQ(number("1", 1), nullopt);
  EXPECT_EQ(number("1", 99), nullopt);
  EXPECT_EQ(number("", nullopt), nullopt);
  EXPECT_EQ(number("abc", nullopt), nullopt);
  EXPECT_EQ(number("99999999999999999999", nullopt), Value(1e20));
}

}  // namespace
}  // namespace trailhound::plan::eql_text
