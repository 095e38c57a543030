#include "base/ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "base/json_value.h"

namespace trailhound {
namespace {

Ledger random_ledger(std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  Ledger ledger;
  for (unsigned i = below(4); i > 0; --i) {
    FileEntry file;
    file.path = std::string(1, static_cast<char>('a' + below(6)));
    file.outcome = static_cast<FileOutcome>(below(5));
    file.bytes = below(3);
    ledger.book(std::move(file));
  }
  ledger.records_seen = below(100);
  ledger.evaluated = below(100);
  ledger.duplicate = below(9);
  ledger.out_of_range = below(9);
  ledger.malformed = below(9);
  ledger.interrupted = below(4) == 0;
  ledger.unfinished_rules = below(4) == 0;
  for (unsigned i = below(4); i > 0; --i) {
    RuleEntry rule;
    rule.id = std::string(1, static_cast<char>('r' + i));
    rule.outcome = static_cast<RuleOutcome>(below(4));
    rule.reason = std::string(below(2), static_cast<char>('x' + below(2)));
    rule.nearest = std::string(below(2), static_cast<char>('x' + below(2)));
    rule.hits = below(5);
    rule.signals = below(5);
    ledger.rules.push_back(std::move(rule));
  }
  for (unsigned i = below(3); i > 0; --i) {
    const std::string sentences[] = {"one", "two; one", "three", "two; three"};
    ledger.notes[below(2) == 0 ? "k" : "l"] = sentences[below(4)];
  }
  return ledger;
}

FileEntry file_with(FileOutcome outcome, bool left_unread = false) {
  FileEntry file;
  file.outcome = outcome;
  file.left_unread = left_unread;
  return file;
}

std::string to_json(const Ledger& ledger) {
  std::string text;
  EXPECT_TRUE(write_json(ledger, [&](std::string_view piece) { text += piece; }));
  return text;
}

Ledger merged(Ledger a, const Ledger& b) {
  a.merge(b);
  return a;
}

TEST(Ledger, MergingIsAssociativeAndCommutative) {
  std::mt19937 random(8);
  for (int round = 0; round < 3'000; ++round) {
    const Ledger a = random_ledger(random);
    const Ledger b = random_ledger(random);
    const Ledger c = random_ledger(random);
    const std::string expected = to_json(merged(merged(a, b), c));
    ASSERT_EQ(to_json(merged(a, merged(b, c))), expected);
    ASSERT_EQ(to_json(merged(merged(c, a), b)), expected);
    ASSERT_EQ(to_json(merged(merged(b, a), c)), expected);
    ASSERT_EQ(to_json(merged(Ledger(), a)), to_json(a));
  }
}

TEST(Ledger, JsonHasTheAgreedForm) {
  Ledger ledger;
  ledger.listing = std::make_shared<FileListing>();
  FileEntry file;
  file.path = "b.json";
  file.form = "json lines";
  file.outcome = FileOutcome::partly;
  file.reason = "damaged";
  file.bytes = 10;
  file.records = 2;
  file.damage(7, "not JSON");
  ledger.book(std::move(file));
  FileEntry whole;
  whole.path = "a.json";
  ledger.book(std::move(whole));
  ledger.records_seen = 2;
  ledger.evaluated = 2;
  RuleEntry rule;
  rule.id = "r";
  rule.name = "Rule";
  rule.outcome = RuleOutcome::cannot_fire;
  rule.reason = "why";
  ledger.rules.push_back(rule);
  ledger.notes["open_windows"] = "2 windows still open";
  EXPECT_EQ(
      to_json(ledger),
      R"({"records":{"seen":2,"evaluated":2,"duplicate":0,"out_of_range":0,"malformed":0},)"
      R"("files":{"seen":2,"read":1,"partly":1,"set_aside":0,"not_read":0,"unreadable":0,"list":[)"
      R"({"path":"a.json","form":"","outcome":"read","reason":"","bytes":0,"records":0,"malformed":0,)"
      R"("left_unread":false,"damage_count":0,"damages":[]},)"
      R"({"path":"b.json","form":"json lines","outcome":"partly","reason":"damaged","bytes":10,"records":2,)"
      R"("malformed":0,"left_unread":false,"damage_count":1,"damages":[{"offset":7,"reason":"not JSON"}]}]},)"
      R"("rules":[{"id":"r","name":"Rule","path":"","outcome":"cannot_fire","reason":"why","nearest":"",)"
      R"("hits":0,"signals":0}],"notes":{"open_windows":"2 windows still open"},"interrupted":false,"unfinished_rules":false})");
}

TEST(Ledger, DamagesAreCountedExactlyAndKeptUpToABound) {
  FileEntry file;
  for (std::uint64_t i = 0; i < 100; ++i) file.damage(i, "x");
  EXPECT_EQ(file.damage_count, 100u);
  ASSERT_EQ(file.damages.size(), FileEntry::kDamagesKept);
  EXPECT_EQ(file.damages.back().offset, FileEntry::kDamagesKept - 1);
}

TEST(Ledger, LossesAreWhatWasNotRead) {
  for (const auto outcome : {FileOutcome::partly, FileOutcome::not_read, FileOutcome::unreadable}) {
    Ledger ledger;
    ledger.book(file_with(outcome));
    EXPECT_TRUE(ledger.has_losses()) << name_of(outcome);
  }
  Ledger ledger;
  ledger.book(file_with(FileOutcome::set_aside));
  ledger.duplicate = 5;
  ledger.out_of_range = 5;
  EXPECT_FALSE(ledger.has_losses());
  ledger.malformed = 1;
  EXPECT_TRUE(ledger.has_losses());
}

TEST(Ledger, IsCompleteUnlessEventsMayHaveBeenLeftUnread) {
  Ledger ledger;
  ledger.malformed = 1;
  ledger.book(file_with(FileOutcome::partly));      // a bad record in a file that was read to its end
  ledger.book(file_with(FileOutcome::unreadable));  // a README
  ledger.book(file_with(FileOutcome::set_aside));
  EXPECT_TRUE(ledger.is_complete());
  for (const auto outcome : {FileOutcome::partly, FileOutcome::unreadable}) {
    Ledger cut = ledger;
    cut.book(file_with(outcome, true));
    EXPECT_FALSE(cut.is_complete());
  }
  Ledger parquet = ledger;
  parquet.book(file_with(FileOutcome::not_read));
  EXPECT_FALSE(parquet.is_complete());
  Ledger unfinished = ledger;
  unfinished.unfinished_rules = true;
  EXPECT_FALSE(unfinished.is_complete());
  EXPECT_TRUE(unfinished.has_losses());
  ledger.interrupted = true;
  EXPECT_FALSE(ledger.is_complete());
}

TEST(Ledger, TellsOfSomeFilesAndCountsAll) {
  // The greatest losses come first; which files are told does not depend on the order in which they came.
  const auto file_number = [](int number) {
    FileEntry file = file_with(FileOutcome::read);
    if (number % 3 == 0) file.outcome = FileOutcome::set_aside;
    if (number % 3 == 0) file.reason = number % 6 == 0 ? "digest" : "empty";
    if (number % 5 == 1) file.outcome = FileOutcome::partly;
    if (number % 500 == 2) file.outcome = FileOutcome::unreadable;
    if (number == 2'999) file = file_with(FileOutcome::partly, true);
    file.path = std::to_string(10'000 + number);
    return file;
  };
  std::mt19937 random(3);
  std::vector<std::string> told;
  for (int round = 0; round < 3; ++round) {
    std::vector<int> numbers(3'000);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::ranges::shuffle(numbers, random);
    std::vector<Ledger> parts(3);
    for (const int number : numbers) parts[random() % parts.size()].book(file_number(number));
    const Ledger ledger = merged(merged(parts[0], parts[1]), parts[2]);
    EXPECT_EQ(ledger.file_counts.all(), 3'000u);
    EXPECT_EQ(ledger.file_counts.of(FileOutcome::partly), 601u);
    EXPECT_EQ(ledger.file_counts.of(FileOutcome::unreadable), 6u);
    EXPECT_EQ(ledger.file_counts.lost(), 607u);
    EXPECT_EQ(ledger.file_counts.left_unread, 1u);
    const std::uint64_t digests = ledger.file_counts.set_aside.at("digest");
    EXPECT_EQ(digests + ledger.file_counts.set_aside.at("empty"), ledger.file_counts.of(FileOutcome::set_aside));
    std::vector<std::string> paths;
    for (const FileEntry* file : ledger.files_in_order()) paths.push_back(file->path);
    ASSERT_EQ(paths.size(), Ledger::kFilesTold);
    EXPECT_EQ(paths[0], "12999");
    EXPECT_EQ(paths[1], "10002");
    EXPECT_EQ(paths[6], "12502");
    EXPECT_EQ(paths[7], "10001");  // in part
    EXPECT_EQ(paths[606], "12996");
    EXPECT_EQ(paths[607], "10000");  // set aside
    if (round == 0) told = paths;
    EXPECT_EQ(paths, told);
  }
}

}  // namespace
}  // namespace trailhound
