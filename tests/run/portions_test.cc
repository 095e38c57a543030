// How the input is divided, and in which order it is taken.

#include "run/portions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace trailhound::run {
namespace {

ScanInput files(const std::vector<source::Input>& list) {
  ScanInput input;
  for (const source::Input& file : list) EXPECT_TRUE(input.files.add(file));
  return input;
}

Portions divided(const ScanInput& input, std::size_t most = Portions::kMost) {
  return Portions::of(input, most).value();
}

std::string order(const std::vector<source::Input>& list, unsigned workers) {
  std::string names;
  for (const std::size_t i : divided(files(list)).order(workers)) names += list[i].path + ' ';
  return names;
}

TEST(Portions, HoldEveryInputOnce) {
  for (std::size_t count = 0; count < 60; ++count) {
    ScanInput input;
    for (std::size_t i = 0; i < count; ++i) input.texts.push_back({std::to_string(i), ""});
    for (const std::size_t most : {1u, 2u, 7u, 50u, 100u}) {
      const Portions portions = divided(input, most);
      ASSERT_LE(portions.size(), most);
      std::size_t next = 0;
      for (std::size_t i = 0; i < portions.size(); ++i) {
        ASSERT_EQ(portions.begin(i), next);
        ASSERT_GT(portions.end(i), next);
        next = portions.end(i);
      }
      ASSERT_EQ(next, count);
      EXPECT_TRUE(most < count || portions.size() == count);
    }
  }
}

TEST(Portions, KnowTheBytesOfTheirFiles) {
  ScanInput input = files({{"a", 1}, {"b", 20}, {"c", 300}});
  input.texts.push_back({"d", "text"});
  const Portions portions = divided(input, 2);
  ASSERT_EQ(portions.size(), 2u);
  EXPECT_EQ(portions.bytes(0), 21u);
  EXPECT_EQ(portions.bytes(1), 300u);
}

TEST(Portions, AreTakenByPath) {
  EXPECT_EQ(order({{"a/01.json", 11}, {"a/03.json", 9}, {"b/01.json", 10}}, 1), "a/01.json a/03.json b/01.json ");
  std::vector<source::Input> list;
  for (int minute = 10; minute < 60; ++minute) list.push_back({std::to_string(minute), 10});
  EXPECT_TRUE(order(list, 2).starts_with("10 11 12 13 ")) << order(list, 2);
}

TEST(Portions, LargeOnesComeFirstAndAFewSmallOnesLast) {
  std::vector<source::Input> list;
  for (int i = 0; i < 6; ++i) list.push_back({std::to_string(i), 10});
  for (int i = 100; i < 140; ++i) list.push_back({std::to_string(i), 1000});
  list.push_back({"large", 9'000});
  list.push_back({"larger", 10'000});
  const std::string names = order(list, 2);
  EXPECT_TRUE(names.starts_with("larger large 100 101 102 ")) << names;
  EXPECT_TRUE(names.ends_with(" 136 137 138 139 0 1 2 3 4 5 ")) << names;
}

TEST(Portions, AreEachTakenOnce) {
  for (std::size_t count = 0; count < 60; ++count) {
    std::vector<source::Input> list;
    for (std::size_t i = 0; i < count; ++i) list.push_back({std::to_string(i), i * i % 11});
    for (const unsigned workers : {1u, 2u, 7u}) {
      std::vector<std::size_t> order = divided(files(list)).order(workers);
      std::ranges::sort(order);
      ASSERT_EQ(order.size(), count);
      for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(order[i], i);
    }
  }
}

}  // namespace
}  // namespace trailhound::run
