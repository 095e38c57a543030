#include "run/distinct_counter.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace trailhound::run {
namespace {

constexpr std::size_t kAmple = 64u << 20;

std::uint64_t count(const std::vector<DistinctCounter>& counters) {
  const auto distinct = DistinctCounter::count(counters);
  EXPECT_TRUE(distinct) << (distinct ? "" : distinct.error().text());
  return distinct.value_or(0);
}

std::vector<DistinctCounter> counters(std::size_t number, std::size_t budget) {
  std::vector<DistinctCounter> made;
  for (std::size_t i = 0; i < number; ++i) made.emplace_back(budget, std::string());
  return made;
}

TEST(DistinctCounter, OfNothingIsNothing) { EXPECT_EQ(count(counters(2, kAmple)), 0u); }

TEST(DistinctCounter, CountsAnIdOnceInWhicheverCounter) {
  auto both = counters(2, kAmple);
  for (const char* id : {"a", "b", "a"}) both[0].add(hash128(id));
  for (const char* id : {"b", "c"}) both[1].add(hash128(id));
  EXPECT_EQ(both[0].added(), 3u);
  EXPECT_EQ(both[1].added(), 2u);
  EXPECT_EQ(count(both), 3u);
}

TEST(DistinctCounter, TellsIdsApartByTheirFirstByteAndByTheirLowerHalf) {
  auto one = counters(1, kAmple);
  constexpr std::uint64_t kFirst = std::uint64_t{1} << 56;
  for (const Hash128& id : {Hash128{0, 0}, Hash128{0, 1}, Hash128{kFirst, 0}, Hash128{kFirst, 1}}) one[0].add(id);
  one[0].add({0, 0});
  EXPECT_EQ(count(one), 4u);
}

TEST(DistinctCounter, CountsTheSameBeyondItsBudget) {
  std::mt19937_64 random(7);
  auto few = counters(3, 1);  // the least it takes: each is written to disk many times
  std::set<std::uint64_t> known;
  for (int i = 0; i < 60'000; ++i) {
    const std::uint64_t number = random() % 20'000;
    known.insert(number);
    few[random() % few.size()].add(hash128(std::to_string(number)));
  }
  EXPECT_EQ(few[0].added() + few[1].added() + few[2].added(), 60'000u);
  EXPECT_EQ(count(few), known.size());
}

TEST(DistinctCounter, SaysThatTheFolderCannotBeWrittenTo) {
  DistinctCounter counter(1, "/nowhere/at/all");
  for (int i = 0; i < 5'000; ++i) counter.add(hash128(std::to_string(i)));
  std::vector<DistinctCounter> one;
  one.push_back(std::move(counter));
  const auto distinct = DistinctCounter::count(one);
  ASSERT_FALSE(distinct);
  EXPECT_NE(distinct.error().where.find("/nowhere/at/all"), std::string::npos) << distinct.error().text();
}

}  // namespace
}  // namespace trailhound::run
