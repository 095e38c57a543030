#include "base/spill_sorter.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <random>

namespace trailhound {
namespace {

using Pair = std::pair<std::string, std::string>;

std::vector<Pair> drain(SpillSorter::Merged merged) {
  std::vector<Pair> out;
  while (true) {
    const auto item = merged.next();
    EXPECT_TRUE(item) << item.error().text();
    if (!item || !*item) return out;
    out.emplace_back((*item)->key, (*item)->payload);
  }
}

// Many equal keys, prefixes of one another, NULs and high bytes; now and then a large payload.
std::vector<Pair> random_pairs(std::mt19937& random, std::size_t count) {
  const auto bytes = [&](std::size_t most) {
    std::string out(random() % (most + 1), '\0');
    for (char& c : out) c = "ab\0\xFF"[random() % 4];
    return out;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < count; ++i) {
    pairs.emplace_back(bytes(random() % 2 == 0 ? 3 : 14), random() % 500 == 0 ? std::string(40'000, 'p') : bytes(3));
  }
  return pairs;
}

// memcmp's order: unlike std::string's it is the same whatever the sign of char.
bool before(const Pair& a, const Pair& b) {
  const auto less = [](const std::string& x, const std::string& y) {
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end(), [](char p, char q) {
      return static_cast<unsigned char>(p) < static_cast<unsigned char>(q);
    });
  };
  return less(a.first, b.first) || (a.first == b.first && less(a.second, b.second));
}

TEST(SpillSorter, SortsAsStdSortWhateverTheBudget) {
  std::mt19937 random(9);
  for (const std::size_t budget : {1ul, 100ul, 10'000ul, 100'000ul, 1'000'000ul, 100'000'000ul}) {
    std::vector<Pair> pairs = random_pairs(random, 5'000);
    SpillSorter sorter({budget, ""});
    for (const auto& [key, payload] : pairs) ASSERT_TRUE(sorter.add(key, payload));
    EXPECT_EQ(sorter.size(), pairs.size());
    EXPECT_EQ(sorter.bytes_spilled() > 0, budget < 1'000'000) << budget;
    auto merged = sorter.finish();
    ASSERT_TRUE(merged);
    std::sort(pairs.begin(), pairs.end(), before);
    ASSERT_EQ(drain(*std::move(merged)), pairs) << budget;
    EXPECT_EQ(sorter.size(), 0u);
  }
}

TEST(SpillSorter, MergesSortersThatSpilledAndSortersThatDidNot) {
  std::mt19937 random(10);
  std::vector<Pair> all;
  std::vector<SpillSorter> sorters;
  for (const std::size_t budget : {1ul, 20'000ul, 100'000'000ul, 100'000'000ul, 50'000ul}) {
    SpillSorter sorter({budget, ""});
    for (const auto& pair : random_pairs(random, 1'000)) {
      ASSERT_TRUE(sorter.add(pair.first, pair.second));
      all.push_back(pair);
    }
    sorters.push_back(std::move(sorter));
  }
  sorters.emplace_back(SpillSorter::Options{});  // nothing was added to it
  auto merged = SpillSorter::merge(std::move(sorters));
  ASSERT_TRUE(merged);
  std::sort(all.begin(), all.end(), before);
  EXPECT_EQ(drain(*std::move(merged)), all);
}

TEST(SpillSorter, SaysWhichSorterAnItemWasAddedTo) {
  std::mt19937 random(11);
  std::vector<SpillSorter> sorters;
  // The budgets make hundreds of runs, which are merged in passes, some, and none.
  for (const std::size_t budget : {1ul, 20'000ul, 100'000'000ul, 1ul}) {
    SpillSorter sorter({budget, ""});
    for (int i = 0; i < 400; ++i) {
      ASSERT_TRUE(sorter.add("key" + std::to_string(random() % 50), std::to_string(sorters.size())));
    }
    sorters.push_back(std::move(sorter));
  }
  auto pieces = SpillSorter::merge_in_pieces(std::move(sorters), 3, [](std::string_view key) { return key; });
  ASSERT_TRUE(pieces);
  std::size_t items = 0;
  for (SpillSorter::Merged& piece : *pieces) {
    for (auto item = piece.next(); item && *item; item = piece.next()) {
      EXPECT_EQ((*item)->payload, std::to_string((*item)->sorter));
      ++items;
    }
  }
  EXPECT_EQ(items, 1'600u);
}

std::vector<SpillSorter> sorters_with(const std::vector<Pair>& pairs, std::size_t count, std::size_t budget) {
  std::vector<SpillSorter> sorters;
  for (std::size_t i = 0; i < count; ++i) sorters.emplace_back(SpillSorter::Options{.budget = budget, .folder = {}});
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_TRUE(sorters[i % count].add(pairs[i].first, pairs[i].second));
  }
  return sorters;
}

std::string_view first_byte(std::string_view key) { return key.substr(0, 1); }
std::string_view whole(std::string_view key) { return key; }
std::string_view nothing(std::string_view) { return {}; }

TEST(SpillSorter, PiecesOneAfterTheOtherAreTheWhole) {
  std::mt19937 random(7);
  for (const std::size_t count : {0u, 1u, 2u, 50u, 3'000u}) {
    auto pairs = random_pairs(random, count);
    auto expected = pairs;
    std::ranges::sort(expected, before);
    for (const auto& head : {first_byte, whole, nothing}) {
      for (const std::size_t wanted : {1u, 2u, 5u, 40u}) {
        const std::size_t budget = random() % 2 == 0 ? 64u << 20 : 4'000;
        auto pieces = SpillSorter::merge_in_pieces(sorters_with(pairs, 3, budget), wanted, head);
        ASSERT_TRUE(pieces);
        EXPECT_GE(pieces->size(), 1u);
        EXPECT_LE(pieces->size(), wanted);
        std::vector<Pair> all;
        std::string last_head;
        for (auto& piece : *pieces) {
          const auto part = drain(std::move(piece));
          if (!part.empty() && !all.empty()) {
            EXPECT_NE(head(part.front().first), last_head) << "keys of one head were torn apart";
          }
          all.insert(all.end(), part.begin(), part.end());
          if (!all.empty()) last_head = head(all.back().first);
        }
        EXPECT_EQ(all, expected) << count << " items, " << wanted << " pieces";
      }
    }
  }
}

TEST(SpillSorter, PiecesAreOfAboutOneLengthWhereHeadsAllowIt) {
  std::vector<Pair> pairs;
  for (int i = 0; i < 10'000; ++i) pairs.emplace_back(std::to_string(100'000 + (i * 7919) % 10'000), "p");
  auto pieces = SpillSorter::merge_in_pieces(sorters_with(pairs, 3, 64u << 20), 5, whole);
  ASSERT_TRUE(pieces);
  ASSERT_EQ(pieces->size(), 5u);
  for (auto& piece : *pieces) {
    const auto size = drain(std::move(piece)).size();
    EXPECT_GT(size, 1'000u);
    EXPECT_LT(size, 4'000u);
  }
}

TEST(SpillSorter, OneHeadIsOnePiece) {
  std::vector<Pair> pairs;
  for (int i = 0; i < 100; ++i) pairs.emplace_back("k" + std::to_string(i), "p");
  auto pieces = SpillSorter::merge_in_pieces(sorters_with(pairs, 2, 64u << 20), 5, first_byte);
  ASSERT_TRUE(pieces);
  std::size_t filled = 0;
  for (auto& piece : *pieces) filled += drain(std::move(piece)).empty() ? 0 : 1;
  EXPECT_EQ(filled, 1u);
}

TEST(SpillSorter, WhatWasSpilledComesInPiecesToo) {
  std::mt19937 random(8);
  // Small runs, which have one place to begin at, and large ones, which have several; one sorter has not spilled.
  for (const auto& [payload, budget] : {std::pair(10, 4'000), std::pair(2'000, 1'500'000)}) {
    auto pairs = random_pairs(random, 4'000);
    for (Pair& pair : pairs) pair.second += std::string(static_cast<std::size_t>(payload), 'x');
    auto sorters = sorters_with(pairs, 2, static_cast<std::size_t>(budget));
    for (const SpillSorter& sorter : sorters) EXPECT_GT(sorter.bytes_spilled(), 0u);
    sorters.emplace_back(SpillSorter::Options{});
    for (int i = 0; i < 300; ++i) {
      pairs.emplace_back(std::to_string(i), "memory");
      ASSERT_TRUE(sorters.back().add(pairs.back().first, pairs.back().second));
    }
    std::ranges::sort(pairs, before);
    auto pieces = SpillSorter::merge_in_pieces(std::move(sorters), 6, whole);
    ASSERT_TRUE(pieces);
    std::vector<Pair> all;
    std::size_t filled = 0;
    for (auto& piece : *pieces) {
      const auto part = drain(std::move(piece));
      filled += part.empty() ? 0 : 1;
      all.insert(all.end(), part.begin(), part.end());
    }
    EXPECT_EQ(all, pairs);
    if (payload > 1'000) {
      EXPECT_GT(filled, 1u);
    }
  }
}

TEST(SpillSorter, EmptySortersGiveEmptyStreams) {
  SpillSorter sorter({1, ""});
  auto merged = sorter.finish();
  ASSERT_TRUE(merged);
  EXPECT_TRUE(drain(*std::move(merged)).empty());
  EXPECT_TRUE(drain(*SpillSorter::merge({})).empty());
}

TEST(SpillSorter, CanBeUsedAgainAfterFinish) {
  SpillSorter sorter({1, ""});
  ASSERT_TRUE(sorter.add("a", ""));
  ASSERT_TRUE(sorter.add("b", ""));
  EXPECT_EQ(drain(*sorter.finish()).size(), 2u);
  ASSERT_TRUE(sorter.add("c", ""));
  EXPECT_EQ(drain(*sorter.finish()), (std::vector<Pair>{{"c", ""}}));
}

TEST(SpillSorter, ItemsStayValidUntilTheNextCall) {
  SpillSorter sorter({1, ""});
  for (const char* key : {"b", "a", "c"}) ASSERT_TRUE(sorter.add(key, std::string(20'000, key[0])));
  auto merged = sorter.finish();
  for (const char* key : {"a", "b", "c"}) {
    const auto item = merged->next();
    ASSERT_TRUE(item && *item);
    EXPECT_EQ((*item)->key, key);
    EXPECT_EQ((*item)->payload, std::string(20'000, key[0]));
  }
}

TEST(SpillSorter, AMissingFolderIsAnErrorThatStays) {
  SpillSorter sorter({1, "/no/such/folder"});
  ASSERT_TRUE(sorter.add("a", "x"));
  const auto failed = sorter.add("b", "x");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().where, "/no/such/folder");
  EXPECT_FALSE(sorter.add("c", "x"));
  EXPECT_FALSE(sorter.finish());
}

// Stands in for a full disk: the kernel refuses to let any file grow beyond the limit.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST(SpillSorter, AFullDiskIsAnErrorThatStays) {
  SpillSorter sorter({100'000, ""});
  Status status;
  {
    const FileSizeLimit limit(300'000);
    for (int i = 0; i < 2'000 && status; ++i) status = sorter.add(std::to_string(i), std::string(1'000, 'x'));
  }
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().what.find("cannot write a temporary file"), std::string::npos) << status.error().text();
  EXPECT_FALSE(status.error().hint.empty());
  EXPECT_FALSE(sorter.add("later", ""));
  EXPECT_FALSE(sorter.finish());
}

TEST(SpillSorter, AFullDiskWhileMergingPassesIsAnError) {
  SpillSorter sorter({1, ""});  // a run a record: far more than are merged at once
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(sorter.add(std::to_string(i), std::string(1'000, 'x')));
  const FileSizeLimit limit(100'000);
  EXPECT_FALSE(sorter.finish());
}

TEST(SpillSorter, SpillsOnlyWhenTheBudgetAsksForIt) {
  SpillSorter sorter({1 << 20, ""});
  for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(sorter.add(std::to_string(i), std::string(50, 'x')));
  EXPECT_EQ(sorter.bytes_spilled(), 0u);  // 5000 * (4 + 50 + 8 + 16) bytes fit, the growing index included
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(sorter.add(std::to_string(i), std::string(50, 'x')));
  EXPECT_GT(sorter.bytes_spilled(), 500'000u);
}

}  // namespace
}  // namespace trailhound
