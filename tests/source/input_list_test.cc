#include "source/input_list.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

namespace trailhound::source {
namespace {

std::vector<Input> random_inputs(std::mt19937& random, std::size_t count) {
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back({std::to_string(i) + std::string(random() % 300, 'p'), random(), random() % 50 > 0});
  }
  return inputs;
}

bool is_same(const Input& a, const Input& b) {
  return a.path == b.path && a.bytes == b.bytes && a.rereadable == b.rereadable && a.text == b.text;
}

TEST(InputList, GivesBackWhatWasAddedWhereverItLies) {
  std::mt19937 random(5);
  for (const std::size_t in_memory : {0u, 1u, 5'000u, 1'000'000u}) {
    for (const std::size_t count : {0u, 1u, 31u, 32u, 33u, 64u, 1'000u}) {
      const std::vector<Input> inputs = random_inputs(random, count);
      InputList list(in_memory);
      std::uint64_t bytes = 0;
      bool rereadable = true;
      for (const Input& input : inputs) {
        ASSERT_TRUE(list.add(input));
        bytes += input.bytes;
        rereadable &= input.rereadable;
      }
      ASSERT_EQ(list.size(), count);
      EXPECT_EQ(list.empty(), count == 0);
      EXPECT_EQ(list.bytes(), bytes);
      EXPECT_EQ(list.rereadable(), rereadable);
      for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(is_same(list.at(i).value(), inputs[i])) << i;
    }
  }
}

TEST(InputList, IsReadBySeveralThreads) {
  std::mt19937 random(6);
  const std::vector<Input> inputs = random_inputs(random, 500);
  InputList list(20'000);
  for (const Input& input : inputs) ASSERT_TRUE(list.add(input));
  std::vector<std::size_t> same(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t& count : same) {
      threads.emplace_back([&] {
        for (std::size_t i = 0; i < inputs.size(); ++i) count += is_same(list.at(i).value(), inputs[i]) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(same, std::vector<std::size_t>(4, inputs.size()));
}

}  // namespace
}  // namespace trailhound::source
