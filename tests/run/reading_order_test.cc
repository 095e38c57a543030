// In which order files are taken.

#include "run/reading_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace trailhound::run {
namespace {

TEST(ReadingOrder, FindsTheTimeOfDeliveryInANameOfCloudTrail) {
  EXPECT_EQ(delivery_time_in("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/03/"
                             "111122223333_CloudTrail_eu-west-1_20260303T1715Z_Ytp3MD4EjkC4Kklu.json.gz"),
            "20260303T1715Z");
  EXPECT_EQ(delivery_time_in("T_TT20260303T1715Z"), "20260303T1715Z");
  EXPECT_EQ(delivery_time_in("20260303T1715Z/a.json"), "") << "not the name";
  EXPECT_EQ(delivery_time_in("a_2026030T1715Z.json"), "");
  EXPECT_EQ(delivery_time_in("a_20260303T171"), "");
  EXPECT_EQ(delivery_time_in("T"), "");
  EXPECT_EQ(delivery_time_in(""), "");
}

std::string read(const std::vector<source::Input>& files, unsigned workers) {
  std::string names;
  for (const std::size_t i : reading_order(files, workers)) names += files[i].path + ' ';
  return names;
}

TEST(ReadingOrder, IsThatOfTimeAcrossFolders) {
  EXPECT_EQ(
      read({{"a/x_20260303T1715Z_1", 10},
            {"a/x_20260303T1720Z_1", 11},
            {"b/x_20260303T1710Z_1", 12},
            {"b/x_20260303T1720Z_0", 13},
            {"c/x_20260303T1715Z_0", 10}},
           1),
      "b/x_20260303T1710Z_1 a/x_20260303T1715Z_1 c/x_20260303T1715Z_0 a/x_20260303T1720Z_1 b/x_20260303T1720Z_0 ");
  EXPECT_EQ(read({{"2026/03/02.json", 10}, {"2026/03/01.json", 11}, {"2026/03/03.json", 9}}, 1),
            "2026/03/01.json 2026/03/02.json 2026/03/03.json ");
}

TEST(ReadingOrder, IsThatOfTimeForSeveralWorkersToo) {
  std::vector<source::Input> files;
  for (int minute = 59; minute > 9; --minute) files.push_back({"x_20260303T17" + std::to_string(minute) + "Z", 10});
  EXPECT_TRUE(read(files, 2).starts_with("x_20260303T1718Z x_20260303T1719Z ")) << read(files, 2);
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
