// In which order files are taken.

#include "run/reading_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace trailhound::run {
namespace {

std::string read(const std::vector<source::Input>& files, unsigned workers) {
  std::string names;
  for (const std::size_t i : reading_order(files, workers)) names += files[i].path + ' ';
  return names;
}

TEST(ReadingOrder, IsByPath) {
  EXPECT_EQ(read({{"b/01.json", 10}, {"a/03.json", 9}, {"a/01.json", 11}}, 1), "a/01.json a/03.json b/01.json ");
  std::vector<source::Input> files;
  for (int minute = 59; minute > 9; --minute) files.push_back({std::to_string(minute), 10});
  EXPECT_TRUE(read(files, 2).starts_with("18 19 20 21 ")) << read(files, 2);
}

TEST(ReadingOrder, LargeFilesComeFirstAndAFewSmallOnesLast) {
  std::vector<source::Input> files;
  for (int i = 100; i < 140; ++i) files.push_back({std::to_string(i), 1000});
  files.push_back({"large", 9'000});
  files.push_back({"larger", 10'000});
  for (int i = 0; i < 6; ++i) files.push_back({std::to_string(i), 10});
  const std::string names = read(files, 2);
  EXPECT_TRUE(names.starts_with("larger large 100 101 102 ")) << names;
  EXPECT_TRUE(names.ends_with(" 136 137 138 139 0 1 2 3 4 5 ")) << names;
}

TEST(ReadingOrder, TakesEveryFileOnce) {
  for (std::size_t count = 0; count < 60; ++count) {
    std::vector<source::Input> files;
    for (std::size_t i = 0; i < count; ++i) files.push_back({std::to_string(i * 7 % 10), i * i % 11});
    for (const unsigned workers : {1u, 2u, 7u}) {
      std::vector<std::size_t> order = reading_order(files, workers);
      std::ranges::sort(order);
      ASSERT_EQ(order.size(), count);
      for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(order[i], i);
    }
  }
}

}  // namespace
}  // namespace trailhound::run
