#include "run/in_parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace trailhound::run {
namespace {

TEST(InParallel, EveryJobIsDoneOnce) {
  for (const unsigned workers : {1u, 3u}) {
    std::vector<std::vector<std::size_t>> done(workers);
    ASSERT_TRUE(in_parallel(workers, 1'000, [&](unsigned worker, Jobs& jobs) -> Status {
      while (const auto job = jobs.next()) done[worker].push_back(*job);
      return {};
    }));
    std::vector<std::size_t> all;
    for (const auto& part : done) all.insert(all.end(), part.begin(), part.end());
    std::ranges::sort(all);
    std::vector<std::size_t> expected(1'000);
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    EXPECT_EQ(all, expected);
  }
}

TEST(InParallel, AFailureEndsTheWorkOfTheOthers) {
  const Status status = in_parallel(3, ~std::size_t{0} / 2, [&](unsigned worker, Jobs& jobs) -> Status {
    if (worker > 0) return fail("worker " + std::to_string(worker));
    while (jobs.next()) {  // without end, but for the others' failure
    }
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().what, "worker 1");
}

TEST(InParallel, ThereIsAWorkerAtLeastAndNoMoreThanJobs) {
  EXPECT_EQ(worker_count(4, 0), 1u);
  EXPECT_EQ(worker_count(4, 3), 3u);
  EXPECT_EQ(worker_count(4, 9), 4u);
  EXPECT_GE(worker_count(0, 9), 1u);
}

}  // namespace
}  // namespace trailhound::run
